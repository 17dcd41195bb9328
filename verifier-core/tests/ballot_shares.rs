//! Decryption shares: every lie about them has its refusal.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod fixture;

use fixture::Fixture;
use verifier_core::prove::{decrypt_sums, prove_ready};
use verifier_core::{
    EncryptedSum, Outcome, Point, ScalarBytes, Share, ShareError, TrackingCode, check_ballot,
    check_share, combine,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const CLOSE: TrackingCode = TrackingCode([9; 32]);

/// Two cells with ballots and an empty one, and every trustee's shares of them.
fn closed(seed: u64) -> (Fixture, Vec<EncryptedSum>, Vec<Share>) {
    let mut election = Fixture::new(seed, 3, 2, 2);
    let mut sums = vec![EncryptedSum::zero(2); 3];
    for index in 0..4 {
        let ballot = election.cast(index, usize::from(index) % 2);
        let checked = check_ballot(&election.keys, &ballot).unwrap();
        sums[usize::from(index) / 2].add(&checked);
    }
    let Fixture {
        key_set,
        trustees,
        rng,
        ..
    } = &mut election;
    let shares = trustees
        .iter()
        .map(|trustee| decrypt_sums(key_set, CLOSE, &sums, trustee, rng))
        .collect();
    (election, sums, shares)
}

#[test]
fn rejects_every_lie_about_a_share() {
    let (election, sums, shares) = closed(60);
    for share in &shares {
        check_share(&election.key_set, CLOSE, &sums, share).unwrap();
    }
    let refuse = |expected, change: &dyn Fn(&mut Share)| {
        let mut bad = shares[1].clone();
        change(&mut bad);
        let error = check_share(&election.key_set, CLOSE, &sums, &bad).unwrap_err();
        assert_eq!(error.outcome(), expected, "{error}");
    };
    refuse(Outcome::WrongAttempt, &|s| s.close = TrackingCode([0; 32]));
    refuse(Outcome::UnknownMunicipality, &|s| s.trustee = 3);
    refuse(Outcome::WrongShape, &|s| s.cells.truncate(2));
    refuse(Outcome::WrongShape, &|s| s.cells.extend_from_within(..1));
    refuse(Outcome::WrongShape, &|s| s.cells[2].truncate(1));
    refuse(Outcome::WrongShape, &|s| s.cells[1].extend_from_within(..1));
    let element = Outcome::InvalidElement;
    refuse(element, &|s| s.cells[1][1].share = Point([0xff; 32]));
    refuse(element, &|s| {
        s.cells[0][1].proof.0 = ScalarBytes([0xff; 32])
    });
    refuse(element, &|s| {
        s.cells[0][1].proof.1 = ScalarBytes([0xff; 32])
    });
    let proof = Outcome::InvalidProof;
    refuse(proof, &|s| s.trustee = 0);
    refuse(proof, &|s| s.cells.swap(0, 1));
    refuse(proof, &|s| s.cells[0].swap(0, 1));
    refuse(proof, &|s| s.cells[0][0].share = s.cells[0][1].share);
    refuse(proof, &|s| s.cells[0][0].proof = s.cells[1][0].proof);
    refuse(proof, &|s| s.cells = shares[0].cells.clone());
    refuse(proof, &|s| s.cells[0][0].share = Point([0; 32]));
}

#[test]
fn the_share_of_an_empty_cell_is_the_identity_and_nothing_else() {
    let (election, sums, shares) = closed(61);
    assert_eq!(shares[0].cells[2][1].share, Point([0; 32]));
    let mut bad = shares[0].clone();
    bad.cells[2][1].share = bad.cells[0][1].share;
    assert_eq!(
        check_share(&election.key_set, CLOSE, &sums, &bad),
        Err(ShareError::InvalidProof {
            cell: 2,
            candidate: 1
        })
    );
}

#[test]
fn rejects_shares_of_other_sums_closes_and_elections() {
    let (mut election, sums, shares) = closed(62);
    let mut other_sums = sums.clone();
    let ballot = election.cast(9, 0);
    other_sums[0].add(&check_ballot(&election.keys, &ballot).unwrap());
    let error = check_share(&election.key_set, CLOSE, &other_sums, &shares[0]).unwrap_err();
    assert_eq!(error.outcome(), Outcome::InvalidProof);

    let other_close = TrackingCode([8; 32]);
    let mut moved = shares[0].clone();
    moved.close = other_close;
    let error = check_share(&election.key_set, other_close, &sums, &moved).unwrap_err();
    assert_eq!(error.outcome(), Outcome::InvalidProof);

    let (other_election, ..) = closed(63);
    let error = check_share(&other_election.key_set, CLOSE, &sums, &shares[0]).unwrap_err();
    assert_eq!(error.outcome(), Outcome::InvalidProof);
}

#[test]
fn rejects_sums_and_shares_that_do_not_fit_each_other() {
    let (election, sums, shares) = closed(64);
    let narrow = vec![EncryptedSum::zero(1); 3];
    let error = check_share(&election.key_set, CLOSE, &narrow, &shares[0]).unwrap_err();
    assert_eq!(error.outcome(), Outcome::WrongShape);
    let checked: Vec<_> = (shares.iter())
        .map(|share| check_share(&election.key_set, CLOSE, &sums, share).unwrap())
        .collect();
    let more_cells = vec![EncryptedSum::zero(2); 4];
    let error = combine(&election.key_set, &checked, &more_cells).unwrap_err();
    assert_eq!(error.outcome(), Outcome::WrongShape);
    let error = combine(&election.key_set, &checked[..1], &sums).unwrap_err();
    let (actual, needed) = (1, 2);
    assert_eq!(error, ShareError::TooFew { actual, needed });
    assert_eq!(checked[2].trustee(), 2);
}

/// A proof of possession has another label: it cannot serve as a share's proof, not even by chance of its shape.
#[test]
fn rejects_proofs_made_for_something_else() {
    let (mut election, sums, shares) = closed(65);
    let ready = prove_ready(&election.key_set, &election.trustees[0], &mut election.rng);
    let mut bad = shares[0].clone();
    bad.cells[0][0].proof = ready.proofs[0];
    let error = check_share(&election.key_set, CLOSE, &sums, &bad).unwrap_err();
    assert_eq!(error.outcome(), Outcome::InvalidProof);
}
