//! One block after another.

use super::judge::judge;
use super::spent::SpentTables;
use super::verdicts::Verdicts;
use super::writes;
use crate::storage::{Event, SpentAsset, StateWrite};
use rayon::prelude::*;
use std::sync::Arc;
use verifier_core::{
    Action, AssetId, BallotKeys, Election, GenesisHash, GenesisState, Hash, Height, Outcome,
    PublicKey, Seconds, Tally, TrackingCode, Transaction, encode,
};

/// The state before the first block holds the genesis hash under this key, for a tree without keys proves nothing.
const GENESIS_KEY: &str = "genesis";

/// The election as one municipality's node keeps it. A clone shares what it does not change, so that a block can be tried on one.
#[derive(Clone)]
pub struct Application {
    pub(super) genesis: GenesisHash,
    pub(super) election: Election,
    pub(super) tally: Tally,
    pub(super) keys: Option<Arc<BallotKeys>>,
    pub(super) spent: SpentTables,
    pub(super) verdicts: Arc<Verdicts>,
}

/// What a block changes.
#[derive(Default)]
pub struct BlockChanges {
    /// One per transaction, in the block's order.
    pub outcomes: Vec<Outcome>,
    pub writes: Vec<StateWrite>,
    /// Newly issued batches: municipality and batch, addresses.
    pub batches: Vec<((u16, u16), Vec<PublicKey>)>,
    pub spent: Vec<SpentAsset>,
    /// Transactions that took effect, ballots apart.
    pub events: Vec<Event>,
    /// Number of Cast transactions, whatever became of them.
    pub ballots: u32,
}

impl Application {
    /// The application before the first block.
    pub fn new(genesis: GenesisHash, state: GenesisState) -> Self {
        Self {
            genesis,
            election: Election::new(genesis, state),
            tally: Tally::new(0, 0),
            keys: None,
            spent: SpentTables::default(),
            verdicts: Arc::default(),
        }
    }

    /// The state before the first block.
    pub fn initial_state(&self) -> Vec<StateWrite> {
        vec![(GENESIS_KEY.into(), encode(&self.genesis))]
    }

    /// The hash that transactions bind.
    pub fn genesis(&self) -> GenesisHash {
        self.genesis
    }

    /// The election so far.
    pub fn election(&self) -> &Election {
        &self.election
    }

    /// The counted ballots so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The ballot that spent an asset.
    pub fn spent_by(&self, asset: AssetId) -> Option<TrackingCode> {
        self.spent.by(asset)
    }

    /// Applies a block's transactions in their order. `time` is the header's.
    ///
    /// A block is either before opening or not: what ballots are judged by does not change within one, so that their proofs are judged together.
    pub fn apply_block<T: AsRef<[u8]> + Sync>(
        &mut self,
        height: Height,
        time: Seconds,
        transactions: &[T],
    ) -> BlockChanges {
        let mut changes = BlockChanges::default();
        let decoded: Vec<Option<Transaction>> = transactions
            .par_iter()
            .map(|bytes| Transaction::decode(bytes.as_ref()).ok())
            .collect();
        for ((position, bytes), transaction) in (0..).zip(transactions).zip(&decoded) {
            let outcome = match transaction {
                Some(transaction) => {
                    let event = || Event {
                        height,
                        position,
                        time,
                        bytes: bytes.as_ref().to_vec(),
                    };
                    self.apply(time, transaction, event, &mut changes)
                }
                None => Outcome::Malformed,
            };
            changes.outcomes.push(outcome);
        }
        let hashes = transactions.iter().map(|bytes| Hash::of(bytes.as_ref()));
        self.count_ballots(height, hashes, &decoded, &mut changes);
        changes.writes.extend(self.spent.writes(&changes.spent));
        changes
    }

    fn apply(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        event: impl FnOnce() -> Event,
        changes: &mut BlockChanges,
    ) -> Outcome {
        if let Action::Cast(_) = &transaction.body.action {
            changes.ballots += 1;
            return self
                .election
                .admit(time, transaction)
                .err()
                .unwrap_or(Outcome::Ok);
        }
        let outcome = self.election.apply(time, transaction, &self.tally);
        if outcome == Outcome::Ok {
            self.take_effect(transaction, event(), changes);
        }
        outcome
    }

    /// Notes what a transaction that took effect changes beyond the election itself.
    pub(super) fn take_effect(
        &mut self,
        transaction: &Transaction,
        event: Event,
        changes: &mut BlockChanges,
    ) {
        match &transaction.body.action {
            Action::Define(define) => {
                self.tally = Tally::new(
                    define.contract.municipalities.len(),
                    define.contract.candidates.len(),
                );
            }
            Action::Issue(issue) => changes
                .batches
                .push(((issue.municipality, issue.batch), issue.addresses.clone())),
            Action::KeyReady(_) | Action::Complain(_) => {
                self.keys = self
                    .election
                    .complete_key_set()
                    .map(|keys| Arc::new(keys.ballot_keys()))
            }
            _ => {}
        }
        let writes = writes::of(transaction, &event.bytes, &self.election);
        changes.writes.extend(writes);
        changes.events.push(event);
    }

    /// Judges the admitted ballots' signatures and proofs, then spends their assets in the block's order.
    fn count_ballots(
        &mut self,
        height: Height,
        hashes: impl Iterator<Item = Hash>,
        decoded: &[Option<Transaction>],
        changes: &mut BlockChanges,
    ) {
        let admitted = changes.outcomes.iter_mut().zip(decoded).zip(hashes);
        let (outcomes, ballots): (Vec<&mut Outcome>, Vec<(Hash, &Transaction)>) = admitted
            .filter_map(|((outcome, transaction), hash)| {
                let transaction = transaction.as_ref()?;
                let cast = matches!(transaction.body.action, Action::Cast(_));
                (cast && *outcome == Outcome::Ok).then_some((outcome, (hash, transaction)))
            })
            .unzip();
        let judged = judge(self.keys.as_deref(), &self.verdicts, &ballots);
        for (outcome, judged) in outcomes.into_iter().zip(judged) {
            *outcome = match judged {
                Ok(ballot) => {
                    let spent = SpentAsset {
                        asset: ballot.asset(),
                        height,
                        code: ballot.code(),
                    };
                    if self.spent.spend(spent) {
                        self.tally.add(&ballot);
                        changes.spent.push(spent);
                        Outcome::Ok
                    } else {
                        Outcome::AssetSpent
                    }
                }
                Err(refusal) => refusal,
            };
        }
    }
}
