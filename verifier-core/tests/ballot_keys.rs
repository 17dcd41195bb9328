//! Key generation: what the crate `frost-ristretto255` makes of the same dealings, and every way to break them.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod fixture;

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as B;
use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::{RistrettoPoint, Scalar};
use fixture::Fixture;
use frost_core::keys::dkg::{compute_proof_of_knowledge, verify_proof_of_knowledge};
use frost_core::keys::{CoefficientCommitment, VerifiableSecretSharingCommitment};
use frost_ristretto255::keys::PublicKeyPackage;
use frost_ristretto255::{Identifier, Ristretto255Sha512, Signature as FrostSignature};
use std::collections::BTreeMap;
use verifier_core::prove::{EncryptionSecret, ProveError, TrusteeKeys, complain, prove_ready};
use verifier_core::{
    Complain, DealKey, Dealing, KeyError, KeyReady, KeySet, KeySetId, Outcome, Point, ScalarBytes,
    check_complaint, check_dealing, check_encryption_keys, check_ready,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

type Commitment = VerifiableSecretSharingCommitment<Ristretto255Sha512>;

const IDENTITY: Point = Point([0; 32]);
const NO_POINT: Point = Point([0xff; 32]);
const NO_SCALAR: ScalarBytes = ScalarBytes([0xff; 32]);

fn frost_identifier(municipality: u16) -> Identifier {
    Identifier::try_from(municipality + 1).unwrap()
}

fn frost_commitment(dealing: &Dealing) -> Commitment {
    Commitment::deserialize(dealing.commitments.iter().map(|c| c.0)).unwrap()
}

fn frost_accepts(deal: &DealKey) -> bool {
    deal.dealings.iter().all(|dealing| {
        let (r, z) = &dealing.proof_of_knowledge;
        let proof = FrostSignature::deserialize(&[r.0, z.0].concat());
        proof.is_ok_and(|proof| {
            let identifier = frost_identifier(deal.dealer);
            verify_proof_of_knowledge(identifier, &frost_commitment(dealing), &proof).is_ok()
        })
    })
}

#[test]
fn keys_and_proofs_are_those_of_frost() {
    let election = Fixture::new(40, 5, 3, 2);
    let addresses = election.key_set.addresses();
    let shares = election.key_set.verification_shares();
    for candidate in 0..2 {
        let commitments: BTreeMap<_, _> = (election.dealings.iter())
            .map(|deal| {
                let commitment = frost_commitment(&deal.dealings[candidate]);
                (frost_identifier(deal.dealer), commitment)
            })
            .collect();
        let by_reference = commitments.iter().map(|(id, c)| (*id, c)).collect();
        let package = PublicKeyPackage::from_dkg_commitments(&by_reference).unwrap();
        let address = package.verifying_key().serialize().unwrap();
        assert_eq!(addresses[candidate].0.to_vec(), address);
        for (municipality, share) in (0..).zip(&shares[candidate]) {
            let theirs = &package.verifying_shares()[&frost_identifier(municipality)];
            assert_eq!(theirs.serialize().unwrap(), share.0.to_vec());
        }
    }
    assert!(election.dealings.iter().all(frost_accepts));
}

#[test]
fn the_key_set_id_covers_contract_and_dealings() {
    let election = Fixture::new(41, 3, 2, 2);
    let id = election.key_set.id();
    let again = KeySet::derive(election.genesis, &election.contract, 0, &election.dealings);
    assert_eq!(again.as_ref().map(KeySet::id), Ok(id));
    assert_eq!(again.unwrap(), election.key_set);
    let mut contract = election.contract.clone();
    contract.grace += 1;
    let other = KeySet::derive(election.genesis, &contract, 0, &election.dealings).unwrap();
    assert_ne!(other.id(), id);
    assert_eq!(other.addresses(), election.key_set.addresses());
    assert_ne!(Fixture::new(42, 3, 2, 2).key_set.id(), id);
    let written: KeySet =
        verifier_core::decode(&verifier_core::encode(&election.key_set), 10_000).unwrap();
    assert_eq!(written, election.key_set);
}

fn refuse_dealing(election: &Fixture, expected: Outcome, change: impl Fn(&mut DealKey)) {
    let mut deal = election.dealings[1].clone();
    check_dealing(&election.contract, 0, &deal).unwrap();
    change(&mut deal);
    let error = check_dealing(&election.contract, 0, &deal).unwrap_err();
    assert_eq!(error.outcome(), expected, "{error}");
}

#[test]
fn rejects_dealings_of_the_wrong_attempt_dealer_or_shape() {
    let election = Fixture::new(43, 3, 2, 2);
    refuse_dealing(&election, Outcome::WrongAttempt, |deal| deal.attempt = 1);
    refuse_dealing(&election, Outcome::UnknownMunicipality, |d| d.dealer = 3);
    let wrong_shape = |change: &dyn Fn(&mut DealKey)| {
        refuse_dealing(&election, Outcome::WrongShape, change);
    };
    wrong_shape(&|deal| deal.dealings.truncate(1));
    wrong_shape(&|deal| deal.dealings.extend_from_within(..1));
    wrong_shape(&|deal| deal.dealings[1].commitments.truncate(1));
    wrong_shape(&|deal| deal.dealings[1].commitments.push(deal.ephemeral));
    wrong_shape(&|deal| deal.dealings[0].commitments.clear());
    wrong_shape(&|deal| deal.dealings[1].encrypted_shares.truncate(2));
    wrong_shape(&|deal| deal.dealings[1].encrypted_shares.push(NO_SCALAR));
}

#[test]
fn rejects_dealings_with_invalid_elements() {
    let election = Fixture::new(44, 3, 2, 2);
    let places: [fn(&mut DealKey) -> &mut Point; 4] = [
        |deal| &mut deal.ephemeral,
        |deal| &mut deal.dealings[0].commitments[0],
        |deal| &mut deal.dealings[1].commitments[1],
        |deal| &mut deal.dealings[1].proof_of_knowledge.0,
    ];
    for place in places {
        for bad in [IDENTITY, NO_POINT] {
            refuse_dealing(&election, Outcome::InvalidElement, |d| *place(d) = bad);
        }
    }
    refuse_dealing(&election, Outcome::InvalidElement, |deal| {
        deal.dealings[1].proof_of_knowledge.1 = NO_SCALAR;
    });
    refuse_dealing(&election, Outcome::InvalidElement, |deal| {
        deal.dealings[0].encrypted_shares[2] = NO_SCALAR;
    });
}

#[test]
fn rejects_dealings_whose_dealer_does_not_know_the_secret() {
    let election = Fixture::new(45, 3, 2, 2);
    let other = election.dealings[0].clone();
    let refuse = |change: &dyn Fn(&mut DealKey)| {
        refuse_dealing(&election, Outcome::InvalidProof, change);
        let mut deal = election.dealings[1].clone();
        change(&mut deal);
        assert!(!frost_accepts(&deal));
    };
    refuse(&|deal| deal.dealings[0].proof_of_knowledge.1 = ScalarBytes([1; 32]));
    refuse(&|deal| {
        deal.dealings[0].proof_of_knowledge = deal.dealings[1].proof_of_knowledge;
    });
    refuse(&|deal| deal.dealings[1].commitments[0] = other.ephemeral);
    // Copied as a whole from another dealer: the proof names the dealer.
    refuse(&|deal| deal.dealings = other.dealings.clone());
}

#[test]
fn rejects_a_key_set_without_every_dealing_in_its_place() {
    let election = Fixture::new(46, 3, 2, 2);
    let derive = |dealings: &[DealKey]| {
        KeySet::derive(election.genesis, &election.contract, 0, dealings).unwrap_err()
    };
    let [one, two, three] = <[DealKey; 3]>::try_from(election.dealings.clone()).unwrap();
    let error = derive(&[one.clone(), two.clone()]);
    assert_eq!(error.outcome(), Outcome::WrongShape);
    let swapped = derive(&[one.clone(), three.clone(), two.clone()]);
    assert_eq!(swapped, KeyError::MissingDealing { expected: 1 });
    assert_eq!(swapped.outcome(), Outcome::KeysIncomplete);
    let twice = derive(&[one.clone(), one.clone(), three.clone()]);
    assert_eq!(twice, KeyError::MissingDealing { expected: 1 });
    let mut bad = two;
    bad.dealings[1].proof_of_knowledge.1 = ScalarBytes([1; 32]);
    let error = derive(&[one, bad, three]);
    assert_eq!(error, KeyError::InvalidProof { index: 1 });
}

/// Two dealers in league, who deal a and −a, would make an address of which everybody knows the secret: zero.
#[test]
fn rejects_the_identity_as_candidate_address() {
    let mut election = Fixture::new(47, 2, 2, 2);
    let secret = Scalar::from(12345u64);
    for (dealer, constant) in [(0u16, secret), (1, -secret)] {
        let coefficients = [constant, Scalar::from(7u64)];
        let points: Vec<RistrettoPoint> = coefficients.iter().map(|c| c * B).collect();
        let commitment = Commitment::new(
            points
                .iter()
                .map(|p| CoefficientCommitment::new(*p))
                .collect(),
        );
        let proof = compute_proof_of_knowledge(
            frost_identifier(dealer),
            &coefficients,
            &commitment,
            &mut election.rng,
        )
        .unwrap();
        let dealing = &mut election.dealings[usize::from(dealer)].dealings[1];
        dealing.commitments = points.iter().map(|p| Point(p.compress().0)).collect();
        dealing.proof_of_knowledge = (
            Point(proof.R().compress().0),
            ScalarBytes(proof.z().to_bytes()),
        );
    }
    let error = KeySet::derive(election.genesis, &election.contract, 0, &election.dealings);
    assert_eq!(error, Err(KeyError::IdentityAddress { candidate: 1 }));
}

#[test]
fn rejects_encryption_keys_that_are_no_points() {
    let mut election = Fixture::new(48, 3, 2, 2);
    check_encryption_keys(&election.contract).unwrap();
    for bad in [IDENTITY, NO_POINT] {
        election.contract.municipalities[2].trustee_encryption = bad;
        let symbol = "E";
        assert_eq!(
            check_encryption_keys(&election.contract),
            Err(KeyError::InvalidElement { symbol, index: 2 })
        );
    }
}

/// An election in which dealer 1 sent municipality 2 a bad share for candidate 1, and the complaint about it.
fn cheated() -> (Fixture, Complain) {
    let mut election = Fixture::new(49, 3, 2, 2);
    let share = &mut election.dealings[1].dealings[1].encrypted_shares[2];
    let shifted = Scalar::from_canonical_bytes(share.0).unwrap() + Scalar::ONE;
    *share = ScalarBytes(shifted.to_bytes());
    let complaint = complaint(&mut election, 1, 2);
    (election, complaint)
}

fn complaint(election: &mut Fixture, dealer: usize, recipient: u16) -> Complain {
    complain(
        &election.genesis,
        &election.contract,
        &election.dealings[dealer],
        recipient,
        &election.secrets[usize::from(recipient)],
        &mut election.rng,
    )
    .unwrap()
}

#[test]
fn a_bad_share_is_found_by_its_recipient_and_names_the_dealer() {
    let (election, complaint) = cheated();
    let key_set = KeySet::derive(election.genesis, &election.contract, 0, &election.dealings);
    let receive = |recipient: u16, secret: &EncryptionSecret| {
        TrusteeKeys::receive(
            key_set.as_ref().unwrap(),
            &election.contract,
            &election.dealings,
            recipient,
            secret,
        )
    };
    assert!(receive(0, &election.secrets[0]).is_ok());
    let error = receive(2, &election.secrets[2]).err();
    assert_eq!(error, Some(ProveError::BadDealing { dealer: 1 }));
    let culprit = check_complaint(
        &election.genesis,
        &election.contract,
        &election.dealings[1],
        &complaint,
    );
    assert_eq!(culprit, Ok(1));
}

#[test]
fn rejects_unfounded_complaints() {
    let (mut election, _) = cheated();
    for (dealer, recipient) in [(0, 2), (1, 0), (1, 1), (2, 2)] {
        let complaint = complaint(&mut election, dealer, recipient);
        let deal = &election.dealings[dealer];
        let error =
            check_complaint(&election.genesis, &election.contract, deal, &complaint).unwrap_err();
        let dealer = u16::try_from(dealer).unwrap();
        assert_eq!(error, KeyError::Unfounded { dealer });
        assert_eq!(error.outcome(), Outcome::Unfounded);
    }
}

#[test]
fn rejects_complaints_that_disclose_the_wrong_thing() {
    let (mut election, good) = cheated();
    let by_another = complaint(&mut election, 1, 0);
    let about_another = complaint(&mut election, 2, 2);
    let refuse = |expected, change: &dyn Fn(&mut Complain)| {
        let mut bad = good.clone();
        change(&mut bad);
        let deal = &election.dealings[1];
        let error = check_complaint(&election.genesis, &election.contract, deal, &bad);
        assert_eq!(error.unwrap_err().outcome(), expected);
    };
    refuse(Outcome::WrongAttempt, &|c| c.attempt = 1);
    refuse(Outcome::UnknownMunicipality, &|c| c.dealer = 0);
    refuse(Outcome::UnknownMunicipality, &|c| c.recipient = 3);
    refuse(Outcome::InvalidElement, &|c| c.shared = IDENTITY);
    refuse(Outcome::InvalidElement, &|c| c.shared = NO_POINT);
    refuse(Outcome::InvalidElement, &|c| c.proof.0 = NO_SCALAR);
    refuse(Outcome::InvalidElement, &|c| c.proof.1 = NO_SCALAR);
    refuse(Outcome::InvalidProof, &|c| c.recipient = 0);
    refuse(Outcome::InvalidProof, &|c| c.proof = by_another.proof);
    refuse(Outcome::InvalidProof, &|c| c.shared = by_another.shared);
    refuse(Outcome::InvalidProof, &|c| {
        (c.shared, c.proof) = (about_another.shared, about_another.proof);
    });
    let deal = &election.dealings[1];
    let elsewhere = verifier_core::GenesisHash([0; 32]);
    let error = check_complaint(&elsewhere, &election.contract, deal, &good).unwrap_err();
    assert_eq!(error.outcome(), Outcome::InvalidProof);
}

#[test]
fn rejects_trustees_that_do_not_hold_their_shares() {
    let mut election = Fixture::new(50, 3, 2, 2);
    let readies: Vec<_> = (election.trustees.iter())
        .map(|trustee| prove_ready(&election.key_set, trustee, &mut election.rng))
        .collect();
    for ready in &readies {
        check_ready(&election.key_set, ready).unwrap();
    }
    let refuse = |expected, change: &dyn Fn(&mut KeyReady)| {
        let mut bad = readies[1].clone();
        change(&mut bad);
        let error = check_ready(&election.key_set, &bad).unwrap_err();
        assert_eq!(error.outcome(), expected);
    };
    refuse(Outcome::WrongAttempt, &|r| r.key_set = KeySetId([0; 32]));
    refuse(Outcome::UnknownMunicipality, &|r| r.trustee = 3);
    refuse(Outcome::WrongShape, &|r| r.proofs.truncate(1));
    refuse(Outcome::WrongShape, &|r| r.proofs.extend_from_within(..1));
    refuse(Outcome::InvalidElement, &|r| r.proofs[1].0 = NO_SCALAR);
    refuse(Outcome::InvalidElement, &|r| r.proofs[0].1 = NO_SCALAR);
    refuse(Outcome::InvalidProof, &|r| r.trustee = 0);
    refuse(Outcome::InvalidProof, &|r| r.proofs.swap(0, 1));
    refuse(Outcome::InvalidProof, &|r| {
        r.proofs = readies[0].proofs.clone()
    });
    // Proven for the keys of another election.
    let mut other = Fixture::new(51, 3, 2, 2);
    let mut foreign = prove_ready(&other.key_set, &other.trustees[1], &mut other.rng);
    foreign.key_set = election.key_set.id();
    let error = check_ready(&election.key_set, &foreign).unwrap_err();
    assert_eq!(error.outcome(), Outcome::InvalidProof);
}

#[test]
fn encrypted_shares_hide_what_they_hold_from_others() {
    let election = Fixture::new(52, 3, 2, 2);
    let stranger = TrusteeKeys::receive(
        &election.key_set,
        &election.contract,
        &election.dealings,
        1,
        &election.secrets[0],
    );
    assert_eq!(stranger.err(), Some(ProveError::BadDealing { dealer: 0 }));
    let point = CompressedRistretto(election.secrets[0].point().0);
    assert!(point.decompress().is_some());
}
