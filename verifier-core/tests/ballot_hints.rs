//! Decompression hints make a batch faster. Nobody vouches for them, and no verdict depends on them.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod forger;

use curve25519_dalek::Scalar;
use forger::{Forger, ballot_mut};
use rand_chacha::rand_core::RngCore;
use verifier_core::{
    Action, Body, CheckedBallot, Hint, Point, Transaction, check_ballot, check_batch,
    check_batch_with_hints, decompression_hints,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const K: usize = 2;

fn verdicts(
    forger: &Forger,
    ballots: &[Transaction],
    hints: &[Vec<Hint>],
) -> Vec<Option<CheckedBallot>> {
    let hinted: Vec<_> = ballots
        .iter()
        .zip(hints.iter().map(Vec::as_slice))
        .collect();
    let verdicts = check_batch_with_hints(&forger.keys, &hinted);
    assert_eq!(verdicts.len(), ballots.len());
    let alone = ballots.iter().map(|t| check_ballot(&forger.keys, t));
    assert!(alone.eq(verdicts.iter().cloned()));
    verdicts.into_iter().map(Result::ok).collect()
}

#[test]
fn there_is_one_hint_per_point() {
    let mut forger = Forger::new(60, K);
    let ballot = forger.honest(0);
    let hints = decompression_hints(&ballot);
    assert_eq!(hints.len(), 3 + 3 * K);
    assert!(hints.iter().all(|hint| *hint != [0; 32]));
    let mut other = ballot.clone();
    other.body = Body::new(forger::GENESIS, forger::CONTRACT, Action::Close);
    assert!(decompression_hints(&other).is_empty());
}

#[test]
fn bytes_that_are_no_point_have_an_empty_hint() {
    let mut forger = Forger::new(61, K);
    let mut ballot = forger.honest(0);
    ballot_mut(&mut ballot).transfers[1] = Point([0xff; 32]);
    ballot.signatures.clear();
    let hints = decompression_hints(&ballot);
    assert_eq!(hints.len(), 3 + 3 * K);
    assert_eq!((hints[1], hints[4]), ([0; 32], [0; 32]));
    verdicts(&forger, &[ballot], &[hints]);
}

#[test]
fn every_bit_of_every_hint_may_be_wrong() {
    let mut forger = Forger::new(62, K);
    let ballots = [forger.honest(0), forger.honest(1)];
    let good = ballots.each_ref().map(decompression_hints);
    for bit in 0..256 {
        let wrong = good.each_ref().map(|hints| {
            let mut hints = hints.clone();
            for hint in &mut hints {
                hint[bit / 8] ^= 1 << (bit % 8);
            }
            hints
        });
        assert!(
            verdicts(&forger, &ballots, &wrong)
                .iter()
                .all(Option::is_some)
        );
    }
}

#[test]
fn hints_may_be_missing_left_over_swapped_or_anything() {
    let mut forger = Forger::new(63, K);
    let ballots = [forger.honest(0), forger.honest(1)];
    let [one, two] = ballots.each_ref().map(decompression_hints);
    let mut backwards = one.clone();
    backwards.reverse();
    let mut random = one.clone();
    random
        .iter_mut()
        .for_each(|hint| forger.rng.fill_bytes(hint));
    let long = [one.clone(), two.clone()].concat();
    for hints in [
        Vec::new(),
        one[..3].to_vec(),
        one[1..].to_vec(),
        long,
        two.clone(),
        backwards,
        random,
        vec![[0; 32]; 3 + 3 * K],
        vec![[0xff; 32]; 3 + 3 * K],
    ] {
        let hints = [hints, two.clone()];
        assert!(
            verdicts(&forger, &ballots, &hints)
                .iter()
                .all(Option::is_some)
        );
    }
}

/// Ballots with something wrong in them, all in one batch, and hints made for what they were before.
#[test]
fn hints_of_a_good_ballot_do_not_save_a_bad_one() {
    let mut forger = Forger::new(64, K);
    let honest: Vec<_> = (0..12).map(|i| forger.honest(i % K)).collect();
    let hints: Vec<_> = honest.iter().map(decompression_hints).collect();
    let mut bad = honest.clone();
    let order = (-Scalar::ONE).to_bytes();
    for (index, transaction) in bad.iter_mut().enumerate() {
        let ballot = ballot_mut(transaction);
        match index {
            0 => ballot.transfers.swap(0, 1),
            1 => ballot.a.swap(0, 1),
            2 => ballot.b.swap(0, 1),
            3 => ballot.randomness.0[0] ^= 2,
            4 => ballot.randomness = ballot.transfers[0],
            5 => ballot.transfers[0] = Point([0; 32]),
            6 => ballot.z[0].0 = order,
            7 => ballot.address.0[3] ^= 1,
            8 => transaction.signatures[0][2] ^= 1,
            9 => transaction.signatures[0][40] ^= 1,
            10 => ballot.transfers[1].0[31] |= 0x80,
            _ => {}
        }
    }
    let judged = verdicts(&forger, &bad, &hints);
    let held: Vec<_> = judged.iter().map(Option::is_some).collect();
    assert_eq!(held, (0..12).map(|index| index > 10).collect::<Vec<_>>());
}

/// Random bits flipped in random ballots: the batch says what each ballot alone says, however many are bad.
#[test]
fn a_batch_agrees_with_single_ballots_on_any_mixture() {
    let mut forger = Forger::new(65, K);
    let honest: Vec<_> = (0..24).map(|i| forger.honest(i % K)).collect();
    for bad in [1, 2, 5, 12, 24] {
        let mut ballots = honest.clone();
        for transaction in ballots.iter_mut().take(bad) {
            let random = forger.rng.next_u32();
            let bytes = random.to_le_bytes();
            let (place, bit) = (usize::from(bytes[0]), 1 << (bytes[1] % 8));
            let ballot = ballot_mut(transaction);
            match bytes[2] % 8 {
                0 => ballot.randomness.0[place % 32] ^= bit,
                1 => ballot.transfers[place % K].0[place / K % 32] ^= bit,
                2 => ballot.a[place % K].0[place / K % 32] ^= bit,
                3 => ballot.b[place % K].0[place / K % 32] ^= bit,
                4 => ballot.c[0].0[place % 32] ^= bit,
                5 => ballot.z[place % K].0[place / K % 32] ^= bit,
                6 => ballot.address.0[place % 32] ^= bit,
                _ => transaction.signatures[0][place % 64] ^= bit,
            }
        }
        let swapped = usize::from(bad > 2) * (bad - 1);
        ballots.swap(0, swapped);
        let together: Vec<_> = ballots.iter().collect();
        let alone: Vec<_> = ballots
            .iter()
            .map(|t| check_ballot(&forger.keys, t))
            .collect();
        assert_eq!(check_batch(&forger.keys, &together), alone);
        let refused = alone.iter().filter(|verdict| verdict.is_err()).count();
        assert_eq!(refused, bad);
        let none = vec![Vec::new(); ballots.len()];
        verdicts(&forger, &ballots, &none);
    }
}
