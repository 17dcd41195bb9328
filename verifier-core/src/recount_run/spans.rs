//! The spans of a run: handed out, given back, come in, merged in order. Each is merged once.

use super::span::Span;
use super::worker::SpanFacts;
use crate::finding::SourceFault;
use crate::ids::Height;
use std::collections::{BTreeMap, BTreeSet};

/// No span is handed out that is so many beyond the next to be merged.
const FAR: u32 = 64;

type Found = Result<SpanFacts, SourceFault>;

#[derive(Default)]
pub(super) struct Spans {
    /// Handed out and not yet merged.
    open: BTreeMap<u32, Span>,
    given_back: BTreeSet<u32>,
    found: BTreeMap<u32, Found>,
    /// The number of the next span to be handed out for the first time.
    next: u32,
    /// The number of the next span to be merged.
    merging: u32,
    /// The height after the last span handed out.
    height: Option<Height>,
}

impl Spans {
    /// Whether any span was handed out.
    pub fn begun(&self) -> bool {
        self.next > 0
    }

    /// Where the next new span begins; the first of all at `first`.
    pub fn next_height(&self, first: Height) -> Height {
        self.height.unwrap_or(first)
    }

    pub fn are_far_ahead(&self) -> bool {
        self.next.saturating_sub(self.merging) >= FAR
    }

    pub fn hand_out(&mut self, span: Span) -> Span {
        let span = Span {
            number: self.next,
            ..span
        };
        self.height = Some(span.last.saturating_add(1));
        self.next = self.next.saturating_add(1);
        self.open.insert(span.number, span.clone());
        span
    }

    /// A span that was given back and is still wanted.
    pub fn again(&mut self) -> Option<Span> {
        while let Some(number) = self.given_back.pop_first() {
            if let Some(span) = self.open.get(&number) {
                return Some(span.clone());
            }
        }
        None
    }

    pub fn give_back(&mut self, number: u32) {
        if self.open.contains_key(&number) && !self.found.contains_key(&number) {
            self.given_back.insert(number);
        }
    }

    /// Takes what was found; nothing changes if the span is not open, or something was found before.
    pub fn take(&mut self, number: u32, found: Found) {
        if self.open.contains_key(&number) {
            self.found.entry(number).or_insert(found);
            self.given_back.remove(&number);
        }
    }

    /// What is to be merged next, if it has come in.
    pub fn next_to_merge(&mut self) -> Option<(Span, Found)> {
        let found = self.found.remove(&self.merging)?;
        let span = self.open.remove(&self.merging)?;
        self.merging = self.merging.saturating_add(1);
        Some((span, found))
    }
}
