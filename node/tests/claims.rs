//! A node's application with rights that are claimed and ballots that are challenged: outcomes, state, lists, proposals, restart, snapshot.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code
)]

#[path = "../../verifier-core/tests/claim_keys/mod.rs"]
mod claim_keys;
#[path = "vectors/world.rs"]
mod world;

use node::query::{Question, answer};
use node::snapshot::{Manifest, Restoring, SnapshotError, Snapshots};
use node::storage::Store;
use node::{Committed, Replica};
use std::slice;
use std::sync::Arc;
use verifier_core::state_key::{self, RecordedIssuances, SpentEntry, SpoiledEntry};
use verifier_core::{
    AssetId, CLAIM_BATCHES, Outcome, PublicKey, TrackingCode, Transaction, decode, encode,
    prove::public_key,
};
use world::{DEADLINE, OPENING, Options, START, World, asset, voter};

const ROLL: u32 = 9;

struct Town {
    world: World,
    store: Arc<Store>,
    replica: Replica,
}

fn claimed(index: u16) -> AssetId {
    asset(0, CLAIM_BATCHES, index)
}

fn code(bytes: &[u8]) -> TrackingCode {
    Transaction::decode(bytes).unwrap().body.tracking_code()
}

impl Town {
    fn new() -> Self {
        let world = World::new(&Options {
            claims: true,
            ..Options::default()
        });
        let store = Arc::new(Store::in_memory().unwrap());
        let replica = open(&world, &store);
        Self {
            world,
            store,
            replica,
        }
    }

    /// Three blocks before opening: rolls, a batch, a record of two; keys; keys ready and one claim.
    fn set_up() -> Self {
        let mut town = Self::new();
        let world = &town.world;
        let mut first = vec![world.define(&[0, 1, 2])];
        first.extend((0..4).map(|m| world.roll(m, ROLL)));
        first.push(world.issue(0, 0, 3));
        first.push(world.record(0, 0, 2));
        let second = (0..4).map(|m| world.dealing(m)).collect();
        let mut third: Vec<_> = (0..4).map(|m| world.ready(m, false)).collect();
        third.push(world.claim(claimed(0)));
        for (time, block) in [(START, first), (START + 10, second), (START + 20, third)] {
            let expected = vec![Outcome::Ok; block.len()];
            assert_eq!(town.block(time, &block), expected);
        }
        town
    }

    fn block(&mut self, time: u64, transactions: &[Vec<u8>]) -> Vec<Outcome> {
        let height = self.replica.committed().height + 1;
        let finalized = self.replica.finalize(height, time, transactions).unwrap();
        let outcomes = finalized.outcomes().to_vec();
        self.replica.commit(finalized, None).unwrap();
        outcomes
    }

    fn committed(&self) -> &Committed {
        self.replica.committed()
    }

    fn value(&self, key: &str) -> Option<Vec<u8>> {
        let height = self.committed().height;
        self.store.state(key.as_bytes(), height).unwrap().value
    }

    fn list<T: borsh::BorshDeserialize + borsh::BorshSerialize>(
        &self,
        path: &str,
        asset: AssetId,
        height: u64,
    ) -> Vec<T> {
        let question = Question {
            path,
            data: &encode(&(asset.municipality, asset.batch)),
            height,
            prove: false,
        };
        let found = answer(&self.store, question, |_| None).unwrap();
        decode(&found.value.unwrap(), 1 << 20).unwrap()
    }
}

fn open(world: &World, store: &Arc<Store>) -> Replica {
    let state = world.genesis_state.clone();
    Replica::open(Arc::clone(store), world.genesis.hash(), state).unwrap()
}

fn addresses(count: u16) -> Vec<PublicKey> {
    (0..count).map(|n| public_key(&voter(claimed(n)))).collect()
}

#[test]
fn records_and_claims_are_in_the_state_and_in_the_lists() {
    let mut town = Town::set_up();
    let recorded = RecordedIssuances {
        records: 1,
        people: 2,
    };
    let key = state_key::recorded(0);
    assert_eq!(town.value(&key), Some(encode(&recorded)));
    assert_eq!(town.value(&state_key::recorded(1)), None);
    let key = state_key::issue(0, CLAIM_BATCHES);
    let hash = |count| Some(encode(&state_key::issue_value(&addresses(count))));
    assert_eq!(town.value(&key), hash(1));
    let claim = town.world.claim(claimed(1));
    // A second claim of the same address, and one too many, are refused and change nothing.
    let again = town.world.claim(claimed(0));
    let beyond = town.world.claim(claimed(2));
    let outcomes = town.block(START + 30, &[claim, again, beyond]);
    let expected = [Outcome::Ok, Outcome::Repeated, Outcome::ExceedsIssuances];
    assert_eq!(outcomes, expected);
    assert_eq!(town.value(&key), hash(2));
    assert_eq!(
        town.list::<PublicKey>("/batch", claimed(0), 0),
        addresses(2)
    );
}

#[test]
fn a_spoiled_ballot_never_counts_and_a_later_one_does() {
    let mut town = Town::set_up();
    let (world, right) = (&town.world, claimed(0));
    let challenged = world.cast(right, 1, "challenged");
    let spoil = world.spoil(right, code(&challenged));
    let other = world.cast(asset(0, 0, 1), 0, "");
    let cast = world.cast(right, 0, "");
    // In one block: the challenge first, then the ballot all the same.
    let block = [spoil.clone(), challenged.clone(), other, spoil];
    assert_eq!(
        town.block(OPENING, &block),
        [
            Outcome::Ok,
            Outcome::Spoiled,
            Outcome::Ok,
            Outcome::Repeated
        ]
    );
    let key = state_key::spoiled(0, CLAIM_BATCHES);
    let entry = SpoiledEntry {
        index: 0,
        code: code(&challenged),
    };
    assert_eq!(
        town.value(&key),
        Some(encode(&state_key::spoiled_value(&[entry])))
    );
    assert_eq!(town.value(&state_key::spent(0, CLAIM_BATCHES)), None);
    assert_eq!(
        town.block(OPENING + 1, slice::from_ref(&challenged)),
        [Outcome::Spoiled]
    );
    assert_eq!(
        town.block(OPENING + 2, slice::from_ref(&cast)),
        [Outcome::Ok]
    );
    assert_eq!(town.block(OPENING + 3, &[challenged]), [Outcome::Spoiled]);
    let spent = SpentEntry {
        index: 0,
        height: 6,
        code: code(&cast),
    };
    assert_eq!(town.list::<SpentEntry>("/spent", right, 0), [spent]);
    // What can no longer count, since its block.
    for (height, expected) in [(3, vec![]), (4, vec![entry]), (0, vec![entry])] {
        let listed = town.list::<SpoiledEntry>("/spoiled", right, height);
        assert_eq!(listed, expected);
    }
    assert!(
        town.list::<SpoiledEntry>("/spoiled", asset(0, 0, 0), 0)
            .is_empty()
    );
}

#[test]
fn a_challenge_after_its_ballot_changes_nothing() {
    let mut town = Town::set_up();
    let cast = town.world.cast(claimed(0), 0, "");
    let spoil = town.world.spoil(claimed(0), code(&cast));
    let outcomes = town.block(OPENING, &[cast.clone(), spoil, cast]);
    assert_eq!(outcomes, [Outcome::Ok, Outcome::Ok, Outcome::Spoiled]);
    let ballots: Vec<u64> = town.committed().application.tally().ballots().collect();
    assert_eq!(ballots, [1, 0, 0, 0]);
}

#[test]
fn waiting_transactions_are_checked_by_the_same_rules() {
    let mut town = Town::set_up();
    let check = |town: &Town, time, bytes: &[u8]| town.committed().application.check(time, bytes);
    let before = START + 30;
    assert_eq!(
        check(&town, before, &town.world.claim(claimed(1))),
        Outcome::Ok
    );
    assert_eq!(
        check(&town, before, &town.world.claim(claimed(0))),
        Outcome::Repeated
    );
    // A record that waits for the one before it.
    assert_eq!(
        check(&town, before, &town.world.record(0, 2, 1)),
        Outcome::Ok
    );
    assert_eq!(
        check(&town, before, &town.world.record(0, 0, 1)),
        Outcome::InvalidBatch
    );
    assert_eq!(
        check(&town, before, &town.world.record(0, 1, 5)),
        Outcome::ExceedsRoll
    );
    let ballot = town.world.cast(claimed(0), 1, "");
    let spoil = town.world.spoil(claimed(0), code(&ballot));
    assert_eq!(check(&town, OPENING, &ballot), Outcome::Ok);
    assert_eq!(check(&town, OPENING, &spoil), Outcome::Ok);
    assert_eq!(town.block(OPENING, slice::from_ref(&spoil)), [Outcome::Ok]);
    // Known as good before, and not any more.
    assert_eq!(check(&town, OPENING, &ballot), Outcome::Spoiled);
    assert_eq!(check(&town, OPENING, &spoil), Outcome::Repeated);
    let unknown = open(&town.world, &town.store);
    let application = &unknown.committed().application;
    assert_eq!(application.check(OPENING, &ballot), Outcome::Spoiled);
}

#[test]
fn a_proposal_may_hold_a_ballot_that_races_with_its_challenge() {
    let mut town = Town::set_up();
    let ballot = town.world.cast(claimed(0), 1, "");
    let spoil = town.world.spoil(claimed(0), code(&ballot));
    let offered = [spoil.clone(), ballot.clone()];
    let application = &town.committed().application;
    let chosen = application.choose(4, OPENING, &offered, 1 << 20);
    assert_eq!(chosen, offered);
    assert!(application.check_proposal(4, OPENING, &offered).is_ok());
    assert_eq!(
        town.block(OPENING, &offered),
        [Outcome::Ok, Outcome::Spoiled]
    );
    // What was refused before the block began is nothing that an honest proposer takes in.
    let application = &town.committed().application;
    let again = [ballot, spoil];
    assert!(
        application
            .choose(5, OPENING + 1, &again, 1 << 20)
            .is_empty()
    );
    for bytes in again {
        assert!(
            application
                .check_proposal(5, OPENING + 1, &[bytes])
                .is_err()
        );
    }
}

#[test]
fn the_order_of_ballots_in_a_block_says_nothing_of_when_they_came() {
    let town = Town::set_up();
    let world = &town.world;
    let assets = [asset(0, 0, 0), asset(0, 0, 1), asset(0, 0, 2)];
    let ballots = assets.map(|asset| world.cast(asset, 1, ""));
    let application = &town.committed().application;
    let choose = |offered: &[Vec<u8>]| application.choose(4, OPENING, offered, 1 << 20);
    let chosen = choose(&ballots);
    let [a, b, c] = &ballots;
    for order in [[a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]] {
        assert_eq!(choose(&order.map(Clone::clone)), chosen);
    }
    assert!(chosen.is_sorted_by_key(|ballot| verifier_core::Hash::of(ballot)));
    // Two ballots of one asset stay as they came: the first of them counts.
    let rival = world.cast(assets[0], 0, "rival");
    for pair in [[a, &rival], [&rival, a]] {
        let offered = [pair[0], c, b, pair[1]].map(Clone::clone);
        let chosen = choose(&offered);
        assert_eq!([&chosen[0], &chosen[3]], pair);
        assert!(application.check_proposal(4, OPENING, &chosen).is_ok());
    }
}

/// Claims, a challenge, and ballots, up to Close.
fn voted() -> Town {
    let mut town = Town::set_up();
    let world = &town.world;
    let challenged = world.cast(claimed(0), 1, "challenged");
    let blocks = [
        (
            START + 30,
            vec![world.record(1, 0, 1), world.claim(claimed(1))],
        ),
        (
            OPENING,
            vec![
                world.spoil(claimed(0), code(&challenged)),
                world.cast(claimed(1), 0, ""),
            ],
        ),
        (OPENING + 5, vec![world.cast(claimed(0), 0, "")]),
        (DEADLINE, vec![world.close().encode()]),
    ];
    for (time, block) in blocks {
        let expected = vec![Outcome::Ok; block.len()];
        assert_eq!(town.block(time, &block), expected);
    }
    town
}

#[test]
fn a_node_that_starts_again_knows_claims_and_challenges() {
    let town = voted();
    let again = open(&town.world, &town.store);
    assert_eq!(again.committed().root, town.committed().root);
    let (one, other) = (
        town.committed().application.election(),
        again.committed().application.election(),
    );
    assert_eq!(one.setup_digest(), other.setup_digest());
    assert_eq!(
        one.spoiled(0, CLAIM_BATCHES).collect::<Vec<_>>(),
        other.spoiled(0, CLAIM_BATCHES).collect::<Vec<_>>()
    );
    assert_eq!((other.claimed(0), other.recorded(1).people), (2, 1));
    let claim = town.world.claim(claimed(0));
    let application = &again.committed().application;
    assert_eq!(application.check(START, &claim), Outcome::Repeated);
}

#[test]
fn a_snapshot_brings_claims_and_challenges_to_a_node_that_joins_late() {
    let town = voted();
    let home = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(home.path().join("snapshots"), 0);
    let pinned = town.store.pin().unwrap();
    snapshots.take(town.committed(), &pinned).unwrap();
    let listed = snapshots.list().remove(0);
    let restore = |root: [u8; 32], change: &dyn Fn(Vec<u8>) -> Vec<u8>| {
        let chunk = snapshots.chunk(listed.height, listed.format, 0).unwrap();
        let chunk = change(chunk);
        let manifest = Manifest {
            chunks: vec![verifier_core::Hash::of(&chunk)],
        };
        let folder = home.path().join("incoming");
        let mut restoring = Restoring::new(listed.height, root, manifest, folder).unwrap();
        assert!(restoring.receive(0, &chunk).unwrap());
        let store = Arc::new(Store::in_memory().unwrap());
        let state = town.world.genesis_state.clone();
        let taken = restoring.check(&store, town.world.genesis.hash(), state)?;
        let mut replica = open(&town.world, &store);
        replica.adopt(taken).unwrap();
        Ok::<_, SnapshotError>(Town {
            world: World::new(&Options {
                claims: true,
                ..Options::default()
            }),
            store,
            replica,
        })
    };
    let joined = restore(town.committed().root, &|chunk| chunk).unwrap();
    assert_eq!(joined.committed().root, town.committed().root);
    assert_eq!(
        joined.list::<PublicKey>("/batch", claimed(0), 0),
        addresses(2)
    );
    let spoiled = |town: &Town| town.list::<SpoiledEntry>("/spoiled", claimed(0), 0);
    assert_eq!(spoiled(&joined), spoiled(&town));
    assert_eq!(spoiled(&joined).len(), 1);
    let key = state_key::spoiled(0, CLAIM_BATCHES);
    assert_eq!(joined.value(&key), town.value(&key));
    assert!(restore([1; 32], &|chunk| chunk).is_err());
}
