//! The plan: which requests make up which heights, by what kind of source there is.

use super::span::Span;
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
}

#[derive(Clone, Debug)]
pub(super) struct Plan {
    origin: Origin,
    /// The last block that belongs to the election, as far as the source has it.
    last: Option<Height>,
}

impl Plan {
    pub fn new(card: &TrustCard, origin: Origin) -> Self {
        let before = |header: Height| header.saturating_sub(1);
        let last = card.final_header.map(|anchor| before(anchor.height));
        let last = match origin {
            Origin::Folder { end } => last.or(Some(before(end))),
            Origin::Node => last,
        };
        Self { origin, last }
    }

    /// What is to be known before anything can be planned.
    pub fn need(&self) -> Option<Request> {
        match self.origin {
            Origin::Node | Origin::Folder { .. } if self.last.is_none() => Some(Request::Status),
            _ => None,
        }
    }

    /// The last block to count, once known.
    pub fn last(&self) -> Option<Height> {
        self.last
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

    /// The span that begins at `first` and ends with `last` or before; it has no number yet.
    ///
    /// # Errors
    /// If the source says that it has no such block.
    pub fn span(&self, first: Height, last: Height) -> Result<Span, SourceFault> {
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
