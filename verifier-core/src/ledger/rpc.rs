//! Answers of CometBFT's v0.38 JSON-RPC, read from bytes: a size cap first, then JSON, then types.
//!
//! An answer is what a node claims. Nothing in it is true before it is checked against a trusted header. Fields that are not
//! listed here are ignored, for nodes differ in what they add; what is listed must be there and well-formed.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tendermint::block::Header;
use tendermint::block::signed_header::SignedHeader;
use tendermint::{Block, Hash as TendermintHash, Time, block, chain, validator};
use tendermint_proto::serializers::from_str;

use crate::Height;

use super::genesis::Genesis;
use super::merkle::TxResult;

/// Why bytes are not an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RpcError {
    #[error("an answer to {route} of {actual} bytes is larger than the {limit} allowed")]
    TooLarge {
        route: &'static str,
        actual: usize,
        limit: usize,
    },
    #[error("the answer to {route} is not JSON: {reason}")]
    NotJson { route: &'static str, reason: String },
    #[error("the node answers {route} with error {code}: {message}")]
    Refused {
        route: &'static str,
        code: i64,
        message: String,
    },
    #[error("the answer to {route} has neither a result nor an error")]
    NoResult { route: &'static str },
    #[error("the answer to {route} is malformed: {reason}")]
    Malformed { route: &'static str, reason: String },
}

/// The result of one route.
///
/// The cap is on the whole answer, and checked before anything is read.
pub trait Route: DeserializeOwned {
    /// The route's name.
    const ROUTE: &'static str;
    /// Cap on the whole answer, in bytes of JSON.
    const LIMIT: usize;
}

/// Reads a whole JSON-RPC answer: `{"jsonrpc": …, "id": …, "result": …}` or `{…, "error": …}`.
///
/// # Errors
/// If it is too large, not JSON, an error, or not this route's result.
pub fn decode_answer<R: Route>(bytes: &[u8]) -> Result<R, RpcError> {
    match decode::<R, Envelope<R>>(bytes)? {
        Envelope {
            error: Some(error), ..
        } => Err(RpcError::Refused {
            route: R::ROUTE,
            code: error.code,
            message: error.describe(),
        }),
        Envelope {
            result: Some(result),
            ..
        } => Ok(result),
        _ => Err(RpcError::NoResult { route: R::ROUTE }),
    }
}

/// Reads the `result` object alone, as an exported ledger keeps it.
///
/// # Errors
/// If it is too large, not JSON, or not this route's result.
pub fn decode_result<R: Route>(bytes: &[u8]) -> Result<R, RpcError> {
    decode::<R, R>(bytes)
}

/// Reads a `T` that is, or wraps, the result of `R`'s route.
fn decode<R: Route, T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RpcError> {
    let route = R::ROUTE;
    if bytes.len() > R::LIMIT {
        return Err(RpcError::TooLarge {
            route,
            actual: bytes.len(),
            limit: R::LIMIT,
        });
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let reason = error.to_string();
        if error.is_data() {
            RpcError::Malformed { route, reason }
        } else {
            RpcError::NotJson { route, reason }
        }
    })
}

#[derive(Deserialize)]
#[serde(bound = "R: Route")]
struct Envelope<R> {
    result: Option<R>,
    error: Option<ErrorObject>,
}

#[derive(Deserialize)]
struct ErrorObject {
    code: i64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    data: Value,
}

impl ErrorObject {
    /// The message, and the details that CometBFT puts beside it.
    fn describe(self) -> String {
        match self.data {
            Value::String(data) => format!("{}: {data}", self.message),
            _ => self.message,
        }
    }
}

/// `/status`: which chain a node serves, and how far.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RawStatus")]
pub struct Status {
    /// The chain that the node says it is on.
    pub chain_id: chain::Id,
    /// The name that the node gives itself.
    pub moniker: String,
    /// Height of the oldest block that it serves.
    pub earliest_height: Height,
    /// Height of its newest block.
    pub latest_height: Height,
    /// Header hash of its newest block.
    pub latest_hash: TendermintHash,
    /// Time of its newest block.
    pub latest_time: Time,
    /// Whether it is still fetching older blocks.
    pub catching_up: bool,
}

impl Route for Status {
    const ROUTE: &'static str = "status";
    const LIMIT: usize = 256 << 10;
}

#[derive(Deserialize)]
struct RawStatus {
    node_info: RawNodeInfo,
    sync_info: RawSyncInfo,
}

#[derive(Deserialize)]
struct RawNodeInfo {
    network: chain::Id,
    #[serde(default)]
    moniker: String,
}

#[derive(Deserialize)]
struct RawSyncInfo {
    earliest_block_height: block::Height,
    latest_block_height: block::Height,
    #[serde(with = "tendermint::hash::allow_empty")]
    latest_block_hash: TendermintHash,
    #[serde(with = "tendermint::serializers::time")]
    latest_block_time: Time,
    catching_up: bool,
}

impl From<RawStatus> for Status {
    fn from(raw: RawStatus) -> Self {
        Self {
            chain_id: raw.node_info.network,
            moniker: raw.node_info.moniker,
            earliest_height: raw.sync_info.earliest_block_height.value(),
            latest_height: raw.sync_info.latest_block_height.value(),
            latest_hash: raw.sync_info.latest_block_hash,
            latest_time: raw.sync_info.latest_block_time,
            catching_up: raw.sync_info.catching_up,
        }
    }
}

/// `/genesis`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawGenesisAnswer")]
pub struct GenesisAnswer {
    /// What the ledger starts from.
    pub genesis: Genesis,
}

impl Route for GenesisAnswer {
    const ROUTE: &'static str = "genesis";
    const LIMIT: usize = 1 << 20;
}

#[derive(Deserialize)]
struct RawGenesisAnswer {
    genesis: RawGenesis,
}

#[derive(Deserialize)]
struct RawGenesis {
    chain_id: chain::Id,
    #[serde(with = "tendermint::serializers::time")]
    genesis_time: Time,
    #[serde(with = "from_str")]
    initial_height: u64,
    #[serde(default)]
    validators: Vec<validator::Info>,
    #[serde(default)]
    app_state: Value,
}

impl TryFrom<RawGenesisAnswer> for GenesisAnswer {
    type Error = super::ValidatorSetError;

    fn try_from(RawGenesisAnswer { genesis: raw }: RawGenesisAnswer) -> Result<Self, Self::Error> {
        let app_state = match raw.app_state {
            Value::Null => Vec::new(),
            Value::String(text) => text.into_bytes(),
            other => other.to_string().into_bytes(),
        };
        Ok(Self {
            genesis: Genesis::new(
                raw.chain_id,
                raw.genesis_time,
                raw.initial_height,
                raw.validators,
                app_state,
            )?,
        })
    }
}

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

/// `/validators?height=&page=&per_page=`: one page of a validator set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ValidatorsPage {
    /// The height of the set.
    pub block_height: block::Height,
    /// The validators of this page.
    pub validators: Vec<validator::Info>,
    /// The number of validators on all pages.
    #[serde(with = "from_str")]
    pub total: usize,
}

impl Route for ValidatorsPage {
    const ROUTE: &'static str = "validators";
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

/// `/block?height=`: a whole block; `block.data` holds the raw transactions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BlockAnswer {
    /// The hash that the node gives for the header.
    pub block_id: block::Id,
    /// Header, transactions, evidence and the previous block's commit.
    pub block: Block,
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
    #[serde(default, deserialize_with = "base64")]
    data: Vec<u8>,
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
            data: raw.data,
            gas_wanted: raw.gas_wanted,
            gas_used: raw.gas_used,
        }
    }
}

/// `/abci_query?path=&data=&height=&prove=true`: a value in the state, or its absence, with the proof.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RawQuery")]
pub struct StateQuery {
    /// 0 if the node answered the query.
    pub code: u32,
    /// The height of the state; its root is in the header of the height after it.
    pub height: Height,
    /// The key.
    pub key: Vec<u8>,
    /// The value; empty if there is none.
    pub value: Vec<u8>,
    /// Type and data of each operation of the proof.
    pub proof_ops: Vec<(String, Vec<u8>)>,
    /// What the node says about it.
    pub log: String,
}

impl StateQuery {
    /// The proof for [`super::verify_state`], if there is exactly one operation, of type [`super::STATE_PROOF_TYPE`].
    pub fn proof(&self) -> Option<&[u8]> {
        match self.proof_ops.as_slice() {
            [(kind, data)] if kind == super::STATE_PROOF_TYPE => Some(data),
            _ => None,
        }
    }
}

impl Route for StateQuery {
    const ROUTE: &'static str = "abci_query";
    const LIMIT: usize = 1 << 20;
}

#[derive(Deserialize)]
struct RawQuery {
    response: RawQueryResponse,
}

#[derive(Deserialize)]
struct RawQueryResponse {
    #[serde(default)]
    code: u32,
    #[serde(with = "from_str")]
    height: u64,
    #[serde(default, deserialize_with = "base64")]
    key: Vec<u8>,
    #[serde(default, deserialize_with = "base64")]
    value: Vec<u8>,
    #[serde(default, rename = "proofOps")]
    proof_ops: Option<RawProofOps>,
    #[serde(default)]
    log: String,
}

#[derive(Deserialize)]
struct RawProofOps {
    ops: Vec<RawProofOp>,
}

#[derive(Deserialize)]
struct RawProofOp {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "base64")]
    data: Vec<u8>,
}

impl From<RawQuery> for StateQuery {
    fn from(RawQuery { response: raw }: RawQuery) -> Self {
        let ops = raw.proof_ops.map(|proof| proof.ops).unwrap_or_default();
        Self {
            code: raw.code,
            height: raw.height,
            key: raw.key,
            value: raw.value,
            proof_ops: ops.into_iter().map(|op| (op.kind, op.data)).collect(),
            log: raw.log,
        }
    }
}

/// Canonical base64, with `null` for no bytes.
fn base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
    data_encoding::BASE64
        .decode(text.as_bytes())
        .map_err(serde::de::Error::custom)
}
