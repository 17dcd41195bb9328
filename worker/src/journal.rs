//! What a browser keeps of a recount: a head, then one entry for each record of the run, each with its length and SHA-256. The hashes
//! tell what was torn; whoever can write here could as well change the page.

use borsh::{BorshDeserialize, BorshSerialize};
use verifier_core::{Hash, Seconds, frame_record, framed_records};

/// Length and SHA-256 before every entry.
pub const FRAME: usize = 36;

/// Whose progress it is.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Head {
    /// Fingerprint of the trust card.
    pub card: Hash,
    /// The name of the module that checked, which changes with its content.
    pub module: String,
}

/// A record of the run, and when it was made.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Entry {
    pub at: Seconds,
    pub record: Vec<u8>,
}

/// An entry or head as it is appended.
pub fn framed(value: &impl BorshSerialize) -> Vec<u8> {
    frame_record(&borsh::to_vec(value).unwrap_or_default())
}

/// The bytes after a frame's 36; `None` if these are not so many.
pub fn length(frame: &[u8]) -> Option<usize> {
    let (length, _) = frame.split_first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*length)).ok()
}

/// What a whole frame holds; `None` if it was torn or damaged.
pub fn read<T: BorshDeserialize>(framed: &[u8]) -> Option<T> {
    let (records, taken) = framed_records(framed);
    match records.as_slice() {
        [record] if taken == framed.len() => borsh::from_slice(record).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_back_and_no_torn_or_damaged_one() {
        let entry = Entry {
            at: 1_800_000_000,
            record: vec![7; 50],
        };
        let bytes = framed(&entry);
        assert_eq!(length(&bytes), Some(bytes.len() - FRAME));
        assert_eq!(read::<Entry>(&bytes), Some(entry));
        for end in 0..bytes.len() {
            assert_eq!(read::<Entry>(&bytes[..end]), None);
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(read::<Entry>(&damaged), None);
        }
    }
}
