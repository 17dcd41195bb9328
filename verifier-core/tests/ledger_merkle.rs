//! Inclusion proofs, and those who stretch, shorten, move or transplant them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use tendermint::merkle::simple_hash_from_byte_vectors;
use verifier_core::{
    Hash, MerkleError, MerkleProof, TxResult, data_hash, last_commit_hash, last_results_hash,
    merkle_root, prove_result, prove_transaction, verify_result, verify_transaction,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn transactions(n: u8) -> Vec<Vec<u8>> {
    (0..n).map(|i| vec![i; usize::from(i) + 1]).collect()
}

fn proof_of(n: u8, index: usize) -> (Hash, MerkleProof, Vec<u8>) {
    let transactions = transactions(n);
    let proof = prove_transaction(&transactions, index).unwrap();
    (data_hash(&transactions), proof, transactions[index].clone())
}

#[test]
fn roots_are_those_of_the_tendermint_crate_for_every_small_size() {
    for n in 0..70 {
        let leaves = transactions(n);
        let theirs = simple_hash_from_byte_vectors::<sha2::Sha256>(&leaves);
        assert_eq!(merkle_root(&leaves), Hash(theirs), "{n} leaves");
    }
}

#[test]
fn empty_lists_have_the_root_of_the_empty_tree() {
    assert_eq!(data_hash::<Vec<u8>>(&[]).to_string(), EMPTY);
    assert_eq!(last_results_hash(&[]).to_string(), EMPTY);
    assert_eq!(last_commit_hash(None).to_string(), EMPTY);
}

#[test]
fn every_transaction_of_every_small_block_can_be_proved() {
    for n in 1..34 {
        for index in 0..usize::from(n) {
            let (root, proof, transaction) = proof_of(n, index);
            assert_eq!(verify_transaction(root, &proof, &transaction), Ok(()));
        }
        assert_eq!(prove_transaction(&transactions(n), usize::from(n)), None);
    }
}

#[test]
fn a_proof_for_one_position_serves_no_other() {
    for n in 2..18 {
        for index in 0..usize::from(n) {
            let (root, proof, transaction) = proof_of(n, index);
            for other in (0..u64::from(n)).filter(|other| *other != proof.index) {
                let moved = MerkleProof {
                    index: other,
                    ..proof.clone()
                };
                assert!(verify_transaction(root, &moved, &transaction).is_err());
            }
        }
    }
}

#[test]
fn a_position_outside_the_tree_is_refused() {
    let (root, mut proof, transaction) = proof_of(4, 3);
    for index in [4, 5, u64::MAX] {
        proof.index = index;
        assert_eq!(
            verify_transaction(root, &proof, &transaction),
            Err(MerkleError::IndexOutOfRange { index, total: 4 })
        );
    }
    proof.total = 0;
    proof.index = 0;
    assert_eq!(
        verify_transaction(root, &proof, &transaction),
        Err(MerkleError::IndexOutOfRange { index: 0, total: 0 })
    );
}

#[test]
fn leftover_and_missing_hashes_are_refused() {
    let (root, proof, transaction) = proof_of(5, 1);
    let mut longer = proof.clone();
    longer.aunts.push(Hash([0; 32]));
    assert_eq!(
        verify_transaction(root, &longer, &transaction),
        Err(MerkleError::WrongLength {
            expected: 3,
            actual: 4
        })
    );
    let mut shorter = proof;
    shorter.aunts.pop();
    assert_eq!(
        verify_transaction(root, &shorter, &transaction),
        Err(MerkleError::WrongLength {
            expected: 3,
            actual: 2
        })
    );
}

#[test]
fn a_tree_of_a_size_that_nobody_could_build_needs_no_memory_to_refuse() {
    let (root, mut proof, transaction) = proof_of(5, 1);
    proof.total = u64::MAX;
    proof.index = u64::MAX - 1;
    assert!(matches!(
        verify_transaction(root, &proof, &transaction),
        Err(MerkleError::WrongLength { actual: 3, .. })
    ));
}

#[test]
fn another_transaction_does_not_fit_the_proof() {
    let (root, proof, _) = proof_of(7, 6);
    assert!(matches!(
        verify_transaction(root, &proof, b"stuffed"),
        Err(MerkleError::WrongRoot { expected, .. }) if expected == root
    ));
}

#[test]
fn an_inner_node_does_not_pass_as_a_result() {
    let results = vec![TxResult::default(); 4];
    let left = last_results_hash(&results[..2]);
    let inner: Vec<u8> = [left.0, left.0].concat();
    let shortened = MerkleProof {
        total: 1,
        index: 0,
        aunts: vec![],
    };
    let disguised = TxResult {
        data: inner,
        ..TxResult::default()
    };
    let root = last_results_hash(&results);
    assert!(verify_result(root, &shortened, &disguised).is_err());
}

#[test]
fn every_bit_of_a_proof_matters() {
    let (root, proof, transaction) = proof_of(9, 4);
    for (aunt, bit) in (0..proof.aunts.len()).flat_map(|a| (0..256).map(move |b| (a, b))) {
        let mut flipped = proof.clone();
        flipped.aunts[aunt].0[bit / 8] ^= 1 << (bit % 8);
        assert!(verify_transaction(root, &flipped, &transaction).is_err());
    }
}

#[test]
fn outcomes_are_encoded_as_cometbft_does() {
    assert!(TxResult::default().encode().is_empty());
    let full = TxResult {
        code: 7,
        data: b"ab".to_vec(),
        gas_wanted: 300,
        gas_used: -1,
    };
    let expected = "080712026162" // code, data
        .to_owned()
        + "28ac02" // gas wanted
        + "30ffffffffffffffffff01"; // gas used
    assert_eq!(hex::encode(full.encode()), expected);
}

#[test]
fn an_outcome_misstated_either_way_does_not_fit() {
    let refused = TxResult {
        code: 3,
        ..TxResult::default()
    };
    let results = [TxResult::default(), refused.clone(), TxResult::default()];
    let root = last_results_hash(&results);
    let proof = prove_result(&results, 1).unwrap();
    assert_eq!(verify_result(root, &proof, &refused), Ok(()));
    assert!(verify_result(root, &proof, &TxResult::default()).is_err());
    let accepted = prove_result(&results, 0).unwrap();
    assert!(verify_result(root, &accepted, &refused).is_err());
    assert_ne!(last_results_hash(&results[..2]), root);
    assert_eq!(prove_result(&results, 3), None);
}
