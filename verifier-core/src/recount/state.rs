//! The state of a range: facts and obligations, never conclusions. It is a value that can be saved, resumed and merged.

use super::RecountProgress;
use super::authenticate::Authenticated;
use super::basis::Basis;
use super::counted::Counted;
use super::events::Event;
use crate::encoding::{self, EncodingError};
use crate::finding::Finding;
use crate::ids::{Hash, HeaderHash, Height, Seconds};
use crate::report::{ClockJump, RefusedBallot};
use crate::tally::Tally;
use borsh::{BorshDeserialize, BorshSerialize};

/// A saved state is at most 1 GiB.
pub const STATE_LIMIT: usize = 1024 * 1024 * 1024;
const VERSION: u8 = 3;
/// Time steps above this many seconds are reported, if they end within [`NEAR_CLOSING`] of closing.
const JUMP: Seconds = 60;
const NEAR_CLOSING: Seconds = 3600;

/// A header's place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Link {
    pub height: Height,
    pub hash: HeaderHash,
    pub time: Seconds,
}

/// Facts of a range of heights.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub(crate) struct State {
    version: u8,
    card: Hash,
    /// The first block, and the header after the last: what neighbouring ranges must fit.
    pub(super) bounds: Option<(Link, Link)>,
    /// The hash of every block's header, from the first block on.
    pub(super) headers: Vec<HeaderHash>,
    pub(super) signatures: u64,
    pub(super) transactions: u64,
    pub(super) events: Vec<Event>,
    /// Digest of the setup that ballots were judged by.
    pub(super) setup_digest: Option<Hash>,
    /// Sums of the ballots that the ledger counts and whose proofs hold.
    pub(super) tally: Tally,
    /// Ballots in the window that were judged, whatever became of them.
    pub(super) judged: u64,
    /// The ballots that the ledger counts. Two of an asset are one too many.
    pub(super) counted: Counted,
    /// Ballots that the ledger refused as spent with no earlier counted one in this range: an obligation on the blocks before.
    pub(super) owed: Vec<RefusedBallot>,
    pub(super) refused: Vec<RefusedBallot>,
    pub(super) findings: Vec<Finding>,
    pub(super) clock_jumps: Vec<ClockJump>,
}

/// Why states do not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    #[error(transparent)]
    Encoding(#[from] EncodingError),
    #[error("the state belongs to another trust card")]
    OtherCard,
    #[error("the ranges do not touch: one ends at {end}, the other begins at {begin}")]
    NotAdjacent { end: Height, begin: Height },
    #[error("the block at {height} is not the same in both ranges")]
    OtherBlock { height: Height },
    #[error("the ballots were judged by another setup")]
    OtherSetup,
    #[error("the state contradicts itself")]
    Contradicts,
    #[error("{actual} answers on who may vote to {expected} questions")]
    Admission { actual: usize, expected: usize },
}

impl State {
    pub fn new(basis: &Basis) -> Self {
        Self {
            version: VERSION,
            card: basis.fingerprint,
            bounds: None,
            headers: Vec::new(),
            signatures: 0,
            transactions: 0,
            events: Vec::new(),
            setup_digest: None,
            tally: basis.new_tally(),
            judged: 0,
            counted: Counted::default(),
            owed: Vec::new(),
            refused: Vec::new(),
            findings: Vec::new(),
            clock_jumps: Vec::new(),
        }
    }

    pub fn decode(saved: &[u8], basis: &Basis) -> Result<Self, StateError> {
        let state: Self = encoding::decode(saved, STATE_LIMIT)?;
        state.check(basis)?;
        Ok(state)
    }

    /// Whether this is a state of the election, in the form that one has.
    pub fn check(&self, basis: &Basis) -> Result<(), StateError> {
        if self.version != VERSION {
            return Err(EncodingError::UnknownVersion {
                actual: self.version,
                expected: VERSION,
            }
            .into());
        }
        if self.card != basis.fingerprint {
            return Err(StateError::OtherCard);
        }
        if !self.counted.is_sorted() || !self.has_all_headers() {
            return Err(StateError::Contradicts);
        }
        Ok(())
    }

    fn has_all_headers(&self) -> bool {
        let blocks = self
            .bounds
            .map_or(Some(0), |(first, end)| end.height.checked_sub(first.height));
        blocks == u64::try_from(self.headers.len()).ok()
    }

    /// The header that the next block must have.
    pub fn end(&self) -> Option<&Link> {
        self.bounds.as_ref().map(|(_, end)| end)
    }

    /// The height of the first block.
    pub fn first(&self) -> Option<Height> {
        self.bounds.map(|(first, _)| first.height)
    }

    /// The height of the last block.
    pub fn last(&self) -> Option<Height> {
        self.end().map(|end| end.height.saturating_sub(1))
    }

    pub fn is_empty(&self) -> bool {
        self.bounds.is_none()
    }

    /// The hash of the header at a height of this range, or of the one that ends it.
    pub fn header_hash(&self, height: Height) -> Option<HeaderHash> {
        let (first, end) = self.bounds?;
        if height == end.height {
            return Some(end.hash);
        }
        let at = usize::try_from(height.checked_sub(first.height)?).ok()?;
        self.headers.get(at).copied()
    }

    pub fn begins_at_first(&self) -> bool {
        matches!(self.bounds, Some((first, _)) if first.height == 1)
    }

    pub fn progress(&self) -> RecountProgress {
        RecountProgress {
            last: self.end().map(|end| end.height.saturating_sub(1)),
            ballots: self.judged,
            transactions: self.transactions,
            signatures: self.signatures,
        }
    }

    /// Takes an authenticated block's header into the range.
    pub(super) fn extend(&mut self, basis: &Basis, block: &Authenticated<'_>) {
        let first = self.bounds.map_or(block.this, |(first, _)| first);
        self.bounds = Some((first, block.next));
        self.headers.push(block.this.hash);
        self.signatures = self.signatures.saturating_add(block.signatures);
        let seconds = block.next.time.saturating_sub(block.this.time);
        let closing = basis.card.contract.closing;
        if seconds > JUMP && block.next.time.abs_diff(closing) <= NEAR_CLOSING {
            self.clock_jumps.push(ClockJump {
                height: block.next.height,
                seconds,
            });
        }
    }

    /// Appends the facts of the range that follows; its obligations are discharged from this one, or carried on.
    pub fn merge(&mut self, later: Self) -> Result<(), StateError> {
        self.check_fits(&later)?;
        self.bounds = match (self.bounds, later.bounds) {
            (Some((first, _)), Some((_, end))) => Some((first, end)),
            (mine, theirs) => mine.or(theirs),
        };
        for ballot in later.owed {
            self.owe(ballot);
        }
        self.counted.merge(later.counted);
        self.headers.extend(later.headers);
        self.signatures = self.signatures.saturating_add(later.signatures);
        self.transactions = self.transactions.saturating_add(later.transactions);
        self.judged = self.judged.saturating_add(later.judged);
        self.events.extend(later.events);
        self.setup_digest = self.setup_digest.or(later.setup_digest);
        self.tally.merge(&later.tally);
        self.refused.extend(later.refused);
        self.findings.extend(later.findings);
        self.clock_jumps.extend(later.clock_jumps);
        Ok(())
    }

    /// Notes a ballot refused as spent: settled if an earlier ballot of its asset counts, otherwise an obligation.
    pub(super) fn owe(&mut self, ballot: RefusedBallot) {
        if !self.counted.contains(ballot.asset) {
            self.owed.push(ballot);
        }
    }

    fn check_fits(&self, later: &Self) -> Result<(), StateError> {
        if self.card != later.card {
            return Err(StateError::OtherCard);
        }
        if let (Some((_, end)), Some((begin, _))) = (self.bounds, later.bounds) {
            if end.height != begin.height {
                return Err(StateError::NotAdjacent {
                    end: end.height,
                    begin: begin.height,
                });
            }
            if end != begin {
                return Err(StateError::OtherBlock { height: end.height });
            }
        }
        match (self.setup_digest, later.setup_digest) {
            (Some(mine), Some(theirs)) if mine != theirs => Err(StateError::OtherSetup),
            _ => Ok(()),
        }
    }
}
