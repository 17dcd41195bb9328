//! Every single bit of a ballot and of a share, flipped.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod fixture;

use fixture::{Fixture, ballot_of};
use verifier_core::prove::{decrypt_sums, draw_signing_key, public_key, sign_body};
use verifier_core::{
    Action, Body, EncryptedSum, TrackingCode, Transaction, check_ballot, check_batch, check_share,
    decode, encode, verify_signature,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// All copies of `bytes` with one bit flipped.
fn flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len() * 8).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    })
}

#[test]
fn no_flipped_bit_of_a_ballot_is_accepted_alone_or_in_a_batch() {
    let mut election = Fixture::new(70, 2, 2, 2);
    let honest = election.cast(1, 0);
    let ballot = election.cast(0, 1);
    assert!(check_ballot(&election.keys, &ballot).is_ok());
    let decoded: Vec<_> = flips(&ballot.encode())
        .filter_map(|bytes| Transaction::decode(&bytes).ok())
        .collect();
    assert!(decoded.len() > 3500, "{}", decoded.len());
    for chunk in decoded.chunks(64) {
        let mut batch: Vec<_> = chunk.iter().collect();
        batch.push(&honest);
        let mut verdicts = check_batch(&election.keys, &batch);
        assert!(verdicts.pop().unwrap().is_ok());
        for (flipped, verdict) in chunk.iter().zip(verdicts) {
            assert!(verdict.is_err());
            assert_eq!(check_ballot(&election.keys, flipped), verdict);
        }
    }
}

/// The voter signs the flipped ballot: now only the proof stands in the way, of everything but the mark, which is the voter's to choose.
#[test]
fn no_flipped_bit_that_the_voter_signs_is_accepted_but_in_the_mark() {
    let mut election = Fixture::new(71, 2, 2, 2);
    let voter = election.voter();
    let ballot = election.ballot(&voter, 0, 1);
    let good = election.sign(ballot, &voter);
    let bodies: Vec<Body> = flips(&encode(&good.body))
        .filter_map(|bytes| decode(&bytes, 10_000).ok())
        .collect();
    let signed: Vec<_> = bodies
        .into_iter()
        .map(|body| sign_body(body, &[&voter]))
        .collect();
    let mut accepted = 0;
    for chunk in signed.chunks(64) {
        let batch: Vec<_> = chunk.iter().collect();
        for (transaction, verdict) in chunk.iter().zip(check_batch(&election.keys, &batch)) {
            assert_eq!(check_ballot(&election.keys, transaction), verdict);
            // The version is for decoding to judge.
            if transaction.body.version != good.body.version {
                assert!(Transaction::decode(&transaction.encode()).is_err());
            } else if verdict.is_ok() {
                let mut other = ballot_of(transaction).clone();
                assert_ne!(other.mark, ballot_of(&good).mark);
                other.mark = ballot_of(&good).mark;
                assert_eq!(&other, ballot_of(&good));
                accepted += 1;
            }
        }
    }
    assert!(accepted <= 7 * 4);
}

#[test]
fn no_flipped_bit_of_a_share_is_accepted_even_if_the_trustee_signs_it() {
    let close = TrackingCode([9; 32]);
    let mut election = Fixture::new(72, 2, 2, 2);
    let ballot = election.cast(0, 1);
    let mut sums = vec![EncryptedSum::zero(2)];
    sums[0].add(&check_ballot(&election.keys, &ballot).unwrap());
    let trustee = &election.trustees[1];
    let share = decrypt_sums(&election.key_set, close, &sums, trustee, &mut election.rng);
    check_share(&election.key_set, close, &sums, &share).unwrap();
    let key = draw_signing_key(&mut election.rng);
    let action = Action::Share(share.clone());
    let body = Body::new(election.genesis, election.contract.id(), action);
    let transaction = sign_body(body, &[&key]);

    for bytes in flips(&encode(&share)) {
        let flipped = decode(&bytes, 10_000).ok();
        let accepted =
            flipped.and_then(|flipped| check_share(&election.key_set, close, &sums, &flipped).ok());
        assert_eq!(accepted, None);
    }
    for bytes in flips(&transaction.encode()) {
        let Ok(flipped) = Transaction::decode(&bytes) else {
            continue;
        };
        let message = flipped.body.signing_message();
        let signature = flipped.signatures.first().unwrap();
        assert!(verify_signature(&public_key(&key), &message, signature).is_err());
    }
}
