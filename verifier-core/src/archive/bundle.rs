//! A bundle: consecutive blocks with their outcomes, and the signed header after the last of them.
//!
//! ```text
//! borsh(version u8 = 1, list of (signed header, list of transactions, list of outcomes), signed header)
//! ```
//!
//! where a signed header, a transaction and an outcome are bytes behind a `u32` length: the protobuf `SignedHeader`, the raw transaction, the
//! protobuf leaf under `last_results_hash`.

use super::reader::Reader;
use super::{ArchiveError, BUNDLE_BLOCKS, BUNDLE_LIMIT};
use crate::ids::Height;
use crate::ledger::TxResult;
use crate::recount::LedgerBlock;
use tendermint::block::signed_header::SignedHeader;
use tendermint_proto::Protobuf;
use tendermint_proto::v0_38::types::SignedHeader as RawSignedHeader;

pub(super) const VERSION: u8 = 1;
/// A signed header has at most so many bytes: over 8,000 validators.
const HEADER_LIMIT: usize = 1 << 20;

/// Consecutive blocks as a source gives them. Transactions stay where the source put them; nothing is authenticated.
#[derive(Clone, Debug)]
pub struct Bundle<'a> {
    /// At least one, in the order of heights, without gaps.
    pub blocks: Vec<BundledBlock<'a>>,
    /// The header after the last block.
    pub next: SignedHeader,
}

/// A block of a bundle.
#[derive(Clone, Debug)]
pub struct BundledBlock<'a> {
    pub header: SignedHeader,
    pub transactions: Vec<&'a [u8]>,
    pub results: Vec<TxResult>,
}

impl<'a> Bundle<'a> {
    /// Decodes a bundle in one pass, without copying transactions. Refuses whatever is not canonical, oversized, trailing or out of order.
    ///
    /// # Errors
    /// If the bytes are not a bundle. That they are one says nothing of their truth.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, ArchiveError> {
        let mut reader = Reader::new(bytes, BUNDLE_LIMIT, VERSION)?;
        let actual = reader.count()?;
        let limit = BUNDLE_BLOCKS;
        if !(1..=limit).contains(&actual) {
            return Err(ArchiveError::BlockCount { actual, limit });
        }
        let mut blocks = Vec::with_capacity(actual);
        let mut height = None;
        for _ in 0..actual {
            let block = BundledBlock::read(&mut reader, height)?;
            height = Some(block.height());
            blocks.push(block);
        }
        let next = read_header(&mut reader, height)?;
        reader.finish()?;
        Ok(Self { blocks, next })
    }

    /// The height of the first block.
    pub fn first(&self) -> Height {
        self.blocks.first().map_or(0, BundledBlock::height)
    }

    /// The height of the last block.
    pub fn last(&self) -> Height {
        self.blocks.last().map_or(0, BundledBlock::height)
    }

    /// Each block with the header after it.
    pub fn into_blocks(self) -> Vec<LedgerBlock<'a>> {
        let headers = self.blocks.iter().skip(1).map(|block| block.header.clone());
        let next: Vec<SignedHeader> = headers.chain([self.next]).collect();
        let blocks = self.blocks.into_iter().zip(next);
        blocks
            .map(|(block, next)| LedgerBlock {
                header: block.header,
                transactions: block.transactions,
                results: block.results,
                next,
            })
            .collect()
    }
}

impl<'a> BundledBlock<'a> {
    /// The block's height.
    pub fn height(&self) -> Height {
        self.header.header.height.value()
    }

    fn read(reader: &mut Reader<'a>, after: Option<Height>) -> Result<Self, ArchiveError> {
        let header = read_header(reader, after)?;
        let transactions = reader.list()?;
        let height = header.header.height.value();
        let results = (0..reader.count()?).map(|position| {
            let leaf = reader.bytes()?;
            TxResult::decode(leaf).ok_or(ArchiveError::Outcome { height, position })
        });
        Ok(Self {
            results: results.collect::<Result<_, _>>()?,
            header,
            transactions,
        })
    }
}

/// The signed header one height above `after`; any if that is `None`.
fn read_header(
    reader: &mut Reader<'_>,
    after: Option<Height>,
) -> Result<SignedHeader, ArchiveError> {
    let malformed = |reason: String| ArchiveError::Header {
        after: after.unwrap_or(0),
        reason,
    };
    let bytes = reader.bytes()?;
    let (actual, limit) = (bytes.len(), HEADER_LIMIT);
    if actual > limit {
        return Err(ArchiveError::TooLarge { actual, limit });
    }
    let signed = <SignedHeader as Protobuf<RawSignedHeader>>::decode(bytes)
        .map_err(|error| malformed(error.to_string()))?;
    if encode_header(&signed) != bytes {
        return Err(malformed("it encodes back to other bytes".into()));
    }
    let actual = signed.header.height.value();
    match after.map(|after| after.saturating_add(1)) {
        Some(expected) if expected != actual => Err(ArchiveError::HeaderOrder { actual, expected }),
        _ => Ok(signed),
    }
}

/// The protobuf of a signed header.
pub(super) fn encode_header(signed: &SignedHeader) -> Vec<u8> {
    <SignedHeader as Protobuf<RawSignedHeader>>::encode_vec(signed.clone())
}
