//! What can be wrong with a file of an archive. All of it is the source's fault.

use crate::finding::SourceFault;
use crate::ids::Height;

/// Why bytes are not the archive's file that they should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    #[error("{actual} bytes are more than the {limit} allowed")]
    TooLarge { actual: usize, limit: usize },
    #[error("version {actual} is not version {expected}")]
    UnknownVersion { actual: u8, expected: u8 },
    #[error("it ends too early: byte {at} is followed by fewer than {needed} more")]
    Cut { at: usize, needed: usize },
    #[error("{count} bytes are left over")]
    Trailing { count: usize },
    #[error("{actual} blocks are not between 1 and {limit}")]
    BlockCount { actual: usize, limit: usize },
    #[error("the signed header after height {after} cannot be read: {reason}")]
    Header { after: Height, reason: String },
    #[error("the header at {actual} stands where that at {expected} belongs")]
    HeaderOrder { actual: Height, expected: Height },
    #[error("outcome {position} of block {height} is not in its canonical encoding")]
    Outcome { height: Height, position: usize },
    #[error("the index cannot be read: {0}")]
    Index(String),
    #[error("the index's bundle {number} is impossible: {reason}")]
    Entry { number: usize, reason: &'static str },
    #[error("its SHA-256 or size is not that of the index")]
    OtherBytes,
}

impl From<ArchiveError> for SourceFault {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::TooLarge { limit, .. } => Self::TooLarge { limit },
            error => Self::Malformed(error.to_string()),
        }
    }
}
