//! Rebuilding the application from what was kept, without judging the counted ballots again.
//!
//! Kept are the transactions that took effect (ballots apart) with their header times, the spent assets and the ballots' encrypted sums. The
//! transactions go through the election's rules again, signatures and proofs included: there are few of them. The sums are taken as they
//! are. Nothing is counted once Close can be, so that the sums at Close are those at the end.

use super::block::{Application, BlockChanges, claim_batches};
use super::writes;
use crate::storage::{Event, SpentAsset, StateWrite};
use std::collections::BTreeSet;
use verifier_core::{
    Action, AssetId, GenesisHash, GenesisState, Outcome, PublicKey, Tally, Transaction,
};

/// Why what was kept gives no application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    #[error("the kept transaction {position} of block {height} takes no effect: {outcome:?}")]
    NoEffect {
        height: u64,
        position: u32,
        outcome: Outcome,
    },
    #[error("the asset {asset} is kept as spent twice")]
    SpentTwice { asset: AssetId },
}

/// Batches of claims, each once, with its last address.
pub struct Claims {
    pub writes: Vec<StateWrite>,
    pub batches: Vec<((u16, u16), Vec<PublicKey>)>,
}

/// An application on its way back.
pub struct Restored {
    application: Application,
    /// The ballots counted in all blocks that were kept.
    tally: Tally,
    /// Batches of claims.
    claimed: BTreeSet<(u16, u16)>,
}

impl Restored {
    /// Nothing restored yet. `tally` is the last one that was kept.
    pub fn new(genesis: GenesisHash, state: GenesisState, tally: Tally) -> Self {
        Self {
            application: Application::new(genesis, state),
            tally,
            claimed: BTreeSet::new(),
        }
    }

    /// Takes the next kept transaction, and says what it changes, but for batches of claims ([`Restored::claims`]).
    pub fn event(&mut self, event: Event) -> Result<BlockChanges, RestoreError> {
        let refused = |outcome| RestoreError::NoEffect {
            height: event.height,
            position: event.position,
            outcome,
        };
        let transaction =
            Transaction::decode(&event.bytes).map_err(|_| refused(Outcome::Malformed))?;
        let election = &mut self.application.election;
        let outcome = election.apply(event.time, &transaction, &self.tally);
        if outcome != Outcome::Ok || matches!(transaction.body.action, Action::Cast(_)) {
            return Err(refused(outcome));
        }
        let mut changes = BlockChanges::default();
        self.application
            .take_effect(&transaction, event, &mut changes);
        self.claimed.append(&mut changes.claimed);
        Ok(changes)
    }

    /// The batches of claims, and the state writes that they come to.
    pub fn claims(&self) -> Claims {
        let batches = claim_batches(&self.application.election, &self.claimed);
        let writes = batches.iter();
        let writes = writes.map(|(key, addresses)| writes::issued(*key, addresses));
        Claims {
            writes: writes.collect(),
            batches,
        }
    }

    /// Takes a spent asset.
    pub fn spent(&mut self, spent: SpentAsset) -> Result<(), RestoreError> {
        if self.application.spent.spend(spent) {
            Ok(())
        } else {
            Err(RestoreError::SpentTwice { asset: spent.asset })
        }
    }

    /// The numbers of municipalities and candidates; 0 before a contract is defined.
    pub fn size(&self) -> (usize, usize) {
        let contract = self.application.election.contract();
        contract.map_or((0, 0), |contract| {
            (contract.municipalities.len(), contract.candidates.len())
        })
    }

    /// The state writes that the spent assets so far come to.
    pub fn spent_writes(&self) -> impl Iterator<Item = StateWrite> + '_ {
        self.application.spent.all_writes()
    }

    /// The application as it was after the last block.
    pub fn finish(mut self) -> Application {
        self.application.tally = self.tally;
        self.application
    }
}
