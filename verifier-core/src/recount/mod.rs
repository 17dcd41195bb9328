//! The recount: re-verification of everything from the raw ledger, trusting nobody.
//!
//! A [`Recount`] covers a range of heights. Blocks are added in order, each only after its header, transactions and outcomes have been
//! authenticated; what does not pass that is the source's fault and changes nothing. Ranges that touch can be merged. The state holds
//! facts (sums, counted assets, failures) and obligations on earlier blocks, and nothing is ever subtracted, so that every partitioning
//! of the heights gives the same state. It holds no ballots: eight bytes for each that counts, and 32 for each asset's address. Conclusions are drawn once, at the end ([`Recount::finish`]).

mod applied;
mod authenticate;
mod ballots;
mod basis;
mod conclude;
mod counted;
mod events;
mod people;
mod recorded;
mod rules;
mod second_look;
mod state;
mod totals;

pub use authenticate::LedgerBlock;
pub use rules::Setup;
pub use state::{STATE_LIMIT, StateError};
pub use totals::ClaimedTotals;

pub(crate) use ballots::Opened;
pub(crate) use basis::Basis;
pub(crate) use rules::{BallotRules, CarriedRules};
pub(crate) use state::State;

use crate::finding::SourceFault;
use crate::ids::{AssetId, Height, PublicKey};
use crate::ledger::Genesis;
use crate::trust_card::{Anchor, TrustCard};
use applied::Applied;
use basis::Beginning;
use second_look::Looks;
use std::sync::Arc;

/// A recount of a range of heights.
#[derive(Clone)]
pub struct Recount {
    basis: Arc<Basis>,
    beginning: Beginning,
    setup: Option<Arc<Setup>>,
    state: State,
    /// What the events come to, if the range begins at the first block.
    applied: Option<Applied>,
    looks: Looks,
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
        let beginning = Beginning::new(&card, genesis)?;
        Ok(Self::empty(Arc::new(Basis::new(card)?), beginning, None))
    }

    /// The same election's recount for another range: no blocks yet, but ready to judge ballots by `setup`.
    pub fn range_with(&self, setup: Arc<Setup>) -> Self {
        Self::empty(Arc::clone(&self.basis), self.beginning.clone(), Some(setup))
    }

    fn empty(basis: Arc<Basis>, beginning: Beginning, setup: Option<Arc<Setup>>) -> Self {
        Self {
            state: State::new(&basis),
            basis,
            beginning,
            setup,
            applied: None,
            looks: Looks::default(),
        }
    }

    /// What ballots are judged by, once this range has come from the first block to the opening; other ranges can start from it.
    pub fn setup(&self) -> Option<Arc<Setup>> {
        self.setup.clone()
    }

    /// Whether each asset was issued to the address beside it. Nothing is, before there is a setup.
    pub fn admit(&self, questions: &[(AssetId, PublicKey)]) -> Vec<bool> {
        let issued = |(asset, address): &(AssetId, PublicKey)| {
            let setup = self.setup.as_ref();
            setup.is_some_and(|setup| setup.issued(*asset, address))
        };
        questions.iter().map(issued).collect()
    }

    /// Adds the next block.
    ///
    /// # Errors
    /// If it is not authenticated as the next one. Bad ballots and other failures of the election are no errors: the report names them.
    pub fn add_block(&mut self, block: &LedgerBlock<'_>) -> Result<(), AddError> {
        self.add_blocks(core::slice::from_ref(block))
    }

    /// Adds the next blocks, all ballots of which are judged together.
    ///
    /// # Errors
    /// As [`Recount::add_block`], of the first block that is not the next one; those before it are added.
    pub fn add_blocks(&mut self, blocks: &[LedgerBlock<'_>]) -> Result<(), AddError> {
        let mut rest = blocks;
        while !rest.is_empty() {
            let together = if self.setup.is_some() {
                rest.len()
            } else {
                self.before_opening(rest).max(1)
            };
            let (now, later) = rest.split_at(together.min(rest.len()));
            self.add_together(now)?;
            rest = later;
        }
        Ok(())
    }

    /// How many of these blocks say that they come before opening.
    pub(crate) fn before_opening(&self, blocks: &[LedgerBlock<'_>]) -> usize {
        let opening = i64::try_from(self.basis.card.contract.opening).unwrap_or(i64::MAX);
        let opened = |block: &LedgerBlock<'_>| block.header.header.time.unix_timestamp() >= opening;
        blocks.iter().position(opened).unwrap_or(blocks.len())
    }

    fn add_together(&mut self, blocks: &[LedgerBlock<'_>]) -> Result<(), AddError> {
        let (state, fault) = self.judge(blocks)?;
        self.merge_state(state).map_err(contradiction)?;
        fault.map_or(Ok(()), Err)
    }

    /// The facts of the blocks that follow this range, up to the first that does not; they are not added to it.
    pub(crate) fn judge(
        &self,
        blocks: &[LedgerBlock<'_>],
    ) -> Result<(State, Option<AddError>), SourceFault> {
        let setup = self.setup.clone();
        let setup = setup.or_else(|| self.setup_of_nothing(blocks));
        let rules = setup.as_ref().map(|setup| &setup.rules);
        let mut opened = Opened::new(&self.basis, rules, self.state.end(), blocks);
        let fault = opened.fault.take();
        let issued = |(asset, address): (AssetId, PublicKey)| {
            let setup = setup.as_ref();
            setup.is_some_and(|setup| setup.issued(asset, &address))
        };
        let admitted: Vec<bool> = opened.questions().map(issued).collect();
        let state = opened.judge(&self.basis, rules, &admitted, &[]);
        Ok((state.map_err(contradiction)?, fault))
    }

    /// What ballots in the very first block are judged by: by then nothing can have been set up.
    fn setup_of_nothing(&self, blocks: &[LedgerBlock<'_>]) -> Option<Arc<Setup>> {
        let first = blocks.first()?.header.header.height.value() == 1;
        (first && self.state.is_empty()).then(|| {
            let election = self.beginning.election(&self.basis);
            Arc::new(Setup::of(self.basis.card.genesis, election))
        })
    }

    /// Joins the range that begins where this one ends.
    ///
    /// # Errors
    /// If the two do not touch, or belong to different elections.
    pub fn merge(&mut self, later: Self) -> Result<(), StateError> {
        self.merge_state(later.state)?;
        self.setup = self.setup.take().or(later.setup);
        Ok(())
    }

    /// The same, of what is known of that range. Nothing changes if there is an error.
    pub(crate) fn merge_state(&mut self, later: State) -> Result<(), StateError> {
        self.state.merge(later)?;
        self.apply_events();
        self.prepare_setup();
        Ok(())
    }

    /// The same, and gives what is to be kept of that range.
    pub(crate) fn merge_and_keep(&mut self, later: State) -> Result<State, StateError> {
        let before = self.state.events.len();
        let mut kept = later.clone();
        self.merge_state(later)?;
        kept.events = self.state.events.iter().skip(before).cloned().collect();
        Ok(kept)
    }

    /// Whether facts are of this election and were judged by its setup, as far as one is known.
    pub(crate) fn check_facts(&self, facts: &State) -> Result<(), StateError> {
        facts.check(&self.basis)?;
        let mine = self.setup.as_ref().map(|setup| setup.rules.digest());
        match (mine, facts.setup_digest) {
            (Some(mine), Some(theirs)) if mine != theirs => Err(StateError::OtherSetup),
            _ => Ok(()),
        }
    }

    /// Another range of the same election, with no blocks yet.
    pub(crate) fn later_range(&self) -> Self {
        let setup = self.setup.clone();
        Self::empty(Arc::clone(&self.basis), self.beginning.clone(), setup)
    }

    /// Gives a range that begins later its setup.
    ///
    /// # Errors
    /// If it was counted under another one.
    pub(crate) fn judge_by(&mut self, setup: Option<Arc<Setup>>) -> Result<(), StateError> {
        self.setup = setup;
        self.check_facts(&self.state)
    }

    /// The contract and keys that workers judge by.
    pub(crate) fn rules(&self) -> Option<CarriedRules> {
        let setup = self.setup.as_ref();
        setup.map(|setup| setup.rules.carried().clone())
    }

    /// Applies the events that have come since, if the range begins at the first block.
    fn apply_events(&mut self) {
        if self.state.begins_at_first() {
            let applied = self
                .applied
                .get_or_insert_with(|| Applied::new(&self.basis, &self.beginning));
            applied.take(&mut self.state);
        }
    }

    /// Derives the setup from this range's own events once a verified header has come to the opening.
    fn prepare_setup(&mut self) {
        let opening = self.basis.card.contract.opening;
        let opened = self.state.end().is_some_and(|end| end.time >= opening);
        if let (None, Some(applied), true) = (&self.setup, &self.applied, opened) {
            let election = applied.election.clone();
            self.setup = Some(Arc::new(Setup::of(self.basis.card.genesis, election)));
        }
    }

    /// What the events of this range come to, from wherever it begins.
    fn applied(&self) -> Applied {
        self.applied.clone().unwrap_or_else(|| {
            let mut applied = Applied::new(&self.basis, &self.beginning);
            applied.take(&mut self.state.clone());
            applied
        })
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
        let mut resumed = Self::empty(Arc::clone(&self.basis), self.beginning.clone(), setup);
        let counted_under = state.setup_digest;
        resumed.merge_state(state)?;
        match (counted_under, &resumed.setup) {
            (None, _) => Ok(resumed),
            (Some(digest), Some(setup)) if setup.rules.digest() == digest => Ok(resumed),
            _ => Err(StateError::OtherSetup),
        }
    }
}

/// Facts that were judged here do not fit what they were judged for.
fn contradiction(error: StateError) -> SourceFault {
    SourceFault::Malformed(error.to_string())
}
