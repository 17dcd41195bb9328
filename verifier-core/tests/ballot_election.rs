//! A whole election, 3 of 5 trustees and three candidates: keys, ballots, sums, shares, totals.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod fixture;

use fixture::Fixture;
use verifier_core::prove::{decrypt_sums, prove_ready};
use verifier_core::{
    CheckedShare, EncryptedSum, ShareError, TrackingCode, check_ballot, check_batch, check_ready,
    check_share, combine, decode, encode,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const CLOSE: TrackingCode = TrackingCode([9; 32]);

fn shares(election: &mut Fixture, sums: &[EncryptedSum]) -> Vec<CheckedShare> {
    let Fixture {
        key_set,
        trustees,
        rng,
        ..
    } = election;
    trustees
        .iter()
        .map(|trustee| {
            let share = decrypt_sums(key_set, CLOSE, sums, trustee, rng);
            check_share(key_set, CLOSE, sums, &share).unwrap()
        })
        .collect()
}

#[test]
fn three_of_five_trustees_count_what_was_cast_and_two_cannot() {
    let mut election = Fixture::new(1, 5, 3, 3);
    for trustee in &election.trustees {
        let ready = prove_ready(&election.key_set, trustee, &mut election.rng);
        check_ready(&election.key_set, &ready).unwrap();
    }
    let choices = [0, 2, 2, 1, 2, 0, 2];
    let mut cells = vec![EncryptedSum::zero(3); 3];
    for (index, choice) in (0..).zip(choices) {
        let ballot = election.cast(index, choice);
        let checked = check_ballot(&election.keys, &ballot).unwrap();
        assert_eq!(
            check_batch(&election.keys, &[&ballot]),
            vec![Ok(checked.clone())]
        );
        assert_eq!(checked.code(), ballot.body.tracking_code());
        cells[usize::from(index >= 4)].add(&checked);
    }
    // The third cell stays empty. The sums survive being written down.
    let cells: Vec<EncryptedSum> = decode(&encode(&cells), 10_000).unwrap();
    let shares = shares(&mut election, &cells);
    let expected = [[1, 1, 2], [1, 0, 2], [0, 0, 0]];
    for chosen in [[0, 1, 2], [2, 3, 4], [4, 0, 3]] {
        let chosen: Vec<_> = chosen.iter().map(|i: &usize| shares[*i].clone()).collect();
        let totals = combine(&election.key_set, &chosen, &cells).unwrap();
        for (totals, expected) in totals.iter().zip(expected) {
            for (total, expected) in totals.iter().zip(expected) {
                assert!(total.is(expected));
                assert!(!total.is(expected + 1));
                assert_eq!(total.find(10), Some(expected));
            }
        }
    }
    let twice = [shares[1].clone(), shares[1].clone(), shares[2].clone()];
    for too_few in [&shares[..2], &twice[..]] {
        assert_eq!(
            combine(&election.key_set, too_few, &cells),
            Err(ShareError::TooFew {
                actual: 2,
                needed: 3
            })
        );
    }
}

#[test]
fn totals_are_found_up_to_the_most_that_is_possible_and_not_beyond() {
    let mut election = Fixture::new(2, 2, 2, 2);
    let ballot = election.cast(0, 1);
    let checked = check_ballot(&election.keys, &ballot).unwrap();
    let mut sum = EncryptedSum::zero(2);
    for _ in 0..37 {
        sum.add(&checked);
    }
    let shares = shares(&mut election, std::slice::from_ref(&sum));
    let totals = combine(&election.key_set, &shares, &[sum]).unwrap();
    for most in [37, 38, 48, 49, 50, 1000] {
        assert_eq!(totals[0][1].find(most), Some(37));
    }
    for most in [0, 1, 35, 36] {
        assert_eq!(totals[0][1].find(most), None);
        assert_eq!(totals[0][0].find(most), Some(0));
    }
}

#[test]
fn sums_do_not_depend_on_order_or_grouping() {
    let mut election = Fixture::new(3, 2, 2, 3);
    let ballots: Vec<_> = (0..6)
        .map(|index| {
            let ballot = election.cast(index, usize::from(index) % 3);
            check_ballot(&election.keys, &ballot).unwrap()
        })
        .collect();
    let sum = |ballots: &[verifier_core::CheckedBallot]| {
        let mut sum = EncryptedSum::zero(3);
        ballots.iter().for_each(|ballot| sum.add(ballot));
        sum
    };
    let whole = sum(&ballots);
    for split in 0..=ballots.len() {
        let (left, right) = ballots.split_at(split);
        let mut merged = sum(right);
        merged.merge(&sum(left));
        assert_eq!(encode(&merged), encode(&whole));
    }
}
