//! The rules on challenged ballots.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod fixture;

use fixture::Fixture;
use verifier_core::prove::{SigningKey, VoterElection, prove_ready, public_key, sign_body};
use verifier_core::state_key::SpoiledEntry;
use verifier_core::{
    Action, AssetId, Body, CertifyRoll, Define, Election, GenesisState, Hash, Issue, Outcome,
    Spoil, Tally, TrackingCode, Transaction,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const OPEN: u64 = 150;
const CODE: TrackingCode = TrackingCode([5; 32]);

/// An election whose voters are two.
struct Town {
    fixture: Fixture,
    election: Election,
    voters: [SigningKey; 2],
}

impl Town {
    /// `ready` of two trustees are.
    fn new(ready: u16) -> Self {
        let mut fixture = Fixture::new(6, 2, 2, 2);
        let registrars: Vec<_> = fixture.signers.iter().map(|s| &s.registrar).collect();
        let state = GenesisState::new(registrars.iter().map(|key| public_key(key)).collect());
        let voters = [fixture.voter(), fixture.voter()];
        let mut town = Self {
            election: Election::new(fixture.genesis, state),
            voters,
            fixture,
        };
        town.set_up(ready);
        town
    }

    fn set_up(&mut self, ready: u16) {
        let define = Define {
            contract: self.fixture.contract.clone(),
            approvals: vec![0, 1],
        };
        let roll = CertifyRoll {
            municipality: 0,
            people: 2,
        };
        let mut roll_commitments = vec![Hash([1; 32]), Hash([2; 32])];
        roll_commitments.sort();
        let issue = Issue {
            municipality: 0,
            batch: 0,
            addresses: self.voters.iter().map(public_key).collect(),
            roll_commitments,
        };
        let Fixture {
            signers,
            dealings,
            trustees,
            key_set,
            rng,
            ..
        } = &mut self.fixture;
        let registrar = |m: usize| signers[m].registrar.clone();
        let mut steps = vec![
            (Action::Define(define), vec![registrar(0), registrar(1)]),
            (Action::CertifyRoll(roll), vec![registrar(0)]),
            (Action::Issue(issue), vec![registrar(0)]),
        ];
        for (deal, signers) in dealings.iter().zip(signers.iter()) {
            let deal = Action::DealKey(deal.clone());
            steps.push((deal, vec![signers.trustee.clone()]));
        }
        for (trustee, signers) in trustees.iter().zip(signers.iter()).take(ready.into()) {
            let ready = Action::KeyReady(prove_ready(key_set, trustee, rng));
            steps.push((ready, vec![signers.trustee.clone()]));
        }
        for (action, keys) in steps {
            let body = Body::new(self.fixture.genesis, self.fixture.contract.id(), action);
            let transaction = sign_body(body, &keys.iter().collect::<Vec<_>>());
            assert_eq!(self.apply(1, &transaction), Outcome::Ok);
        }
    }

    fn apply(&mut self, time: u64, transaction: &Transaction) -> Outcome {
        self.election.apply(time, transaction, &Tally::new(2, 2))
    }

    fn spoil(&self, index: u16, code: TrackingCode) -> Transaction {
        let election = VoterElection {
            genesis: self.fixture.genesis,
            contract: self.fixture.contract.id(),
        };
        election.spoil(asset(index), code, &self.voters[usize::from(index % 2)])
    }
}

fn asset(index: u16) -> AssetId {
    AssetId {
        municipality: 0,
        batch: 0,
        index,
    }
}

#[test]
fn a_challenge_concerns_one_code_of_one_asset() {
    let mut town = Town::new(2);
    assert!(!town.election.is_spoiled(asset(0), || CODE));
    let spoil = town.spoil(0, CODE);
    assert_eq!(town.apply(OPEN, &spoil), Outcome::Ok);
    assert_eq!(town.apply(OPEN, &spoil), Outcome::Repeated);
    assert!(town.election.is_spoiled(asset(0), || CODE));
    assert!(!town.election.is_spoiled(asset(0), || TrackingCode([6; 32])));
    assert!(!town.election.is_spoiled(asset(1), || CODE));
    // Everybody may challenge a ballot of the same code with an asset of their own: it does no harm to others.
    let other = town.spoil(1, CODE);
    assert_eq!(town.apply(OPEN, &other), Outcome::Ok);
    let entries: Vec<_> = town.election.spoiled(0, 0).collect();
    let entry = |index| SpoiledEntry { index, code: CODE };
    assert_eq!(entries, [entry(0), entry(1)]);
    assert_eq!(town.election.spoiled(0, 1).count(), 0);
    assert_eq!(town.election.spoiled(9, 0).count(), 0);
}

#[test]
fn nobody_challenges_a_ballot_of_anothers_asset() {
    let mut town = Town::new(2);
    let mut spoil = Spoil {
        asset: asset(0),
        address: public_key(&town.voters[1]),
        challenged: CODE,
    };
    let signed = |town: &Town, spoil: &Spoil| {
        let action = Action::Spoil(spoil.clone());
        let body = Body::new(town.fixture.genesis, town.fixture.contract.id(), action);
        sign_body(body, &[&town.voters[1]])
    };
    let foreign = signed(&town, &spoil);
    assert_eq!(town.apply(OPEN, &foreign), Outcome::NotIssued);
    spoil.address = public_key(&town.voters[0]);
    let forged = signed(&town, &spoil);
    assert_eq!(town.apply(OPEN, &forged), Outcome::InvalidSignature);
    let none = town.spoil(2, CODE);
    assert_eq!(town.apply(OPEN, &none), Outcome::NotIssued);
    assert!(!town.election.is_spoiled(asset(0), || CODE));
}

#[test]
fn challenges_come_when_ballots_may_come() {
    let mut town = Town::new(2);
    let spoil = town.spoil(0, CODE);
    for time in [99, 210] {
        assert_eq!(town.apply(time, &spoil), Outcome::OutsideWindow);
    }
    assert_eq!(town.apply(209, &spoil), Outcome::Ok);
    let other = town.spoil(1, CODE);
    assert_eq!(town.apply(100, &other), Outcome::Ok);
    let mut unready = Town::new(1);
    let spoil = unready.spoil(0, CODE);
    assert_eq!(unready.apply(OPEN, &spoil), Outcome::KeysIncomplete);
}

#[test]
fn sixteen_ballots_of_an_asset_may_be_challenged() {
    let mut town = Town::new(2);
    for n in 0..16 {
        let spoil = town.spoil(0, TrackingCode([n; 32]));
        assert_eq!(town.apply(OPEN, &spoil), Outcome::Ok);
    }
    let more = town.spoil(0, TrackingCode([16; 32]));
    assert_eq!(town.apply(OPEN, &more), Outcome::Repeated);
    let other = town.spoil(1, TrackingCode([16; 32]));
    assert_eq!(town.apply(OPEN, &other), Outcome::Ok);
}
