//! The state of a range: facts and obligations, never conclusions. It is a value that can be saved, resumed and merged.

use super::Basis;
use super::RecountProgress;
use super::authenticate::Authenticated;
use crate::encoding::{self, EncodingError};
use crate::finding::Finding;
use crate::ids::{AssetId, Hash, HeaderHash, Height, Seconds, TrackingCode};
use crate::report::{ClockJump, RefusedBallot};
use crate::tally::Tally;
use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

/// A saved state is at most 1 GiB.
pub const STATE_LIMIT: usize = 1024 * 1024 * 1024;
const VERSION: u8 = 1;
/// Time steps above this many seconds are reported, if they end within [`NEAR_CLOSING`] of closing.
const JUMP: Seconds = 60;
const NEAR_CLOSING: Seconds = 3600;

/// A header's place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Link {
    pub height: Height,
    pub hash: HeaderHash,
    pub time: Seconds,
}

/// A transaction whose outcome depends on others before it, kept until the end.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Event {
    pub height: Height,
    pub position: u32,
    pub time: Seconds,
    pub transaction: Vec<u8>,
    /// The ledger's code.
    pub recorded: u32,
}

/// Facts of a range of heights.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub(super) struct State {
    version: u8,
    card: Hash,
    /// The first block, and the header after the last: what neighbouring ranges must fit.
    pub bounds: Option<(Link, Link)>,
    pub headers: u64,
    pub signatures: u64,
    pub transactions: u64,
    pub events: Vec<Event>,
    /// Digest of the setup that ballots were judged by.
    pub setup_digest: Option<Hash>,
    /// Sums of the ballots that the ledger counts and whose proofs hold.
    pub tally: Tally,
    /// Ballots in the window that were judged, whatever became of them.
    pub judged: u64,
    /// Per asset, the ballots that the ledger counts, in order. Two are one too many.
    pub counted: BTreeMap<AssetId, Vec<TrackingCode>>,
    /// Ballots that the ledger refused as spent with no earlier counted one in this range: an obligation on the blocks before.
    pub owed: Vec<RefusedBallot>,
    pub refused: Vec<RefusedBallot>,
    pub findings: Vec<Finding>,
    pub clock_jumps: Vec<ClockJump>,
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
}

impl State {
    pub fn new(card: Hash, tally: Tally) -> Self {
        Self {
            version: VERSION,
            card,
            bounds: None,
            headers: 0,
            signatures: 0,
            transactions: 0,
            events: Vec::new(),
            setup_digest: None,
            tally,
            judged: 0,
            counted: BTreeMap::new(),
            owed: Vec::new(),
            refused: Vec::new(),
            findings: Vec::new(),
            clock_jumps: Vec::new(),
        }
    }

    pub fn decode(saved: &[u8], basis: &Basis) -> Result<Self, StateError> {
        let state: Self = encoding::decode(saved, STATE_LIMIT)?;
        if state.version != VERSION {
            return Err(EncodingError::UnknownVersion {
                actual: state.version,
                expected: VERSION,
            }
            .into());
        }
        if state.card != basis.fingerprint {
            return Err(StateError::OtherCard);
        }
        Ok(state)
    }

    /// The header that the next block must have.
    pub fn end(&self) -> Option<&Link> {
        self.bounds.as_ref().map(|(_, end)| end)
    }

    pub fn is_empty(&self) -> bool {
        self.bounds.is_none()
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
    pub fn extend(&mut self, basis: &Basis, block: &Authenticated) {
        let first = self.bounds.map_or(block.this, |(first, _)| first);
        self.bounds = Some((first, block.next));
        self.headers = self.headers.saturating_add(1);
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
        for (asset, codes) in later.counted {
            self.counted.entry(asset).or_default().extend(codes);
        }
        self.headers = self.headers.saturating_add(later.headers);
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
    pub fn owe(&mut self, ballot: RefusedBallot) {
        if !self.counted.contains_key(&ballot.asset) {
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
