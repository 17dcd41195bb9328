//! The plan: which requests make up which heights, by what kind of source there is.

use super::span::Span;
use crate::archive::ArchiveIndex;
use crate::finding::SourceFault;
use crate::ids::Height;
use crate::ledger::rpc::{Status, decode_answer};
use crate::request::{Answer, Request};
use crate::trust_card::TrustCard;

/// A node's heights that make up one span.
const HEIGHTS: u64 = 20;

/// What kind of source a recount reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A node, height by height.
    Node,
    /// A folder that a node was exported to. It has blocks up to the header at `end`, and cannot be asked for its status.
    Folder { end: Height },
    /// An archive, bundle by bundle.
    Archive,
}

#[derive(Clone, Debug)]
pub(super) struct Plan {
    origin: Origin,
    index: Option<ArchiveIndex>,
    /// The last block that belongs to the election, as far as the source has it.
    last: Option<Height>,
}

impl Plan {
    pub fn new(card: &TrustCard, origin: Origin) -> Self {
        let before = |header: Height| header.saturating_sub(1);
        let last = card.final_header.map(|anchor| before(anchor.height));
        let last = match origin {
            Origin::Folder { end } => last.or(Some(before(end))),
            Origin::Node | Origin::Archive => last,
        };
        Self {
            origin,
            index: None,
            last,
        }
    }

    /// What is to be known before anything can be planned.
    pub fn need(&self) -> Option<Request> {
        match self.origin {
            Origin::Node | Origin::Folder { .. } if self.last.is_none() => Some(Request::Status),
            Origin::Archive if self.index.is_none() => Some(Request::ArchiveIndex),
            _ => None,
        }
    }

    /// The last block to count, once known.
    pub fn last(&self) -> Option<Height> {
        self.last.filter(|_| self.need().is_none())
    }

    /// Forgets how far the source had come, if it is one that goes on.
    pub fn ask_again(&mut self) {
        if self.origin == Origin::Node {
            self.last = None;
        }
    }

    /// # Errors
    /// If the source serves another chain, or what it answers is not what was asked for.
    pub fn take_status(&mut self, card: &TrustCard, answer: Answer) -> Result<(), SourceFault> {
        let status: Status = decode_answer(&answer?)?;
        if status.chain_id.as_str() != card.chain_id {
            return Err(SourceFault::OtherChain {
                actual: status.chain_id.to_string(),
                expected: card.chain_id.clone(),
            });
        }
        self.last
            .get_or_insert(status.latest_height.saturating_sub(1));
        Ok(())
    }

    /// # Errors
    /// If the bytes are no index, or one of another ledger.
    pub fn take_index(&mut self, card: &TrustCard, answer: Answer) -> Result<(), SourceFault> {
        let index = ArchiveIndex::parse(&answer?)?;
        if index.chain_id != card.chain_id {
            return Err(SourceFault::OtherChain {
                actual: index.chain_id,
                expected: card.chain_id.clone(),
            });
        }
        if index.genesis_hash != card.genesis {
            return Err(SourceFault::OtherGenesis);
        }
        self.last.get_or_insert(index.last().unwrap_or(0));
        self.index = Some(index);
        Ok(())
    }

    /// The span to be looked at again for the block at this height: of an archive the rest of its bundle, otherwise the block alone.
    pub fn look(&self, height: Height) -> Result<Span, SourceFault> {
        let last = match self.origin {
            Origin::Archive => Height::MAX,
            Origin::Node | Origin::Folder { .. } => height,
        };
        self.span(height, last)
    }

    /// The span that begins at `first` and ends with `last` or before; it has no number yet.
    ///
    /// # Errors
    /// If the source says that it has no such block.
    pub fn span(&self, first: Height, last: Height) -> Result<Span, SourceFault> {
        if let Some(index) = &self.index {
            return bundle_span(index, first, last);
        }
        let last = last.min(first.saturating_add(HEIGHTS - 1));
        let mut requests: Vec<Request> = (first..=last.saturating_add(1))
            .map(Request::Commit)
            .collect();
        for height in first..=last {
            requests.extend([Request::Block(height), Request::BlockResults(height)]);
        }
        Ok(Span {
            number: 0,
            first,
            last,
            requests,
            hints: None,
            file: None,
        })
    }
}

/// The part of a bundle that begins at `first`.
fn bundle_span(index: &ArchiveIndex, first: Height, last: Height) -> Result<Span, SourceFault> {
    let bundle = index.bundle_of(first);
    let bundle = bundle.ok_or_else(|| SourceFault::Missing(format!("block {first}")))?;
    let hints = bundle.hints.as_ref();
    Ok(Span {
        number: 0,
        first,
        last: bundle.last.min(last),
        requests: vec![Request::Bundle(bundle.number)],
        hints: hints.map(|_| Request::Hints(bundle.number)),
        file: Some((bundle.bytes, bundle.sha256)),
    })
}
