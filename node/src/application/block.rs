//! One block after another.

use super::judge::judge;
use super::spent::SpentTables;
use super::verdicts::Verdicts;
use super::writes;
use crate::storage::{Event, SpentAsset, SpoiledBallot, StateWrite};
use rayon::prelude::*;
use std::collections::BTreeSet;
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

/// A transaction's position in its block, and what becomes of it.
type Place<'a> = (u32, &'a mut Outcome);

/// What a block changes.
#[derive(Default)]
pub struct BlockChanges {
    /// One per transaction, in the block's order.
    pub outcomes: Vec<Outcome>,
    pub writes: Vec<StateWrite>,
    /// Newly issued batches, and those of claims that have grown: municipality and batch, addresses.
    pub batches: Vec<((u16, u16), Vec<PublicKey>)>,
    pub spent: Vec<SpentAsset>,
    pub spoiled: Vec<SpoiledBallot>,
    /// Batches of claims that have grown, whose addresses are listed once at the end.
    pub(super) claimed: BTreeSet<(u16, u16)>,
    /// Positions of ballots that were spoiled before them.
    pub(super) spoiled_casts: BTreeSet<u32>,
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
            let event = || Event {
                height,
                position,
                time,
                bytes: bytes.as_ref().to_vec(),
            };
            let outcome = match transaction {
                Some(transaction) if matches!(transaction.body.action, Action::Cast(_)) => {
                    self.admit_cast(time, transaction, position, &mut changes)
                }
                Some(transaction) => self.apply(time, transaction, event, &mut changes),
                None => Outcome::Malformed,
            };
            changes.outcomes.push(outcome);
        }
        let hashes = transactions.iter().map(|bytes| Hash::of(bytes.as_ref()));
        self.count_ballots(height, hashes, &decoded, &mut changes);
        changes.writes.extend(self.spent.writes(&changes.spent));
        for (key, addresses) in claim_batches(&self.election, &changes.claimed) {
            changes.writes.push(writes::issued(key, &addresses));
            changes.batches.push((key, addresses));
        }
        changes
    }

    /// Whether a ballot gets as far as its signature and proof; notes whether it was spoiled before.
    fn admit_cast(
        &self,
        time: Seconds,
        transaction: &Transaction,
        position: u32,
        changes: &mut BlockChanges,
    ) -> Outcome {
        changes.ballots += 1;
        if let Action::Cast(ballot) = &transaction.body.action {
            let code = || transaction.body.tracking_code();
            if self.election.is_spoiled(ballot.asset, code) {
                changes.spoiled_casts.insert(position);
            }
        }
        let admitted = self.election.admit(time, transaction);
        admitted.err().unwrap_or(Outcome::Ok)
    }

    fn apply(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        event: impl FnOnce() -> Event,
        changes: &mut BlockChanges,
    ) -> Outcome {
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
            Action::Claim(claim) => {
                let asset = self.election.last_claimed(claim.municipality);
                let batch = asset.map(|asset| (asset.municipality, asset.batch));
                changes.claimed.extend(batch);
            }
            Action::Spoil(spoil) => changes.spoiled.push(SpoiledBallot {
                asset: spoil.asset,
                code: spoil.challenged,
                height: event.height,
            }),
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
        let outcomes = (0u32..).zip(changes.outcomes.iter_mut());
        let admitted = outcomes.zip(decoded).zip(hashes);
        let (places, ballots): (Vec<Place<'_>>, Vec<(Hash, &Transaction)>) = admitted
            .filter_map(|(((position, outcome), transaction), hash)| {
                let transaction = transaction.as_ref()?;
                let cast = matches!(transaction.body.action, Action::Cast(_));
                let place = (position, outcome);
                (cast && *place.1 == Outcome::Ok).then_some((place, (hash, transaction)))
            })
            .unzip();
        let judged = judge(self.keys.as_deref(), &self.verdicts, &ballots);
        for ((position, outcome), judged) in places.into_iter().zip(judged) {
            *outcome = match judged {
                Ok(_) if changes.spoiled_casts.contains(&position) => Outcome::Spoiled,
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

/// The addresses of these batches of claims.
pub(super) fn claim_batches(
    election: &Election,
    batches: &BTreeSet<(u16, u16)>,
) -> Vec<((u16, u16), Vec<PublicKey>)> {
    let batches = batches.iter().map(|key| {
        let addresses = election.batch(key.0, key.1).unwrap_or_default();
        (*key, addresses.to_vec())
    });
    batches.collect()
}
