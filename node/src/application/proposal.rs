//! Proposed blocks: what goes in, and what may stand in another's.
//!
//! Everybody judges a proposal by the same committed state and the same header time, so that all honest nodes agree. A proposal may hold
//! only what takes effect, and ballots that race for one asset, or against their own challenge, within the block: the first counts, the others
//! get their public reason.
//! Whatever was refused before the block began is nothing that an honest proposer would take in.

use super::block::{Application, BlockChanges};
use super::mixing::mixed;
use std::collections::BTreeSet;
use verifier_core::{Action, Hash, Height, Outcome, Seconds, Transaction};

/// Why a proposed block is not voted for. `position` counts from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProposalFault {
    #[error("transaction {position} stands in the block twice")]
    Twice { position: usize },
    #[error("transaction {position} can take no effect: {outcome:?}")]
    NoEffect { position: usize, outcome: Outcome },
}

impl Application {
    /// Which of these transactions go into a block of this time: those that take effect, those that race with one of them, and no more than `limit` bytes.
    /// In their order, but for voters' own, which is [`mixed`].
    pub fn choose<T: AsRef<[u8]> + Sync + Clone>(
        &self,
        height: Height,
        time: Seconds,
        offered: &[T],
        limit: usize,
    ) -> Vec<T> {
        let changes = self.clone().apply_block(height, time, offered);
        let mut seen = BTreeSet::new();
        let mut room = limit;
        let chosen = offered
            .iter()
            .zip(&changes.outcomes)
            .filter(|(bytes, outcome)| {
                let bytes = bytes.as_ref();
                let wanted =
                    self.belongs(**outcome, &changes, bytes) && seen.insert(Hash::of(bytes));
                let size = framed(bytes.len());
                let fits = wanted && size <= room;
                if fits {
                    room -= size;
                }
                fits
            });
        let chosen: Vec<T> = chosen.map(|(bytes, _)| bytes.clone()).collect();
        mixed(&chosen)
    }

    /// Whether a proposed block may be voted for.
    pub fn check_proposal<T: AsRef<[u8]> + Sync>(
        &self,
        height: Height,
        time: Seconds,
        transactions: &[T],
    ) -> Result<(), ProposalFault> {
        let mut seen = BTreeSet::new();
        for (position, bytes) in transactions.iter().enumerate() {
            if !seen.insert(Hash::of(bytes.as_ref())) {
                return Err(ProposalFault::Twice { position });
            }
        }
        let changes = self.clone().apply_block(height, time, transactions);
        let outcomes = transactions.iter().zip(&changes.outcomes).enumerate();
        for (position, (bytes, outcome)) in outcomes {
            if !self.belongs(*outcome, &changes, bytes.as_ref()) {
                return Err(ProposalFault::NoEffect {
                    position,
                    outcome: *outcome,
                });
            }
        }
        Ok(())
    }

    fn belongs(&self, outcome: Outcome, changes: &BlockChanges, bytes: &[u8]) -> bool {
        match outcome {
            Outcome::Ok => true,
            Outcome::AssetSpent | Outcome::Spoiled => self.races(outcome, changes, bytes),
            _ => false,
        }
    }

    /// Whether the ballot's asset was spent, or the ballot spoiled, in this very block, and not before it.
    fn races(&self, outcome: Outcome, changes: &BlockChanges, bytes: &[u8]) -> bool {
        let Ok(transaction) = Transaction::decode(bytes) else {
            return false;
        };
        let Action::Cast(ballot) = &transaction.body.action else {
            return false;
        };
        if outcome == Outcome::Spoiled {
            let code = || transaction.body.tracking_code();
            return !self.election.is_spoiled(ballot.asset, code);
        }
        let spent_now = changes.spent.iter().any(|s| s.asset == ballot.asset);
        spent_now && !self.spent.contains(ballot.asset)
    }
}

/// A transaction's bytes in a block: a tag, its length, itself.
fn framed(length: usize) -> usize {
    let digits = (usize::BITS - length.leading_zeros()).div_ceil(7).max(1);
    length
        .saturating_add(usize::try_from(digits).unwrap_or(10))
        .saturating_add(1)
}
