//! Ballots judged as they lie in a block: whatever the bytes, the verdict is that of the transaction which they decode to.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod forger;

use forger::{Forger, Verdict, ballot_mut};
use verifier_core::{
    Action, BallotError, BallotKeys, Hash, HashedTransaction, Hint, Outcome, RawBallot,
    ScalarBytes, Transaction, check_ballot, check_batch_raw, decompression_hints,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const K: usize = 2;

fn by_the_book(keys: &BallotKeys, bytes: &[u8]) -> Verdict {
    match Transaction::decode(bytes) {
        Ok(transaction) => check_ballot(keys, &transaction),
        Err(_) => Err(BallotError::NotABallot),
    }
}

/// One verdict per string of bytes, which is the same without hints and with these for all of them.
fn verdicts(keys: &BallotKeys, strings: &[Vec<u8>], hints: &[Hint]) -> Vec<Verdict> {
    let expected: Vec<_> = strings.iter().map(|s| by_the_book(keys, s)).collect();
    for hints in [&[], hints] {
        let raw = strings.iter().map(|s| (HashedTransaction::new(s), hints));
        assert_eq!(check_batch_raw(keys, &raw.collect::<Vec<_>>()), expected);
    }
    expected
}

#[test]
fn reads_what_the_transaction_says_and_hashes_it() {
    let mut forger = Forger::new(80, K);
    let transaction = forger.honest(1);
    let bytes = transaction.encode();
    let hashed = HashedTransaction::new(&bytes);
    assert_eq!(hashed.hash(), Hash::of(&bytes));
    assert_eq!(hashed.bytes(), bytes);
    let raw = RawBallot::read(K, &hashed).unwrap();
    let Action::Cast(ballot) = &transaction.body.action else {
        unreachable!()
    };
    assert_eq!((raw.asset(), raw.address()), (ballot.asset, ballot.address));
    assert_eq!(raw.code(), transaction.body.tracking_code());
    for short in 0..70 {
        assert_eq!(
            HashedTransaction::new(&bytes[..short]).hash(),
            Hash::of(&bytes[..short])
        );
    }
}

#[test]
fn ballots_for_another_number_of_candidates_are_not_read() {
    let mut forger = Forger::new(81, K);
    let bytes = forger.honest(0).encode();
    for candidates in [0, 1, 3, usize::MAX] {
        assert!(RawBallot::read(candidates, &HashedTransaction::new(&bytes)).is_none());
    }
    let mut other = Forger::new(82, K + 1);
    let strings = [bytes, other.honest(2).encode()];
    let verdicts = verdicts(&forger.keys, &strings, &[]);
    assert!(verdicts[0].is_ok());
    let refusal = verdicts[1].as_ref().unwrap_err();
    assert_eq!(refusal.outcome(), Outcome::WrongShape);
}

/// What is read has the layout of a transaction: it decodes to one, and encodes back.
#[test]
fn every_byte_changed_is_judged_as_what_it_decodes_to() {
    let mut forger = Forger::new(83, K);
    let transaction = forger.honest(0);
    let (bytes, hints) = (transaction.encode(), decompression_hints(&transaction));
    for (start, flip) in [(0, 1), (3, 0x80), (5, 0xff)] {
        let strings: Vec<_> = (start..bytes.len())
            .step_by(7)
            .map(|place| {
                let mut changed = bytes.clone();
                changed[place] ^= flip;
                changed
            })
            .collect();
        for string in &strings {
            if RawBallot::read(K, &HashedTransaction::new(string)).is_some() {
                assert_eq!(Transaction::decode(string).unwrap().encode(), *string);
            }
        }
        let verdicts = verdicts(&forger.keys, &strings, &hints);
        assert!(verdicts.iter().all(Result::is_err));
    }
}

#[test]
fn cut_and_lengthened_ballots_are_no_transactions() {
    let mut forger = Forger::new(84, K);
    let bytes = forger.honest(0).encode();
    let mut strings: Vec<_> = (0..bytes.len())
        .step_by(13)
        .map(|length| bytes[..length].to_vec())
        .collect();
    strings.push([bytes.as_slice(), &[0]].concat());
    strings.push([bytes.as_slice(), &[0; 64]].concat());
    strings.push([bytes.as_slice(), &bytes].concat());
    strings.push(vec![0; 600_000]);
    let verdicts = verdicts(&forger.keys, &strings, &[]);
    let none = |verdict: &Verdict| *verdict == Err(BallotError::NotABallot);
    assert!(verdicts.iter().all(none));
}

#[test]
fn other_shapes_and_other_transactions_are_judged_as_transactions() {
    let mut forger = Forger::new(85, K);
    let honest: Vec<_> = (0..8).map(|i| forger.honest(i % K)).collect();
    let mut strings: Vec<_> = honest.iter().map(Transaction::encode).collect();
    let mut changed = honest.clone();
    ballot_mut(&mut changed[0]).transfers.pop();
    ballot_mut(&mut changed[1]).c.clear();
    ballot_mut(&mut changed[2]).z.push(ScalarBytes([7; 32]));
    changed[3].signatures.clear();
    let twice = changed[4].signatures[0];
    changed[4].signatures.push(twice);
    changed[5].body.action = Action::Close;
    changed[6].body.version = 2;
    changed[7].body.genesis.0[0] ^= 1;
    strings.extend(changed.iter().map(Transaction::encode));
    strings.rotate_left(3);
    let verdicts = verdicts(&forger.keys, &strings, &decompression_hints(&honest[0]));
    assert_eq!(verdicts.iter().filter(|v| v.is_ok()).count(), honest.len());
}
