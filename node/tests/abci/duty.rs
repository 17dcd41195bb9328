//! The trustees' duty: an election whose keys and result nobody makes but the nodes themselves.

use node::application::Application;
use node::duty::{Due, Trustee};
use node::home::{KeyFile, KeyUse};
use node::storage::Store;
use node::{Committed, Replica};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use std::sync::Arc;
use verifier_core::prove::{SigningKey, sign_body};
use verifier_core::{
    Action, Body, ChoiceRule, Contract, Dealing, Define, GenesisHash, GenesisState, Municipality,
    Name, Outcome, Transaction,
};

const MUNICIPALITIES: u16 = 4;
const GENESIS: GenesisHash = GenesisHash([7; 32]);
const OPENING: u64 = 1_000;
const DEADLINE: u64 = 2_100;

struct World {
    registrars: Vec<SigningKey>,
    trustees: Vec<Trustee>,
    replica: Replica,
}

fn key(key_use: KeyUse, index: u16) -> KeyFile {
    let number = u64::from(index) * 10
        + (0..)
            .zip(KeyUse::ALL)
            .find(|(_, u)| *u == key_use)
            .unwrap()
            .0;
    KeyFile::draw(key_use, &mut ChaCha20Rng::seed_from_u64(number))
}

fn name(text: &str) -> Name {
    Name {
        ko: text.into(),
        en: text.into(),
    }
}

fn contract() -> Contract {
    let municipalities = (0..MUNICIPALITIES).map(|index| Municipality {
        name: name(&format!("municipality {index}")),
        registrar: key(KeyUse::Registrar, index).public_key(),
        trustee: key(KeyUse::Trustee, index).public_key(),
        trustee_encryption: key(KeyUse::Trustee, index).encryption_point(),
        promise: key(KeyUse::Promise, index).public_key(),
        observer: key(KeyUse::Observer, index).public_key(),
    });
    Contract {
        version: 1,
        title: name("test"),
        candidates: vec![name("a"), name("b")],
        choice_rule: ChoiceRule::ExactlyOne,
        municipalities: municipalities.collect(),
        threshold: 3,
        opening: OPENING,
        closing: 2_000,
        grace: 100,
        minimum_cell: 1,
        turnout_tolerance: 0,
        claim_keys: Vec::new(),
    }
}

impl World {
    /// A ledger with the contract on it.
    fn new() -> Self {
        let registrars: Vec<_> = (0..MUNICIPALITIES)
            .map(|index| key(KeyUse::Registrar, index))
            .collect();
        let state = GenesisState::new(registrars.iter().map(KeyFile::public_key).collect());
        let store = Arc::new(Store::in_memory().unwrap());
        let mut world = Self {
            registrars: registrars.iter().map(KeyFile::signing_key).collect(),
            trustees: (0..MUNICIPALITIES)
                .map(|index| Trustee::new(index, key(KeyUse::Trustee, index)))
                .collect(),
            replica: Replica::open(store, GENESIS, state).unwrap(),
        };
        let contract = contract();
        let body = Body::new(
            GENESIS,
            contract.id(),
            Action::Define(Define {
                contract,
                approvals: (0..MUNICIPALITIES).collect(),
            }),
        );
        let signers: Vec<&SigningKey> = world.registrars.iter().collect();
        let define = sign_body(body, &signers);
        assert_eq!(world.block(10, &[define]), [Outcome::Ok]);
        world
    }

    fn now(&self) -> Arc<Committed> {
        Arc::clone(self.replica.committed())
    }

    fn application(&self) -> Application {
        self.now().application.clone()
    }

    fn block(&mut self, time: u64, transactions: &[Transaction]) -> Vec<Outcome> {
        let bytes: Vec<Vec<u8>> = transactions.iter().map(Transaction::encode).collect();
        let block = self
            .replica
            .finalize(self.now().height + 1, time, &bytes)
            .unwrap();
        let outcomes = block.outcomes().to_vec();
        self.replica.commit(block, None).unwrap();
        outcomes
    }

    /// What every trustee sends now.
    fn due(&self, before: Option<&Committed>) -> Vec<Transaction> {
        let now = self.now();
        let trustees = self.trustees.iter();
        trustees
            .filter_map(|trustee| {
                let due = Due::of(trustee.index(), &now, before)?;
                let election = now.application.election();
                Some(trustee.make(due, GENESIS, election).unwrap())
            })
            .collect()
    }

    /// Blocks in which every trustee does what is due, until nothing is.
    fn work(&mut self, time: u64) {
        let mut before = self.now();
        loop {
            let due = self.due(Some(&before));
            if due.is_empty() {
                return;
            }
            let mut once = due.clone();
            once.dedup();
            before = self.now();
            let outcomes = self.block(time, &once);
            assert!(outcomes.iter().all(|o| *o == Outcome::Ok), "{outcomes:?}");
        }
    }
}

#[test]
fn nodes_make_the_keys_and_open_the_sums_by_themselves() {
    let mut world = World::new();
    world.work(20);
    let application = world.application();
    assert!(application.election().complete_key_set().is_some());
    // Nothing is due while people vote, nor in the grace.
    for time in [OPENING, DEADLINE - 1] {
        world.block(time, &[]);
        assert!(world.due(None).is_empty());
    }
    world.block(DEADLINE, &[]);
    let close = world.due(None);
    assert_eq!(close.len(), usize::from(MUNICIPALITIES));
    assert!(close.iter().all(|transaction| *transaction == close[0]));
    let before = world.now();
    world.block(DEADLINE + 1, &close[..1]);
    // Not before the others have agreed on the closed sums.
    assert!(world.due(Some(&before)).is_empty());
    assert!(world.due(None).is_empty());
    let closed = world.now();
    world.block(DEADLINE + 2, &[]);
    assert!(world.due(None).is_empty());
    let shares = world.due(Some(&closed));
    assert_eq!(shares.len(), usize::from(MUNICIPALITIES));
    let outcomes = world.block(DEADLINE + 3, &shares);
    assert_eq!(outcomes, [Outcome::Ok; 4]);
    assert!(world.due(Some(&closed)).is_empty());
    assert!(world.application().totals().is_some());
}

#[test]
fn what_is_due_is_the_same_bytes_again() {
    let mut world = World::new();
    for _ in 0..2 {
        let due = world.due(None);
        assert_eq!(due.len(), usize::from(MUNICIPALITIES));
        let again: Vec<_> = (0..MUNICIPALITIES)
            .map(|index| Trustee::new(index, key(KeyUse::Trustee, index)))
            .collect();
        world.trustees = again;
        assert_eq!(world.due(None), due);
        world.block(20, &due);
    }
}

#[test]
fn a_trustee_complains_of_a_dealer_whose_share_is_bad_and_everybody_deals_again() {
    let mut world = World::new();
    let mut due = world.due(None);
    // Municipality 2 deals municipality 1 a share that does not fit.
    let mut body = due[2].body.clone();
    let Action::DealKey(deal) = &mut body.action else {
        panic!()
    };
    let dealing: &mut Dealing = &mut deal.dealings[0];
    dealing.encrypted_shares.swap(0, 1);
    due[2] = sign_body(body, &[&key(KeyUse::Trustee, 2).signing_key()]);
    assert_eq!(world.block(20, &due), [Outcome::Ok; 4]);
    let due = world.due(None);
    let complaints = due.iter().filter(|transaction| {
        matches!(&transaction.body.action, Action::Complain(complain) if complain.dealer == 2)
    });
    assert_eq!(complaints.count(), 2);
    world.block(30, &due[..1]);
    let application = world.application();
    assert_eq!(application.election().attempt(), 1);
    assert_eq!(application.election().culprits()[0].dealer, 2);
    world.work(40);
    assert!(world.application().election().complete_key_set().is_some());
}

#[test]
fn a_key_that_the_contract_does_not_name_is_noticed() {
    let own = Trustee::new(0, key(KeyUse::Trustee, 0));
    let other = Trustee::new(0, key(KeyUse::Trustee, 1));
    assert!(own.is_named_by(&contract()));
    assert!(!other.is_named_by(&contract()));
}
