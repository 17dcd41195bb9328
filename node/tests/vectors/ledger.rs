//! A ledger whose validators agree on whatever they are told to say. Beside it runs what a verifier makes of it: honest rules, and the
//! sums of the ballots that are both valid and said to count.

use super::plan::{Entry, Make, Plan};
use super::world::{World, rng};
use jmt::mock::MockTreeStore;
use jmt::{KeyHash, Sha256Jmt};
use node::engine::{Chain, GenesisDocument};
use sha2::Sha256;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tendermint::block::{Commit, Header};
use verifier_core::prove::{decrypt_sums, sign_body};
use verifier_core::state_key::{self, KeySetSummary, SpentEntry};
use verifier_core::{
    Action, AssetId, CellTotals, CheckedShare, ClaimedTotals, Election, Outcome, Tally,
    TrackingCode, Transaction, check_ballot, check_share, combine, encode,
};

type State = BTreeMap<String, Vec<u8>>;

pub struct Block {
    pub header: Header,
    pub commit: Commit,
    pub transactions: Vec<Vec<u8>>,
    pub codes: Vec<u32>,
}

pub struct Ledger<'a> {
    world: &'a World,
    chain: Chain,
    election: Election,
    /// Valid ballots that are said to count.
    tally: Tally,
    spent: BTreeSet<AssetId>,
    pub spent_tables: BTreeMap<(u16, u16), BTreeMap<u16, SpentEntry>>,
    state: State,
    /// The state after each block.
    pub states: Vec<State>,
    pub blocks: Vec<Block>,
}

impl<'a> Ledger<'a> {
    /// Runs a plan to its end; the last block is only a header.
    pub fn run(world: &'a World, plan: &Plan) -> Self {
        let state = State::from([("genesis".to_string(), encode(&world.genesis.hash()))]);
        let document = GenesisDocument {
            chain_id: world.genesis.chain_id.clone(),
            time: world.genesis.time,
            app_state: world.genesis_state.to_app_state(),
        };
        let validators = Arc::clone(&world.validators);
        let contract = &world.contract;
        let mut ledger = Self {
            world,
            chain: Chain::new(document, validators, root(&state)).unwrap(),
            election: Election::new(world.genesis.hash(), world.genesis_state.clone()),
            tally: Tally::new(contract.municipalities.len(), contract.candidates.len()),
            spent: BTreeSet::new(),
            spent_tables: BTreeMap::new(),
            state,
            states: Vec::new(),
            blocks: Vec::new(),
        };
        for (index, block) in plan.blocks.iter().enumerate() {
            let next = plan
                .blocks
                .get(index + 1)
                .map_or(block.time + 10, |b| b.time);
            ledger.block(plan, index, block.time, next);
        }
        ledger
    }

    fn block(&mut self, plan: &Plan, index: usize, time: u64, next: u64) {
        let planned = &plan.blocks[index];
        let mut transactions = Vec::new();
        let mut outcomes = Vec::new();
        for entry in &planned.entries {
            let bytes = self.make(entry);
            outcomes.push(self.apply(time, &bytes, entry.told));
            transactions.push(bytes);
        }
        if let Some(false_state) = &planned.false_state {
            self.state.extend(false_state.clone());
        }
        self.states.push(self.state.clone());
        outcomes.truncate(planned.outcomes.unwrap_or(usize::MAX));
        let proposal = self.chain.propose(transactions.clone()).unwrap();
        assert_eq!(
            proposal.header.time.unix_timestamp(),
            i64::try_from(time).unwrap()
        );
        let next_time = i128::from(next) * 1_000_000_000;
        let root = root(&self.state);
        let commit = self
            .chain
            .commit(&proposal, next_time, &outcomes, root)
            .unwrap();
        if next <= time {
            self.turn_back_clock(&proposal.header, &commit, &outcomes, root);
        }
        self.blocks.push(Block {
            header: proposal.header,
            commit,
            transactions,
            codes: outcomes.into_iter().map(Outcome::code).collect(),
        });
    }

    /// The engine refuses a clock that runs backwards; these validators do not.
    fn turn_back_clock(
        &mut self,
        header: &Header,
        commit: &Commit,
        outcomes: &[Outcome],
        root: [u8; 32],
    ) {
        let mut earlier = header.clone();
        earlier.time = self.world.genesis.time;
        self.chain = Chain::resume(
            self.chain.genesis.clone(),
            Arc::clone(&self.world.validators),
            &earlier,
            commit.clone(),
            outcomes,
            root,
        )
        .unwrap();
    }

    fn make(&self, entry: &Entry) -> Vec<u8> {
        match &entry.make {
            Make::Bytes(bytes) => bytes.clone(),
            Make::Share { trustee, forged } => self.share(*trustee, *forged),
        }
    }

    fn sums(&self) -> (TrackingCode, Vec<verifier_core::EncryptedSum>) {
        match self.election.close() {
            Some(close) => (
                close.code,
                close.cells.iter().map(|cell| cell.sum.clone()).collect(),
            ),
            None => (
                self.world.close().body.tracking_code(),
                self.tally
                    .cells(self.world.contract.minimum_cell)
                    .into_iter()
                    .map(|cell| cell.sum)
                    .collect(),
            ),
        }
    }

    fn share(&self, trustee: u16, forged: bool) -> Vec<u8> {
        let (close, sums) = self.sums();
        let index = usize::from(trustee);
        let mut rng = rng(&format!("share {trustee}"));
        let keys = &self.world.trustees[index];
        let mut share = decrypt_sums(&self.world.key_set, close, &sums, keys, &mut rng);
        if forged {
            // Candidate 1's share in the place of candidate 0's: a point, but not the right one.
            share.cells[0][0].share = share.cells[0][1].share;
        }
        let body = self.world.body(Action::Share(share));
        sign_body(body, &[&self.world.keys[index].trustee]).encode()
    }

    /// The outcome that the validators state: what they are told, or the truth.
    fn apply(&mut self, time: u64, bytes: &[u8], told: Option<Outcome>) -> Outcome {
        let Ok(transaction) = Transaction::decode(bytes) else {
            return told.unwrap_or(Outcome::Malformed);
        };
        let derived = match &transaction.body.action {
            Action::Cast(_) => return self.cast(time, &transaction, told),
            _ => self.election.apply(time, &transaction, &self.tally),
        };
        let stated = told.unwrap_or(derived);
        if stated == Outcome::Ok {
            self.write(&transaction);
        }
        stated
    }

    fn cast(&mut self, time: u64, transaction: &Transaction, told: Option<Outcome>) -> Outcome {
        let Action::Cast(ballot) = &transaction.body.action else {
            return Outcome::Malformed;
        };
        let keys = self.world.key_set.ballot_keys();
        let checked = self
            .election
            .admit(time, transaction)
            .and_then(|()| check_ballot(&keys, transaction).map_err(|error| error.outcome()));
        let spent = self.spent.contains(&ballot.asset);
        let code = || transaction.body.tracking_code();
        let derived = match &checked {
            Ok(_) if self.election.is_spoiled(ballot.asset, code) => Outcome::Spoiled,
            Ok(_) if spent => Outcome::AssetSpent,
            Ok(_) => Outcome::Ok,
            Err(outcome) => *outcome,
        };
        let stated = told.unwrap_or(derived);
        if stated == Outcome::Ok {
            if let Ok(checked) = checked {
                self.tally.add(&checked);
            }
            self.spend(ballot.asset, transaction.body.tracking_code());
        }
        stated
    }

    fn spend(&mut self, asset: AssetId, code: TrackingCode) {
        self.spent.insert(asset);
        let height = u64::try_from(self.blocks.len()).unwrap() + 1;
        let table = self
            .spent_tables
            .entry((asset.municipality, asset.batch))
            .or_default();
        let entry = SpentEntry {
            index: asset.index,
            height,
            code,
        };
        table.entry(asset.index).or_insert(entry);
        let entries: Vec<_> = table.values().copied().collect();
        self.state.insert(
            state_key::spent(asset.municipality, asset.batch),
            encode(&state_key::spent_value(&entries)),
        );
    }

    /// As a node writes it.
    fn write(&mut self, transaction: &Transaction) {
        match &transaction.body.action {
            Action::Define(define) => {
                self.state
                    .insert(state_key::CONTRACT.into(), encode(&define.contract));
            }
            Action::Issue(issue) => {
                self.state.insert(
                    state_key::issue(issue.municipality, issue.batch),
                    encode(&state_key::issue_value(&issue.addresses)),
                );
            }
            Action::RecordIssuances(record) => {
                let recorded = self.election.recorded(record.municipality);
                self.state
                    .insert(state_key::recorded(record.municipality), encode(&recorded));
            }
            Action::Claim(claim) => {
                if let Some(asset) = self.election.last_claimed(claim.municipality) {
                    let (m, batch) = (asset.municipality, asset.batch);
                    let addresses = self.election.batch(m, batch).unwrap_or_default();
                    let value = encode(&state_key::issue_value(addresses));
                    self.state.insert(state_key::issue(m, batch), value);
                }
            }
            Action::Spoil(spoil) => {
                let (m, batch) = (spoil.asset.municipality, spoil.asset.batch);
                let spoiled: Vec<_> = self.election.spoiled(m, batch).collect();
                let value = encode(&state_key::spoiled_value(&spoiled));
                self.state.insert(state_key::spoiled(m, batch), value);
            }
            Action::KeyReady(_) => {
                if let Some(keys) = self.election.complete_key_set() {
                    let summary = KeySetSummary {
                        id: keys.id(),
                        addresses: keys.addresses(),
                    };
                    self.state
                        .insert(state_key::KEY_SET.into(), encode(&summary));
                }
            }
            _ => {}
        }
    }

    /// The totals that the ledger's shares prove; of shares that do not, none.
    pub fn totals(&self) -> Option<ClaimedTotals> {
        let close = self.election.close()?;
        let shares: Vec<CheckedShare> = self.election.shares().cloned().collect();
        let sums: Vec<_> = close.cells.iter().map(|cell| cell.sum.clone()).collect();
        let opened = combine(self.election.complete_key_set()?, &shares, &sums).ok()?;
        let cells = close
            .cells
            .iter()
            .zip(opened)
            .map(|(cell, totals)| CellTotals {
                municipalities: cell.municipalities.clone(),
                ballots: cell.ballots,
                votes: totals
                    .iter()
                    .map(|total| total.find(cell.ballots).unwrap())
                    .collect(),
            });
        Some(ClaimedTotals {
            cells: cells.collect(),
        })
    }

    /// The totals even where too few shares are there: four trustees can always tell them.
    pub fn true_totals(&self) -> Option<ClaimedTotals> {
        if let Some(totals) = self.totals() {
            return Some(totals);
        }
        let (close, sums) = self.sums();
        let cells = self.tally.cells(self.world.contract.minimum_cell);
        let shares: Option<Vec<CheckedShare>> = (self.world.trustees.iter())
            .map(|keys| {
                let mut rng = rng("true totals");
                let share = decrypt_sums(&self.world.key_set, close, &sums, keys, &mut rng);
                check_share(&self.world.key_set, close, &sums, &share).ok()
            })
            .collect();
        let opened = combine(&self.world.key_set, &shares?, &sums).ok()?;
        let cells = cells.iter().zip(opened).map(|(cell, totals)| CellTotals {
            municipalities: cell.municipalities.clone(),
            ballots: cell.ballots,
            votes: totals
                .iter()
                .map(|t| t.find(cell.ballots).unwrap_or(0))
                .collect(),
        });
        Some(ClaimedTotals {
            cells: cells.collect(),
        })
    }

    /// Value and proof of a key in the state after block `height`.
    pub fn prove(&self, key: &str, height: u64) -> (Option<Vec<u8>>, Vec<u8>) {
        use prost_of_ics23::Message as _;
        let state = &self.states[usize::try_from(height).unwrap() - 1];
        let store = tree(state);
        let tree = Sha256Jmt::new(&store);
        let (value, proof) = tree
            .get_with_ics23_proof(key.as_bytes().to_vec(), 0)
            .unwrap();
        (value, proof.encode_to_vec())
    }
}

fn tree(state: &State) -> MockTreeStore {
    let store = MockTreeStore::default();
    let tree = Sha256Jmt::new(&store);
    let values: Vec<_> = state
        .iter()
        .map(|(key, value)| (KeyHash::with::<Sha256>(key), Some(value.clone())))
        .collect();
    let (_, batch) = tree.put_value_set(values, 0).unwrap();
    store.write_tree_update_batch(batch).unwrap();
    for key in state.keys() {
        store.put_key_preimage(KeyHash::with::<Sha256>(key), &key.as_bytes().to_vec());
    }
    store
}

fn root(state: &State) -> [u8; 32] {
    let store = tree(state);
    Sha256Jmt::new(&store).get_root_hash(0).unwrap().0
}

impl Ledger<'_> {
    /// The spent table of a batch after block `height`.
    pub fn spent_at(&self, municipality: u16, batch: u16, height: u64) -> Vec<SpentEntry> {
        let table = self.spent_tables.get(&(municipality, batch));
        let entries = table.into_iter().flat_map(BTreeMap::values);
        entries
            .filter(|entry| entry.height <= height)
            .copied()
            .collect()
    }
}
