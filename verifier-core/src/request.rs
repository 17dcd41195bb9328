//! Requests: what a verification needs next. The crate fetches nothing; whoever drives it carries a request to a source and the bytes back.

use crate::archive::{
    ARCHIVE_INDEX_FILE, ARCHIVE_INDEX_LIMIT, ARCHIVE_PATH, BUNDLE_LIMIT, bundle_file, hints_file,
};
use crate::finding::SourceFault;
use crate::ids::{Height, MunicipalityIndex};
use crate::ledger::rpc::{
    BlockAnswer, BlockResults, Blockchain, CommitAnswer, GenesisAnswer, Route, StateQuery, Status,
};
use borsh::{BorshDeserialize, BorshSerialize};

/// CometBFT answers at most this many headers at once.
pub const HEADERS_PER_REQUEST: u64 = 20;

/// One question to a municipality's node, or to a folder that holds its answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub enum Request {
    Status,
    Genesis,
    /// Signed header.
    Commit(Height),
    /// Block headers `from..=to`, at most [`HEADERS_PER_REQUEST`].
    Headers {
        from: Height,
        to: Height,
    },
    Block(Height),
    BlockResults(Height),
    /// A key of the application's state after block `height`, with proof.
    State {
        key: String,
        height: Height,
    },
    /// The addresses of one batch.
    Batch {
        municipality: MunicipalityIndex,
        batch: u16,
    },
    /// The spent table of one batch after block `height`.
    Spent {
        municipality: MunicipalityIndex,
        batch: u16,
        height: Height,
    },
    /// The totals that the source claims.
    Totals,
    /// Which bundles the source's archive has.
    ArchiveIndex,
    /// A bundle of the source's archive.
    Bundle(u32),
    /// The hints beside a bundle.
    Hints(u32),
    /// The spoiled ballots of one batch after block `height`.
    Spoiled {
        municipality: MunicipalityIndex,
        batch: u16,
        height: Height,
    },
}

/// What a source answered: bytes, or why there are none.
pub type Answer = Result<Vec<u8>, SourceFault>;

impl Request {
    /// The route and query on a node, beginning with a slash. Heights are CometBFT's; nothing in it names an asset or a tracking code.
    pub fn path(&self) -> String {
        match self {
            Self::Status => "/status".into(),
            Self::Genesis => "/genesis".into(),
            Self::Commit(height) => format!("/commit?height={height}"),
            Self::Headers { from, to } => format!("/blockchain?minHeight={from}&maxHeight={to}"),
            Self::Block(height) => format!("/block?height={height}"),
            Self::BlockResults(height) => format!("/block_results?height={height}"),
            Self::State { key, height } => query("/store", key.as_bytes(), *height, true),
            Self::Batch {
                municipality,
                batch,
            } => query("/batch", &batch_key(*municipality, *batch), 0, false),
            Self::Spent {
                municipality,
                batch,
                height,
            } => query("/spent", &batch_key(*municipality, *batch), *height, false),
            Self::Spoiled {
                municipality,
                batch,
                height,
            } => query(
                "/spoiled",
                &batch_key(*municipality, *batch),
                *height,
                false,
            ),
            Self::Totals => query("/totals", &[], 0, false),
            Self::ArchiveIndex => format!("{ARCHIVE_PATH}{ARCHIVE_INDEX_FILE}"),
            Self::Bundle(number) => format!("{ARCHIVE_PATH}{}", bundle_file(*number)),
            Self::Hints(number) => format!("{ARCHIVE_PATH}{}", hints_file(*number)),
        }
    }

    /// An answer with more bytes than this is refused unread.
    pub fn answer_limit(&self) -> usize {
        match self {
            Self::Status => Status::LIMIT,
            Self::Genesis => GenesisAnswer::LIMIT,
            Self::Commit(_) => CommitAnswer::LIMIT,
            Self::Headers { .. } => Blockchain::LIMIT,
            Self::Block(_) => BlockAnswer::LIMIT,
            Self::BlockResults(_) => BlockResults::LIMIT,
            Self::State { .. }
            | Self::Batch { .. }
            | Self::Spent { .. }
            | Self::Spoiled { .. }
            | Self::Totals => StateQuery::LIMIT,
            Self::ArchiveIndex => ARCHIVE_INDEX_LIMIT,
            Self::Bundle(_) | Self::Hints(_) => BUNDLE_LIMIT,
        }
    }
}

/// Little-endian municipality and batch.
fn batch_key(municipality: MunicipalityIndex, batch: u16) -> Vec<u8> {
    [municipality.to_le_bytes(), batch.to_le_bytes()].concat()
}

fn query(path: &str, data: &[u8], height: Height, prove: bool) -> String {
    let data = hex::encode(data);
    format!("/abci_query?path=\"{path}\"&data=0x{data}&height={height}&prove={prove}")
}
