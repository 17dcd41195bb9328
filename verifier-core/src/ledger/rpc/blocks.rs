//! Answers about blocks: headers, commits, transactions and their outcomes.

use serde::Deserialize;
use tendermint::block::signed_header::SignedHeader;
use tendermint::block::{self, Commit, Header};
use tendermint_proto::serializers::from_str;

use crate::Height;
use crate::ledger::TxResult;

use super::{Base64, Route};

/// `/commit?height=`: a header with the commit that fixes it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CommitAnswer {
    /// The header and its commit.
    pub signed_header: SignedHeader,
    /// Whether the commit is the one that the next block carries.
    pub canonical: bool,
}

impl Route for CommitAnswer {
    const ROUTE: &'static str = "commit";
    const LIMIT: usize = 1 << 20;
}

/// `/blockchain?minHeight=&maxHeight=`: up to twenty headers, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Blockchain {
    /// The node's newest height.
    #[serde(with = "from_str")]
    pub last_height: Height,
    /// The headers.
    pub block_metas: Vec<BlockMeta>,
}

impl Route for Blockchain {
    const ROUTE: &'static str = "blockchain";
    const LIMIT: usize = 1 << 20;
}

/// A header, and what the node says about its block.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BlockMeta {
    /// The hash that the node gives for the header.
    pub block_id: block::Id,
    /// The header.
    pub header: Header,
    /// The block's size in bytes.
    #[serde(with = "from_str")]
    pub block_size: u64,
    /// The number of its transactions.
    #[serde(with = "from_str")]
    pub num_txs: u64,
}

/// `/block?height=`: a whole block.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BlockAnswer {
    /// The hash that the node gives for the header.
    pub block_id: block::Id,
    /// The block.
    pub block: Block,
}

/// A block, but for its evidence, on which nothing in an election rests.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RawBlock")]
pub struct Block {
    /// The header.
    pub header: Header,
    /// The raw transactions, in their order.
    pub data: Vec<Vec<u8>>,
    /// The commit of the block before; `None` in the first block.
    pub last_commit: Option<Commit>,
}

#[derive(Deserialize)]
struct RawBlock {
    header: Header,
    data: RawData,
    last_commit: Option<Commit>,
}

#[derive(Deserialize)]
struct RawData {
    txs: Option<Vec<Base64>>,
}

impl From<RawBlock> for Block {
    fn from(raw: RawBlock) -> Self {
        let transactions = raw.data.txs.unwrap_or_default();
        Self {
            header: raw.header,
            data: transactions.into_iter().map(|bytes| bytes.0).collect(),
            // CometBFT gives the first block an empty commit of height 0.
            last_commit: raw.last_commit.filter(|c| *c != Commit::default()),
        }
    }
}

impl Route for BlockAnswer {
    const ROUTE: &'static str = "block";
    const LIMIT: usize = 64 << 20;
}

/// `/block_results?height=`: the outcomes of a block's transactions, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RawBlockResults")]
pub struct BlockResults {
    /// The block's height.
    pub height: Height,
    /// One outcome for each transaction.
    pub results: Vec<TxResult>,
}

impl Route for BlockResults {
    const ROUTE: &'static str = "block_results";
    const LIMIT: usize = 16 << 20;
}

#[derive(Deserialize)]
struct RawBlockResults {
    height: block::Height,
    txs_results: Option<Vec<RawTxResult>>,
}

#[derive(Deserialize)]
struct RawTxResult {
    #[serde(default)]
    code: u32,
    #[serde(default)]
    data: Base64,
    #[serde(default, with = "from_str")]
    gas_wanted: i64,
    #[serde(default, with = "from_str")]
    gas_used: i64,
}

impl From<RawBlockResults> for BlockResults {
    fn from(raw: RawBlockResults) -> Self {
        let results = raw.txs_results.unwrap_or_default();
        Self {
            height: raw.height.value(),
            results: results.into_iter().map(TxResult::from).collect(),
        }
    }
}

impl From<RawTxResult> for TxResult {
    fn from(raw: RawTxResult) -> Self {
        Self {
            code: raw.code,
            data: raw.data.0,
            gas_wanted: raw.gas_wanted,
            gas_used: raw.gas_used,
        }
    }
}
