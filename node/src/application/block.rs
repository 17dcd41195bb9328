//! One block after another.

use super::spent::SpentTables;
use super::writes;
use crate::storage::{SpentAsset, StateWrite};
use rayon::prelude::*;
use verifier_core::{
    Action, BallotKeys, CheckedBallot, Election, GenesisHash, GenesisState, Height, Outcome,
    PublicKey, Seconds, Tally, Transaction, check_batch, encode,
};

/// Ballots of a block are judged in batches of at least this many, on all cores.
const BATCH: usize = 64;
/// The state before the first block holds the genesis hash under this key, for a tree without keys proves nothing.
const GENESIS_KEY: &str = "genesis";

/// The election as one municipality's node keeps it.
#[derive(Clone)]
pub struct Application {
    genesis: GenesisHash,
    election: Election,
    tally: Tally,
    keys: Option<BallotKeys>,
    spent: SpentTables,
}

/// What a block changes.
pub struct BlockChanges {
    /// One per transaction, in the block's order.
    pub outcomes: Vec<Outcome>,
    pub writes: Vec<StateWrite>,
    /// Newly issued batches: municipality and batch, addresses.
    pub batches: Vec<((u16, u16), Vec<PublicKey>)>,
    pub spent: Vec<SpentAsset>,
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
        }
    }

    /// The state before the first block.
    pub fn initial_state(&self) -> Vec<StateWrite> {
        vec![(GENESIS_KEY.into(), encode(&self.genesis))]
    }

    /// The election so far.
    pub fn election(&self) -> &Election {
        &self.election
    }

    /// The counted ballots so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Whether a transaction would take effect in a block of this time, as things stand.
    pub fn check(&self, time: Seconds, bytes: &[u8]) -> Outcome {
        let mut scratch = self.clone();
        let outcomes = scratch.apply_block(0, time, &[bytes.to_vec()]).outcomes;
        outcomes.first().copied().unwrap_or(Outcome::Malformed)
    }

    /// Applies a block's transactions in their order. `time` is the header's.
    ///
    /// A block is either before opening or not: what ballots are judged by does not change within one, so that their proofs are judged together.
    pub fn apply_block(
        &mut self,
        height: Height,
        time: Seconds,
        transactions: &[Vec<u8>],
    ) -> BlockChanges {
        let mut changes = BlockChanges {
            outcomes: Vec::new(),
            writes: Vec::new(),
            batches: Vec::new(),
            spent: Vec::new(),
            ballots: 0,
        };
        let decoded: Vec<Option<Transaction>> = transactions
            .par_iter()
            .map(|bytes| Transaction::decode(bytes).ok())
            .collect();
        for (bytes, transaction) in transactions.iter().zip(&decoded) {
            let outcome = match transaction {
                Some(transaction) => self.apply(time, transaction, bytes, &mut changes),
                None => Outcome::Malformed,
            };
            changes.outcomes.push(outcome);
        }
        self.count_ballots(height, &decoded, &mut changes);
        changes.writes.extend(self.spent.writes(&changes.spent));
        changes
    }

    fn apply(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        bytes: &[u8],
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
            self.note(transaction, changes);
            changes
                .writes
                .extend(writes::of(transaction, bytes, &self.election));
        }
        outcome
    }

    /// Takes over what a transaction changes beyond the election itself.
    fn note(&mut self, transaction: &Transaction, changes: &mut BlockChanges) {
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
                    .map(|keys| keys.ballot_keys())
            }
            _ => {}
        }
    }

    /// Judges the admitted ballots' signatures and proofs, then spends their assets in the block's order.
    fn count_ballots(
        &mut self,
        height: Height,
        decoded: &[Option<Transaction>],
        changes: &mut BlockChanges,
    ) {
        let admitted: Vec<(&mut Outcome, &Transaction)> = changes
            .outcomes
            .iter_mut()
            .zip(decoded)
            .filter_map(|(outcome, transaction)| Some((outcome, transaction.as_ref()?)))
            .filter(|(outcome, transaction)| {
                **outcome == Outcome::Ok && matches!(transaction.body.action, Action::Cast(_))
            })
            .collect();
        let transactions: Vec<&Transaction> = admitted
            .iter()
            .map(|(_, transaction)| *transaction)
            .collect();
        let verdicts = judge(self.keys.as_ref(), &transactions);
        for ((outcome, _), verdict) in admitted.into_iter().zip(verdicts) {
            *outcome = match verdict {
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

/// Judges ballots in batches, on all cores. The verdicts do not depend on how they are grouped.
fn judge(
    keys: Option<&BallotKeys>,
    ballots: &[&Transaction],
) -> Vec<Result<CheckedBallot, Outcome>> {
    let Some(keys) = keys else {
        return vec![Err(Outcome::KeysIncomplete); ballots.len()];
    };
    let batch = ballots
        .len()
        .div_ceil(rayon::current_num_threads())
        .max(BATCH);
    ballots
        .par_chunks(batch)
        .flat_map_iter(|chunk| check_batch(keys, chunk))
        .map(|verdict| verdict.map_err(|refusal| refusal.outcome()))
        .collect()
}
