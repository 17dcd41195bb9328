//! Every single bit of the canonical bytes of a receipt, a ballot, a header, a commit and a share, flipped: none is accepted.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod frozen;

use data_encoding::{BASE32_NOPAD, BASE64};
use frozen::{good, ledger_blocks, receipt};
use prost::Message;
use tendermint::block::{Commit, Header};
use tendermint_proto::Protobuf;
use tendermint_proto::v0_38::types::{Commit as RawCommit, Header as RawHeader};
use verifier_core::rpc::{GenesisAnswer, decode_answer};
use verifier_core::{
    Action, Ballot, Election, GenesisState, Hash, Outcome, RECEIPT_PREFIX, Receipt, Recount,
    Request, Share, Tally, Transaction, Verdict, check_ballot, check_batch, check_share, decode,
    encode,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The bytes with each bit flipped in turn.
fn flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len() * 8).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    })
}

/// The honest election up to, and without, this block.
fn before(height: usize) -> Recount {
    let election = good();
    let mut recount = frozen::recount(&election);
    for block in &ledger_blocks(&election)[..height - 1] {
        recount.add_block(block).unwrap();
    }
    recount
}

#[test]
fn no_flipped_bit_of_a_receipt_is_accepted() {
    let election = good();
    let counted = receipt("counted");
    let payload = encode(&Receipt::parse(&counted.receipt).unwrap());
    let text = |payload: &[u8]| {
        let check = Hash::of(&[b"chamgwan/receipt-check/v1", payload].concat());
        let bytes = [payload, &check.0[..4]].concat();
        format!("{RECEIPT_PREFIX}{}", BASE32_NOPAD.encode(&bytes))
    };
    assert_eq!(text(&payload), counted.receipt);
    for flipped in flips(&payload) {
        // With a check code that fits, as a forger would have it.
        let report = election.check_receipt(&text(&flipped), counted.now, |r| election.answer(r));
        assert_ne!(report.verdict, Verdict::Accepted);
    }
    // With the check code as it was, as chance would have it.
    let bytes = BASE32_NOPAD
        .decode(&counted.receipt.as_bytes()[RECEIPT_PREFIX.len()..])
        .unwrap();
    for flipped in flips(&bytes) {
        let text = format!("{RECEIPT_PREFIX}{}", BASE32_NOPAD.encode(&flipped));
        assert!(Receipt::parse(&text).is_err());
    }
}

#[test]
fn no_flipped_bit_of_a_header_is_accepted() {
    let block = &ledger_blocks(&good())[4];
    let recount = before(5);
    let mut decoded = 0;
    for (header, is_next) in [(&block.header.header, false), (&block.next.header, true)] {
        let bytes = Protobuf::<RawHeader>::encode_vec(header.clone());
        for flipped in flips(&bytes) {
            let Ok(header) = <Header as Protobuf<RawHeader>>::decode_vec(&flipped) else {
                continue;
            };
            if Protobuf::<RawHeader>::encode_vec(header.clone()) != flipped {
                continue; // not canonical
            }
            decoded += 1;
            let mut block = block.clone();
            match is_next {
                true => block.next.header = header,
                false => block.header.header = header,
            }
            assert!(recount.clone().add_block(&block).is_err());
        }
    }
    assert!(decoded > 4000, "{decoded}");
}

#[test]
fn no_flipped_bit_of_a_commit_is_accepted() {
    let block = &ledger_blocks(&good())[4];
    let recount = before(5);
    let bytes = RawCommit::from(block.next.commit.clone()).encode_to_vec();
    let mut decoded = 0;
    for flipped in flips(&bytes) {
        let raw = RawCommit::decode(flipped.as_slice()).ok();
        let Some(commit) = raw.and_then(|raw| Commit::try_from(raw).ok()) else {
            continue;
        };
        if RawCommit::from(commit.clone()).encode_to_vec() != flipped {
            continue; // not canonical
        }
        decoded += 1;
        let mut block = block.clone();
        block.next.commit = commit;
        assert!(recount.clone().add_block(&block).is_err());
    }
    // Four signatures of 512 bits each are among them.
    assert!(decoded > 2048, "{decoded}");
}

#[test]
fn no_flipped_bit_of_a_ballot_is_accepted() {
    let election = good();
    let recount = before(4);
    let block = &ledger_blocks(&election)[3];
    let bytes = &block.transactions[0];
    let rules = rules_at(4);
    let keys = rules.complete_key_set().unwrap().ballot_keys();
    assert!(check_ballot(&keys, &Transaction::decode(bytes).unwrap()).is_ok());
    let mut decoded = Vec::new();
    for flipped in flips(bytes) {
        // In its block, it is not what the header commits to.
        let mut block = block.clone();
        block.transactions[0] = &flipped;
        assert!(recount.clone().add_block(&block).is_err());
        // In a block that commits to it, it is not a ballot of this voter.
        if let Ok(transaction) = Transaction::decode(&flipped) {
            let admitted = rules.admit(block_time(&block), &transaction).is_ok();
            let holds = check_ballot(&keys, &transaction).is_ok();
            assert!(!(admitted && holds));
            decoded.push(transaction);
        }
    }
    assert!(decoded.len() > 3000, "{}", decoded.len());
    for batch in decoded.chunks(64) {
        let batch: Vec<_> = batch.iter().collect();
        let verdicts = check_batch(&keys, &batch);
        for (transaction, verdict) in batch.into_iter().zip(verdicts) {
            assert_eq!(verdict, check_ballot(&keys, transaction));
        }
    }
}

/// The signature apart, the proof alone already refuses every changed bit of what it proves.
#[test]
fn no_flipped_bit_of_a_proof_holds_even_if_the_voter_signs_it() {
    let block = &ledger_blocks(&good())[3];
    let rules = rules_at(4);
    let keys = rules.complete_key_set().unwrap().ballot_keys();
    let transaction = Transaction::decode(block.transactions[0]).unwrap();
    let Action::Cast(ballot) = &transaction.body.action else {
        panic!("not a ballot");
    };
    let mut seed = 0u64;
    let voter = verifier_core::prove::draw_signing_key(&mut TestRng(&mut seed));
    // The same proof for an address whose key is at hand does not hold either: the address is in the transcript.
    for flipped in flips(&encode(ballot)).step_by(3) {
        let Ok(mut ballot) = decode::<Ballot>(&flipped, 4096) else {
            continue;
        };
        ballot.address = verifier_core::prove::public_key(&voter);
        let mut body = transaction.body.clone();
        body.action = Action::Cast(ballot);
        let signed = verifier_core::prove::sign_body(body, &[&voter]);
        assert!(check_ballot(&keys, &signed).is_err());
    }
}

#[test]
fn no_flipped_bit_of_a_share_is_accepted() {
    let block = &ledger_blocks(&good())[7];
    let rules = rules_at(8);
    let bytes = &block.transactions[0];
    let apply = |transaction: &Transaction| {
        let tally = Tally::new(4, 2);
        rules.clone().apply(block_time(block), transaction, &tally)
    };
    let transaction = Transaction::decode(bytes).unwrap();
    assert_eq!(apply(&transaction), Outcome::Ok);
    let mut decoded = 0;
    for flipped in flips(bytes) {
        if let Ok(transaction) = Transaction::decode(&flipped) {
            decoded += 1;
            assert_ne!(apply(&transaction), Outcome::Ok);
        }
    }
    assert!(decoded > 3000, "{decoded}");
    // The signature apart.
    let Action::Share(share) = &transaction.body.action else {
        panic!("not a share");
    };
    let close = rules.close().unwrap();
    let sums: Vec<_> = close.cells.iter().map(|cell| cell.sum.clone()).collect();
    let key_set = rules.complete_key_set().unwrap();
    assert!(check_share(key_set, close.code, &sums, share).is_ok());
    for flipped in flips(&encode(share)) {
        if let Ok(share) = decode::<Share>(&flipped, 65536) {
            assert!(check_share(key_set, close.code, &sums, &share).is_err());
        }
    }
}

fn block_time(block: &verifier_core::LedgerBlock<'_>) -> u64 {
    u64::try_from(block.header.header.time.unix_timestamp()).unwrap()
}

/// The rules' state before the block at `height`, ballots counted into the sums.
fn rules_at(height: usize) -> Election {
    let election = good();
    let genesis: GenesisAnswer =
        decode_answer(&election.answer(&Request::Genesis).unwrap()).unwrap();
    let state = GenesisState::decode(&genesis.genesis.app_state).unwrap();
    let mut rules = Election::new(genesis.genesis.hash(), state);
    let mut tally = Tally::new(4, 2);
    for block in &ledger_blocks(&election)[..height - 1] {
        for (bytes, result) in block.transactions.iter().zip(&block.results) {
            let Ok(transaction) = Transaction::decode(bytes) else {
                continue;
            };
            if let (Action::Cast(_), 0) = (&transaction.body.action, result.code) {
                let keys = rules.complete_key_set().unwrap().ballot_keys();
                tally.add(&check_ballot(&keys, &transaction).unwrap());
            } else {
                rules.apply(block_time(block), &transaction, &tally);
            }
        }
    }
    rules
}

/// A counter: enough to draw one key for a test.
struct TestRng<'a>(&'a mut u64);

impl rand_core::RngCore for TestRng<'_> {
    fn next_u32(&mut self) -> u32 {
        7
    }
    fn next_u64(&mut self) -> u64 {
        *self.0 += 1;
        *self.0
    }
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.next_u64().to_le_bytes()[0];
        }
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl rand_core::CryptoRng for TestRng<'_> {}

#[test]
fn the_frozen_transactions_are_canonical() {
    for block in good().blocks {
        for text in block.transactions {
            let bytes = BASE64.decode(text.as_bytes()).unwrap();
            if let Ok(transaction) = Transaction::decode(&bytes) {
                assert_eq!(transaction.encode(), bytes);
            }
        }
    }
}
