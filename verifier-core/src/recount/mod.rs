//! The recount: re-verification of everything from the raw ledger, trusting nobody.
//!
//! A [`Recount`] covers a range of heights. Blocks are added in order, each only after its header, transactions and outcomes have been
//! authenticated; what does not pass that is the source's fault and changes nothing. Ranges that touch can be merged. The state holds
//! facts (sums, spent assets, failures) and obligations on earlier blocks, and nothing is ever subtracted, so that every partitioning
//! of the heights gives the same state. Conclusions are drawn once, at the end ([`Recount::finish`]).

mod authenticate;
mod ballots;
mod conclude;
mod state;
mod totals;

pub use authenticate::LedgerBlock;
pub use state::{STATE_LIMIT, StateError};
pub use totals::ClaimedTotals;

use crate::ballot::BallotKeys;
use crate::election::{Election, GenesisState};
use crate::finding::SourceFault;
use crate::ids::{GenesisHash, Hash, Height};
use crate::keys::KeySet;
use crate::ledger::{Genesis, ValidatorSet};
use crate::outcome::Outcome;
use crate::tally::Tally;
use crate::transaction::{Action, Transaction};
use crate::trust_card::{Anchor, TrustCard};
use state::{Event, State};
use std::sync::Arc;

/// A recount of a range of heights.
#[derive(Clone)]
pub struct Recount {
    basis: Arc<Basis>,
    setup: Option<Arc<Setup>>,
    state: State,
}

/// What a recount starts from; the same for every range.
#[derive(Debug)]
struct Basis {
    card: TrustCard,
    fingerprint: Hash,
    chain_id: tendermint::chain::Id,
    validators: ValidatorSet,
    genesis: GenesisHash,
    genesis_state: GenesisState,
}

/// What ballots are judged by: the election as it stood at opening.
#[derive(Clone)]
pub struct Setup {
    election: Election,
    keys: Option<BallotKeys>,
    digest: Hash,
}

/// How far a recount has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecountProgress {
    /// The last block added.
    pub last: Option<Height>,
    pub ballots: u64,
    pub transactions: u64,
    pub signatures: u64,
}

/// Why a block could not be added. The recount is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddError {
    #[error(transparent)]
    Source(#[from] SourceFault),
    /// The range does not begin at the first block, and it has no setup to judge ballots by.
    #[error("block {height} holds ballots, but this range has no setup to judge them by")]
    NeedsSetup { height: Height },
}

impl Recount {
    /// A recount with no blocks yet. It begins at whichever block is added first.
    ///
    /// # Errors
    /// If the genesis is not the trust card's, or the card's validators are no validator set.
    pub fn new(card: TrustCard, genesis: &Genesis) -> Result<Self, SourceFault> {
        let basis = Basis::new(card, genesis)?;
        let contract = &basis.card.contract;
        let tally = Tally::new(contract.municipalities.len(), contract.candidates.len());
        Ok(Self {
            state: State::new(basis.fingerprint, tally),
            basis: Arc::new(basis),
            setup: None,
        })
    }

    /// The same election's recount for another range: no blocks yet, but ready to judge ballots by `setup`.
    pub fn range_with(&self, setup: Arc<Setup>) -> Self {
        let contract = &self.basis.card.contract;
        let tally = Tally::new(contract.municipalities.len(), contract.candidates.len());
        Self {
            basis: Arc::clone(&self.basis),
            setup: Some(setup),
            state: State::new(self.basis.fingerprint, tally),
        }
    }

    /// What ballots are judged by, once this range has come to the opening; other ranges can start from it.
    pub fn setup(&self) -> Option<Arc<Setup>> {
        self.setup.clone()
    }

    /// Adds the next block.
    ///
    /// # Errors
    /// If it is not authenticated as the next one. Bad ballots and other failures of the election are no errors: the report names them.
    pub fn add_block(&mut self, block: &LedgerBlock<'_>) -> Result<(), AddError> {
        let authenticated = authenticate::authenticate(&self.basis, &self.state, block)?;
        let decoded: Vec<Option<Transaction>> = block
            .transactions
            .iter()
            .map(|bytes| Transaction::decode(bytes).ok())
            .collect();
        self.prepare_setup(authenticated.height, authenticated.time, &decoded)?;
        self.state.extend(&self.basis, &authenticated);
        ballots::count_block(self, &authenticated, block, &decoded);
        Ok(())
    }

    /// Joins the range that begins where this one ends.
    ///
    /// # Errors
    /// If the two do not touch, or belong to different elections.
    pub fn merge(&mut self, later: Self) -> Result<(), StateError> {
        self.state.merge(later.state)?;
        self.setup = self.setup.take().or(later.setup);
        Ok(())
    }

    /// How far this range has come.
    pub fn progress(&self) -> RecountProgress {
        self.state.progress()
    }

    /// The last header verified: everything in the range hangs from it.
    pub fn anchor(&self) -> Option<Anchor> {
        self.state.end().map(|end| Anchor {
            height: end.height,
            hash: end.hash,
            time: end.time,
        })
    }

    /// The range's canonical bytes, to resume from or to merge elsewhere. They are the holder's own: nothing authenticates them.
    pub fn save(&self) -> Vec<u8> {
        crate::encoding::encode(&self.state)
    }

    /// Resumes a saved range. `setup` is needed unless the range begins at the first block.
    ///
    /// # Errors
    /// If the bytes are not a state of this election, or the setup is not the one that the state was counted under.
    pub fn resume(&self, saved: &[u8], setup: Option<Arc<Setup>>) -> Result<Self, StateError> {
        let state = State::decode(saved, &self.basis)?;
        let mut resumed = Self {
            basis: Arc::clone(&self.basis),
            setup,
            state,
        };
        resumed.check_setup()?;
        Ok(resumed)
    }

    fn check_setup(&mut self) -> Result<(), StateError> {
        let Some(counted_under) = self.state.setup_digest else {
            return Ok(());
        };
        if self.setup.is_none() && self.state.begins_at_first() {
            self.setup = Some(Arc::new(Setup::of(self.replay_events())));
        }
        match &self.setup {
            Some(setup) if setup.digest == counted_under => Ok(()),
            _ => Err(StateError::OtherSetup),
        }
    }

    /// Derives the setup from this range's own events when the first block with ballots in the window comes.
    fn prepare_setup(
        &mut self,
        height: Height,
        time: u64,
        transactions: &[Option<Transaction>],
    ) -> Result<(), AddError> {
        let contract = &self.basis.card.contract;
        let ballots = transactions
            .iter()
            .flatten()
            .any(|transaction| matches!(transaction.body.action, Action::Cast(_)));
        if self.setup.is_some() || !ballots || !contract.accepts_ballots_at(time) {
            return Ok(());
        }
        let begins_at_first =
            self.state.begins_at_first() || (self.state.is_empty() && height == 1);
        if !begins_at_first {
            return Err(AddError::NeedsSetup { height });
        }
        self.setup = Some(Arc::new(Setup::of(self.replay_events())));
        Ok(())
    }

    /// The election that this range's events make, before any sum is closed.
    fn replay_events(&self) -> Election {
        let mut election = self.basis.new_election();
        for event in &self.state.events {
            let _ = self.replay(&mut election, event);
        }
        election
    }

    /// Applies one event and gives the outcome that it should have had.
    fn replay(&self, election: &mut Election, event: &Event) -> Outcome {
        match Transaction::decode(&event.transaction) {
            Ok(transaction) => election.apply(event.time, &transaction, &self.state.tally),
            Err(_) => Outcome::Malformed,
        }
    }
}

impl Basis {
    fn new(card: TrustCard, genesis: &Genesis) -> Result<Self, SourceFault> {
        if genesis.hash() != card.genesis {
            return Err(SourceFault::OtherGenesis);
        }
        let malformed = |e: String| SourceFault::Malformed(e);
        let chain_id = card.chain_id.parse();
        let genesis_state = GenesisState::decode(&genesis.app_state);
        Ok(Self {
            fingerprint: card.fingerprint(),
            chain_id: chain_id.map_err(|e: tendermint::Error| malformed(e.to_string()))?,
            validators: card.validator_set().map_err(|e| malformed(e.to_string()))?,
            genesis: card.genesis,
            genesis_state: genesis_state.map_err(|e| malformed(e.to_string()))?,
            card,
        })
    }

    fn new_election(&self) -> Election {
        Election::new(self.genesis, self.genesis_state.clone())
    }
}

impl Setup {
    fn of(election: Election) -> Self {
        Self {
            keys: election.complete_key_set().map(KeySet::ballot_keys),
            digest: election.setup_digest(),
            election,
        }
    }
}
