//! Writing bundles: one block after another, cut where the archive's rule says.

use super::bundle::{VERSION, encode_header};
use super::{ArchiveError, BUNDLE_BLOCKS, BUNDLE_LIMIT};
use crate::encoding;
use crate::ids::Height;
use crate::ledger::TxResult;
use crate::transaction::{Action, Transaction};
use tendermint::block::signed_header::SignedHeader;

/// A bundle with ballots takes no block that brings it above so many.
const BALLOTS: u32 = 4_096;
/// A bundle takes no block that brings it above so many bytes.
const BYTES: usize = 4 << 20;
/// Version and number of blocks stand before the first block.
const PREFIX: usize = 5;

/// A block ready to go into a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedBlock {
    height: Height,
    ballots: u32,
    bytes: Vec<u8>,
}

/// A bundle in the making.
#[derive(Clone, Debug)]
pub struct BundleWriter {
    after_ballots: bool,
    first: Option<Height>,
    last: Height,
    blocks: u32,
    ballots: u32,
    bytes: Vec<u8>,
}

impl ArchivedBlock {
    /// Encodes a block and counts its ballots.
    pub fn new<T: AsRef<[u8]>>(
        header: &SignedHeader,
        transactions: &[T],
        results: &[TxResult],
    ) -> Self {
        let mut bytes = encoding::encode(&encode_header(header));
        put_list(&mut bytes, transactions.iter().map(AsRef::as_ref));
        let leaves: Vec<Vec<u8>> = results.iter().map(TxResult::encode).collect();
        put_list(&mut bytes, leaves.iter().map(Vec::as_slice));
        let casts = transactions.iter().filter(|bytes| is_cast(bytes.as_ref()));
        Self {
            height: header.header.height.value(),
            ballots: u32::try_from(casts.count()).unwrap_or(u32::MAX),
            bytes,
        }
    }

    /// How many of its transactions are Casts, whatever became of them.
    pub fn ballots(&self) -> u32 {
        self.ballots
    }
}

impl BundleWriter {
    /// An empty bundle. `after_ballots` says whether bundles before it hold ballots.
    pub fn new(after_ballots: bool) -> Self {
        Self {
            after_ballots,
            first: None,
            last: 0,
            blocks: 0,
            ballots: 0,
            bytes: [&[VERSION][..], &0u32.to_le_bytes()].concat(),
        }
    }

    /// Whether the next block belongs into this bundle. A block is never split; the ledger's first ballots begin a bundle.
    pub fn takes(&self, block: &ArchivedBlock) -> bool {
        if self.first.is_none() {
            return true;
        }
        let first_ballots = !self.after_ballots && self.ballots == 0 && block.ballots > 0;
        let blocks = usize::try_from(self.blocks).unwrap_or(usize::MAX);
        !first_ballots
            && blocks < BUNDLE_BLOCKS
            && self.ballots.saturating_add(block.ballots) <= BALLOTS
            && self.bytes.len().saturating_add(block.bytes.len()) <= BYTES
    }

    /// Adds the next block.
    ///
    /// # Errors
    /// If it does not follow the last one, or there would be more in the bundle than any reader takes.
    pub fn push(&mut self, block: &ArchivedBlock) -> Result<(), ArchiveError> {
        let (actual, expected) = (block.height, self.last.saturating_add(1));
        if self.first.is_some() && actual != expected {
            return Err(ArchiveError::HeaderOrder { actual, expected });
        }
        let (actual, limit) = (self.bytes.len() + block.bytes.len(), BUNDLE_LIMIT);
        if actual > limit {
            return Err(ArchiveError::TooLarge { actual, limit });
        }
        self.first.get_or_insert(block.height);
        self.last = block.height;
        self.blocks += 1;
        self.ballots = self.ballots.saturating_add(block.ballots);
        self.bytes.extend_from_slice(&block.bytes);
        Ok(())
    }

    /// First and last height; `None` while it is empty.
    pub fn heights(&self) -> Option<(Height, Height)> {
        Some((self.first?, self.last))
    }

    /// How many Casts it holds.
    pub fn ballots(&self) -> u32 {
        self.ballots
    }

    /// The finished bundle. `next` is the signed header after its last block.
    pub fn close(mut self, next: &SignedHeader) -> Vec<u8> {
        let blocks = self.blocks.to_le_bytes();
        if let Some((_, count)) = self
            .bytes
            .first_chunk_mut::<PREFIX>()
            .and_then(|prefix| prefix.split_first_mut())
        {
            count.copy_from_slice(&blocks);
        }
        self.bytes.extend(encoding::encode(&encode_header(next)));
        self.bytes
    }
}

fn put_list<'a>(bytes: &mut Vec<u8>, entries: impl ExactSizeIterator<Item = &'a [u8]>) {
    put_length(bytes, entries.len());
    for entry in entries {
        put_length(bytes, entry.len());
        bytes.extend_from_slice(entry);
    }
}

fn put_length(bytes: &mut Vec<u8>, length: usize) {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&length.to_le_bytes());
}

fn is_cast(bytes: &[u8]) -> bool {
    Transaction::decode(bytes)
        .is_ok_and(|transaction| matches!(transaction.body.action, Action::Cast(_)))
}
