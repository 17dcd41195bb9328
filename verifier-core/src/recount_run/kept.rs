//! What is kept of a recount between visits, and what ranges of different machines are put together from: records, one after another.
//!
//! ```text
//! record: length u32 ‖ SHA-256 of the bytes ‖ bytes        bytes: borsh of a Record
//! ```
//!
//! They are the holder's own: nothing in them is authenticated again. The hashes tell a torn or damaged record, not a forged one.

use crate::encoding;
use crate::ids::{Hash, Height};
use crate::recount::{STATE_LIMIT, State, StateError};
use borsh::{BorshDeserialize, BorshSerialize};

const LENGTH: usize = 4;
const HASH: usize = 32;

#[derive(BorshSerialize, BorshDeserialize)]
pub(super) enum Record {
    /// A node's answer.
    Genesis(Vec<u8>),
    /// The facts of a span that follows those of the records before.
    Span(Box<State>),
    /// The totals that the source claims: JSON.
    Totals(Vec<u8>),
}

impl Record {
    pub fn decode(bytes: &[u8]) -> Result<Self, StateError> {
        Ok(encoding::decode(bytes, STATE_LIMIT)?)
    }

    pub fn encode(&self) -> Vec<u8> {
        encoding::encode(self)
    }
}

/// A record as it is appended to a file.
pub fn frame_record(record: &[u8]) -> Vec<u8> {
    let length = u32::try_from(record.len()).unwrap_or(u32::MAX);
    let hash = Hash::of(record);
    [&length.to_le_bytes(), hash.as_bytes().as_slice(), record].concat()
}

/// The records of a file up to the first that is torn or damaged, and the number of bytes that they take.
pub fn framed_records(file: &[u8]) -> (Vec<&[u8]>, usize) {
    let mut records = Vec::new();
    let mut rest = file;
    while let Some((record, after)) = first_record(rest) {
        records.push(record);
        rest = after;
    }
    (records, file.len().saturating_sub(rest.len()))
}

fn first_record(file: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = file.split_first_chunk::<LENGTH>()?;
    let (hash, rest) = rest.split_first_chunk::<HASH>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (record, rest) = rest.split_at_checked(length)?;
    (Hash::of(record).as_bytes() == hash).then_some((record, rest))
}

/// The first height that a record is about; nothing for one that is about none.
pub fn record_begins_at(record: &[u8]) -> Option<Height> {
    match Record::decode(record) {
        Ok(Record::Span(state)) => state.first(),
        _ => None,
    }
}
