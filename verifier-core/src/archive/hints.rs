//! Hints: a file beside a bundle, with what makes decompression of its points fast.
//!
//! ```text
//! borsh(version u8 = 1, list of list of [u8; 32])
//! ```
//!
//! one inner list for every Cast transaction of the bundle, in order. Hints may be wrong: no verdict depends on them.

use super::reader::Reader;
use super::{ArchiveError, BUNDLE_LIMIT};
use crate::ballot::decompression_hints;
use crate::curve::Hint;
use crate::encoding;
use crate::transaction::{Action, Transaction};

const VERSION: u8 = 1;

/// The hints of a bundle's ballots. They stay where the source put them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hints<'a> {
    /// For each Cast transaction of the bundle, in order, the hints of its points as [`crate::check_batch_with_hints`] takes them.
    pub ballots: Vec<&'a [Hint]>,
}

impl<'a> Hints<'a> {
    /// Decodes a file of hints without copying them.
    ///
    /// # Errors
    /// If the bytes are not such a file. That they are says nothing of whether the hints help.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, ArchiveError> {
        let mut reader = Reader::new(bytes, BUNDLE_LIMIT, VERSION)?;
        let ballots = (0..reader.count()?).map(|_| {
            let length = reader.number()?.saturating_mul(size_of::<Hint>());
            Ok(reader.take(length)?.as_chunks().0)
        });
        let ballots = ballots.collect::<Result<_, _>>()?;
        reader.finish()?;
        Ok(Self { ballots })
    }
}

/// The hints of a raw transaction; `None` if it is not a Cast, and has no place in a file of hints.
pub fn cast_hints(transaction: &[u8]) -> Option<Vec<Hint>> {
    let transaction = Transaction::decode(transaction).ok()?;
    matches!(transaction.body.action, Action::Cast(_)).then(|| decompression_hints(&transaction))
}

/// The file for a bundle whose Cast transactions have these hints, in their order.
pub fn encode_hints(ballots: &Vec<Vec<Hint>>) -> Vec<u8> {
    encoding::encode(&(VERSION, ballots))
}
