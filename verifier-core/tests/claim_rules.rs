//! The rules on rights that are given by blind signature: what is recorded, what is claimed, and by whom not.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod claim_keys;
mod fixture;

use claim_keys::{Role, claim_keys, secret};
use fixture::Fixture;
use verifier_core::prove::{SigningKey, VoterElection, public_key, sign_body};
use verifier_core::{
    Action, AssetId, BATCH_LIMIT, BlindSignature, Body, CLAIM_BATCHES, CertifyRoll, Claim,
    ContractId, Define, Election, GenesisState, Hash, Issue, Outcome, PublicKey, RecordIssuances,
    Tally, Transaction, claimed_asset, countersigner,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const BEFORE: u64 = 99;
const OPEN: u64 = 100;

/// A ledger on which a contract for three municipalities is defined.
struct Town {
    fixture: Fixture,
    election: Election,
}

impl Town {
    fn new(with_claims: bool) -> Self {
        let keys = if with_claims { claim_keys(3) } else { vec![] };
        let fixture = Fixture::with_claims(5, 3, 2, 2, keys);
        let registrars: Vec<_> = fixture.signers.iter().map(|s| &s.registrar).collect();
        let state = GenesisState::new(registrars.iter().map(|key| public_key(key)).collect());
        let define = Define {
            contract: fixture.contract.clone(),
            approvals: vec![0, 1, 2],
        };
        let mut election = Election::new(fixture.genesis, state);
        let body = Body::new(
            fixture.genesis,
            fixture.contract.id(),
            Action::Define(define),
        );
        let define = sign_body(body, &registrars);
        let tally = Tally::new(0, 0);
        assert_eq!(election.apply(1, &define, &tally), Outcome::Ok);
        Self { fixture, election }
    }

    /// Three people of each municipality got a right, of rolls of five.
    fn with_rights() -> Self {
        let mut town = Self::new(true);
        for m in 0..3 {
            assert_eq!(town.roll(m, 5), Outcome::Ok);
            assert_eq!(town.record(m, 0, commitments(0..3)), Outcome::Ok);
        }
        town
    }

    fn apply(&mut self, time: u64, transaction: &Transaction) -> Outcome {
        self.election.apply(time, transaction, &Tally::new(0, 0))
    }

    fn by_registrar(&self, municipality: u16, action: Action) -> Transaction {
        let body = Body::new(self.fixture.genesis, self.fixture.contract.id(), action);
        let signers = self.fixture.signers.get(usize::from(municipality));
        sign_body(
            body,
            &[&signers.unwrap_or(&self.fixture.signers[0]).registrar],
        )
    }

    fn roll(&mut self, municipality: u16, people: u32) -> Outcome {
        let roll = CertifyRoll {
            municipality,
            people,
        };
        let transaction = self.by_registrar(municipality, Action::CertifyRoll(roll));
        self.apply(BEFORE, &transaction)
    }

    fn issue(&mut self, municipality: u16, batch: u16, count: u16) -> Outcome {
        let issue = Issue {
            municipality,
            batch,
            addresses: (0..count)
                .map(|_| public_key(&self.fixture.voter()))
                .collect(),
            roll_commitments: commitments(100..100 + count),
        };
        let transaction = self.by_registrar(municipality, Action::Issue(issue));
        self.apply(BEFORE, &transaction)
    }

    fn record(&mut self, municipality: u16, sequence: u16, roll_commitments: Vec<Hash>) -> Outcome {
        let record = RecordIssuances {
            municipality,
            sequence,
            roll_commitments,
        };
        let transaction = self.by_registrar(municipality, Action::RecordIssuances(record));
        self.apply(BEFORE, &transaction)
    }

    fn voters(&self) -> VoterElection {
        VoterElection {
            genesis: self.fixture.genesis,
            contract: self.fixture.contract.id(),
        }
    }

    fn blind(&mut self, signer: u16, role: Role, address: &PublicKey) -> BlindSignature {
        let message = self.voters().claim_message(address);
        secret(signer, role).blind_signature(&message, &mut self.fixture.rng)
    }

    /// What both municipalities sign for somebody on the roll of `home`.
    fn both(&mut self, home: u16, address: &PublicKey) -> [BlindSignature; 2] {
        let next = countersigner(home, 3).unwrap();
        [
            self.blind(home, Role::Home, address),
            self.blind(next, Role::Countersign, address),
        ]
    }

    fn claim(&mut self, home: u16, key: &SigningKey) -> Outcome {
        let [first, second] = self.both(home, &public_key(key));
        let claim = self.voters().claim(home, first, second, key);
        self.apply(BEFORE, &claim)
    }
}

fn commitments(people: core::ops::Range<u16>) -> Vec<Hash> {
    let mut hashes: Vec<Hash> = people.map(|n| Hash::of(&n.to_le_bytes())).collect();
    hashes.sort();
    hashes
}

#[test]
fn claims_get_assets_of_their_own_batches_in_the_ledgers_order() {
    let mut town = Town::with_rights();
    assert_eq!(town.issue(0, 0, 1), Outcome::Ok);
    let keys: Vec<_> = (0..3).map(|_| town.fixture.voter()).collect();
    assert_eq!(town.claim(0, &keys[0]), Outcome::Ok);
    assert_eq!(town.claim(1, &keys[1]), Outcome::Ok);
    let before = town.election.setup_digest();
    assert_eq!(town.claim(0, &keys[2]), Outcome::Ok);
    assert_ne!(town.election.setup_digest(), before);
    let asset = |municipality, index| AssetId {
        municipality,
        batch: CLAIM_BATCHES,
        index,
    };
    for (asset, key) in [
        (asset(0, 0), &keys[0]),
        (asset(0, 1), &keys[2]),
        (asset(1, 0), &keys[1]),
    ] {
        let address = public_key(key);
        assert_eq!(town.election.issued_to(asset), Some(&address));
    }
    assert_eq!(town.election.issued_to(asset(0, 2)), None);
    assert_eq!(town.election.last_claimed(0), Some(asset(0, 1)));
    assert_eq!(town.election.last_claimed(2), None);
    assert_eq!(town.election.batch(0, CLAIM_BATCHES).unwrap().len(), 2);
    assert_eq!(town.election.batch(0, CLAIM_BATCHES + 1), None);
    assert_eq!(town.election.batches(0), 1);
    let numbers = |m| (town.election.recorded(m).people, town.election.claimed(m));
    assert_eq!([0, 1, 2].map(numbers), [(3, 2), (3, 1), (3, 0)]);
}

#[test]
fn batches_of_claims_follow_each_other_and_end() {
    let asset = |batch, index| {
        Some(AssetId {
            municipality: 7,
            batch,
            index,
        })
    };
    assert_eq!(claimed_asset(7, 0), asset(0x8000, 0));
    assert_eq!(claimed_asset(7, 1023), asset(0x8000, 1023));
    assert_eq!(claimed_asset(7, 1024), asset(0x8001, 0));
    assert_eq!(claimed_asset(7, 0x8000 * 1024 - 1), asset(0xffff, 1023));
    assert_eq!(claimed_asset(7, 0x8000 * 1024), None);
    assert_eq!(claimed_asset(7, u32::MAX), None);
    assert_eq!(countersigner(1, 3), Some(2));
    assert_eq!(countersigner(2, 3), Some(0));
    assert_eq!(countersigner(0, 0), None);
}

#[test]
fn a_claim_needs_the_home_and_the_countersigning_municipality_each_with_its_own_key() {
    let mut town = Town::with_rights();
    let key = town.fixture.voter();
    let address = public_key(&key);
    let [home, countersign] = town.both(0, &address);
    let flipped = |mut signature: BlindSignature| {
        signature.signature[17] ^= 1;
        signature
    };
    let redrawn = |mut signature: BlindSignature| {
        signature.randomizer[0] ^= 1;
        signature
    };
    let mut by = |signer, role| town.blind(signer, role, &address);
    let wrong = [
        (flipped(home), countersign),
        (home, flipped(countersign)),
        (redrawn(home), countersign),
        (home, redrawn(countersign)),
        (countersign, home),
        (by(0, Role::Countersign), countersign),
        (home, by(1, Role::Home)),
        // Signed by municipalities that are others' home and countersigner.
        (by(1, Role::Home), countersign),
        (home, by(2, Role::Countersign)),
        (home, by(0, Role::Countersign)),
        (by(2, Role::Home), by(0, Role::Countersign)),
    ];
    for (at, (home, countersign)) in wrong.into_iter().enumerate() {
        let claim = town.voters().claim(0, home, countersign, &key);
        assert_eq!(town.apply(BEFORE, &claim), Outcome::InvalidProof, "{at}");
    }
    let claim = town.voters().claim(0, home, countersign, &key);
    assert_eq!(town.apply(BEFORE, &claim), Outcome::Ok);
}

#[test]
fn a_claim_is_good_for_one_address_of_one_election_once() {
    let mut town = Town::with_rights();
    let (key, other) = (town.fixture.voter(), town.fixture.voter());
    let [home, countersign] = town.both(0, &public_key(&key));
    // Somebody else cannot take it, nor put their signature under it.
    let taken = town.voters().claim(0, home, countersign, &other);
    assert_eq!(town.apply(BEFORE, &taken), Outcome::InvalidProof);
    let claim = town.voters().claim(0, home, countersign, &key);
    let mut resigned = claim.clone();
    resigned.signatures = sign_body(claim.body.clone(), &[&other]).signatures;
    assert_eq!(town.apply(BEFORE, &resigned), Outcome::InvalidSignature);
    // Signatures for another election do not hold in this one.
    let elsewhere = VoterElection {
        contract: ContractId([9; 32]),
        ..town.voters()
    };
    let message = elsewhere.claim_message(&public_key(&key));
    let foreign = secret(0, Role::Home).blind_signature(&message, &mut town.fixture.rng);
    let foreign = town.voters().claim(0, foreign, countersign, &key);
    assert_eq!(town.apply(BEFORE, &foreign), Outcome::InvalidProof);
    let foreign = elsewhere.claim(0, home, countersign, &key);
    assert_eq!(town.apply(BEFORE, &foreign), Outcome::WrongElection);
    assert_eq!(town.apply(BEFORE, &claim), Outcome::Ok);
    assert_eq!(town.apply(BEFORE, &claim), Outcome::Repeated);
    assert_eq!(town.claim(0, &key), Outcome::Repeated);
    assert_eq!(town.claim(1, &key), Outcome::Repeated);
    assert_eq!(town.claim(1, &other), Outcome::Ok);
}

#[test]
fn no_more_is_claimed_than_was_recorded() {
    let mut town = Town::with_rights();
    for _ in 0..3 {
        let key = town.fixture.voter();
        assert_eq!(town.claim(2, &key), Outcome::Ok);
    }
    let key = town.fixture.voter();
    assert_eq!(town.claim(2, &key), Outcome::ExceedsIssuances);
    assert_eq!(town.record(2, 1, commitments(7..8)), Outcome::Ok);
    assert_eq!(town.claim(2, &key), Outcome::Ok);
    assert_eq!(town.election.claimed(2), 4);
}

#[test]
fn claims_are_judged_in_the_order_of_the_rules() {
    let mut town = Town::with_rights();
    let key = town.fixture.voter();
    let [home, countersign] = town.both(0, &public_key(&key));
    let good = town.voters().claim(0, home, countersign, &key);
    assert_eq!(town.apply(OPEN, &good), Outcome::OutsideWindow);
    assert_eq!(town.apply(OPEN - 1, &good), Outcome::Ok);
    let unknown = town.voters().claim(3, home, countersign, &key);
    assert_eq!(town.apply(BEFORE, &unknown), Outcome::UnknownMunicipality);
    let unknown = town.voters().claim(u16::MAX, home, countersign, &key);
    assert_eq!(town.apply(BEFORE, &unknown), Outcome::UnknownMunicipality);
    // The neutral element signs whatever one likes.
    let mut address = PublicKey([0; 32]);
    address.0[0] = 1;
    let claim = Claim {
        municipality: 0,
        address,
        home,
        countersign,
    };
    let voters = town.voters();
    let body = Body::new(
        voters.genesis,
        voters.contract,
        Action::Claim(Box::new(claim)),
    );
    let small = sign_body(body, &[&key]);
    assert_eq!(town.apply(BEFORE, &small), Outcome::InvalidElement);
}

#[test]
fn records_follow_each_other_and_stay_within_the_roll() {
    let mut town = Town::new(true);
    assert_eq!(town.record(0, 0, commitments(0..1)), Outcome::ExceedsRoll);
    assert_eq!(town.roll(0, 2000), Outcome::Ok);
    assert_eq!(town.record(0, 1, commitments(0..1)), Outcome::InvalidBatch);
    assert_eq!(town.record(0, 0, vec![]), Outcome::InvalidBatch);
    let twice = vec![Hash([1; 32]); 2];
    assert_eq!(town.record(0, 0, twice), Outcome::InvalidBatch);
    let mut unsorted = commitments(0..3);
    unsorted.swap(0, 1);
    assert_eq!(town.record(0, 0, unsorted), Outcome::InvalidBatch);
    let size = u16::try_from(BATCH_LIMIT).unwrap();
    assert_eq!(
        town.record(0, 0, commitments(0..size + 1)),
        Outcome::InvalidBatch
    );
    assert_eq!(town.record(0, 0, commitments(0..size)), Outcome::Ok);
    assert_eq!(town.record(0, 0, commitments(0..1)), Outcome::InvalidBatch);
    // Issued and recorded rights together.
    assert_eq!(town.issue(0, 0, 977), Outcome::ExceedsRoll);
    assert_eq!(town.issue(0, 0, 970), Outcome::Ok);
    assert_eq!(town.record(0, 1, commitments(0..7)), Outcome::ExceedsRoll);
    assert_eq!(town.record(0, 1, commitments(0..6)), Outcome::Ok);
    assert_eq!(town.issue(0, 1, 1), Outcome::ExceedsRoll);
    let recorded = town.election.recorded(0);
    assert_eq!((recorded.records, recorded.people), (2, 1030));
    assert_eq!(
        town.record(3, 0, commitments(0..1)),
        Outcome::UnknownMunicipality
    );
}

#[test]
fn a_record_is_signed_by_its_registrar_before_opening() {
    let mut town = Town::with_rights();
    let record = RecordIssuances {
        municipality: 0,
        sequence: 1,
        roll_commitments: commitments(9..10),
    };
    let foreign = town.by_registrar(1, Action::RecordIssuances(record.clone()));
    assert_eq!(town.apply(BEFORE, &foreign), Outcome::InvalidSignature);
    let good = town.by_registrar(0, Action::RecordIssuances(record));
    assert_eq!(town.apply(OPEN, &good), Outcome::OutsideWindow);
    assert_eq!(town.apply(BEFORE, &good), Outcome::Ok);
}

#[test]
fn a_contract_without_claim_keys_knows_neither_records_nor_claims() {
    let mut town = Town::new(false);
    assert_eq!(town.roll(0, 5), Outcome::Ok);
    assert_eq!(town.record(0, 0, commitments(0..1)), Outcome::NoClaims);
    let key = town.fixture.voter();
    assert_eq!(town.claim(0, &key), Outcome::NoClaims);
}

#[test]
fn no_batch_is_issued_with_a_number_of_claims() {
    let mut town = Town::with_rights();
    assert_eq!(town.issue(0, CLAIM_BATCHES, 1), Outcome::InvalidBatch);
    assert_eq!(town.issue(0, 0, 1), Outcome::Ok);
}
