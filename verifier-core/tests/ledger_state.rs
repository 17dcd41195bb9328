//! Proofs about the application's state, made by a real Jellyfish Merkle tree, and what happens to those that were tampered with.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use ics23::commitment_proof::Proof;
use ics23::{CommitmentProof, ExistenceProof, NonExistenceProof};
use jmt::mock::MockTreeStore;
use jmt::{KeyHash, Sha256Jmt};
use prost_ics23::Message;
use verifier_core::{Hash, PROOF_LIMIT, StateProofError, verify_state};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

struct State {
    store: MockTreeStore,
    root: Hash,
}

/// A state with one version, which holds `n` keys.
fn state(n: u32) -> State {
    let store = MockTreeStore::default();
    let tree = Sha256Jmt::new(&store);
    let entries: Vec<_> = (0..n).map(|i| (key(i), value(i))).collect();
    for (key, _) in &entries {
        store.put_key_preimage(KeyHash::with::<sha2::Sha256>(key), key);
    }
    let values = entries
        .iter()
        .map(|(key, value)| (KeyHash::with::<sha2::Sha256>(key), Some(value.clone())));
    let (root, batch) = tree.put_value_set(values, 1).unwrap();
    store.write_tree_update_batch(batch).unwrap();
    State {
        store,
        root: Hash(root.0),
    }
}

fn key(i: u32) -> Vec<u8> {
    format!("spent/{i}/0").into_bytes()
}

fn value(i: u32) -> Vec<u8> {
    format!("value {i}").into_bytes()
}

impl State {
    fn proof(&self, key: &[u8]) -> CommitmentProof {
        let tree = Sha256Jmt::new(&self.store);
        tree.get_with_ics23_proof(key.to_vec(), 1).unwrap().1
    }

    fn prove(&self, key: &[u8]) -> Vec<u8> {
        self.proof(key).encode_to_vec()
    }

    fn existence(&self, key: &[u8]) -> ExistenceProof {
        match self.proof(key).proof {
            Some(Proof::Exist(proof)) => proof,
            _ => panic!("the key is there"),
        }
    }

    fn absence(&self, key: &[u8]) -> NonExistenceProof {
        match self.proof(key).proof {
            Some(Proof::Nonexist(proof)) => proof,
            _ => panic!("the key is not there"),
        }
    }
}

fn exist(proof: ExistenceProof) -> Vec<u8> {
    CommitmentProof {
        proof: Some(Proof::Exist(proof)),
    }
    .encode_to_vec()
}

fn nonexist(proof: NonExistenceProof) -> Vec<u8> {
    CommitmentProof {
        proof: Some(Proof::Nonexist(proof)),
    }
    .encode_to_vec()
}

#[test]
fn every_key_of_a_real_tree_has_its_value() {
    for n in [1, 2, 3, 10, 200] {
        let state = state(n);
        for i in 0..n {
            let proof = state.prove(&key(i));
            assert_eq!(
                verify_state(state.root, &key(i), &proof),
                Ok(Some(value(i)))
            );
        }
    }
}

#[test]
fn every_key_that_a_real_tree_lacks_is_shown_to_be_absent() {
    for n in [1, 2, 3, 10, 200] {
        let state = state(n);
        for i in n..n + 200 {
            let proof = state.prove(&key(i));
            assert_eq!(
                verify_state(state.root, &key(i), &proof),
                Ok(None),
                "{n} {i}"
            );
        }
    }
}

#[test]
fn our_tree_is_the_one_that_the_tree_itself_describes() {
    let state = state(20);
    let (spec, root) = (jmt::ics23_spec(), state.root.0.to_vec());
    let proof = state.proof(&key(3));
    assert!(ics23::verify_membership::<Theirs>(
        &proof,
        &spec,
        &root,
        &key(3),
        &value(3)
    ));
    assert!(ics23::verify_non_membership::<Theirs>(
        &state.proof(&key(99)),
        &spec,
        &root,
        &key(99)
    ));
    assert_eq!(
        verify_state(state.root, &key(3), &proof.encode_to_vec()),
        Ok(Some(value(3)))
    );
}

/// SHA-256 for `ics23`'s own judgement.
struct Theirs;

impl ics23::HostFunctionsProvider for Theirs {
    fn sha2_256(message: &[u8]) -> [u8; 32] {
        Hash::of(message).0
    }
    fn sha2_512(_: &[u8]) -> [u8; 64] {
        unreachable!()
    }
    fn sha2_512_truncated(_: &[u8]) -> [u8; 32] {
        unreachable!()
    }
    fn keccak_256(_: &[u8]) -> [u8; 32] {
        unreachable!()
    }
    fn ripemd160(_: &[u8]) -> [u8; 20] {
        unreachable!()
    }
    fn blake2b_512(_: &[u8]) -> [u8; 64] {
        unreachable!()
    }
    fn blake2s_256(_: &[u8]) -> [u8; 32] {
        unreachable!()
    }
    fn blake3(_: &[u8]) -> [u8; 32] {
        unreachable!()
    }
}

#[test]
fn a_proof_under_another_root_says_nothing() {
    let (state, other) = (state(10), state(11));
    let app_hash = other.root;
    for i in [3, 50] {
        assert_eq!(
            verify_state(app_hash, &key(i), &state.prove(&key(i))),
            Err(StateProofError::DoesNotHold { app_hash })
        );
    }
}

#[test]
fn a_proof_about_another_key_says_nothing_about_this_one() {
    let state = state(10);
    for other in [4, 50] {
        assert_eq!(
            verify_state(state.root, &key(3), &state.prove(&key(other))),
            Err(StateProofError::WrongKey {
                expected: key(3),
                actual: key(other)
            })
        );
    }
}

#[test]
fn an_absence_proof_relabelled_with_a_key_that_is_there_does_not_hold() {
    let state = state(10);
    for there in 0..10 {
        for missing in 50..60 {
            let mut proof = state.absence(&key(missing));
            proof.key = key(there);
            assert!(verify_state(state.root, &key(there), &nonexist(proof)).is_err());
        }
    }
}

#[test]
fn neighbours_with_somebody_between_them_do_not_show_that_a_key_is_absent() {
    let state = state(40);
    let mut by_hash: Vec<_> = (0..40).map(|i| (Hash::of(&key(i)), key(i))).collect();
    by_hash.sort();
    for trio in by_hash.windows(3) {
        let hidden = NonExistenceProof {
            key: trio[1].1.clone(),
            left: Some(state.existence(&trio[0].1)),
            right: Some(state.existence(&trio[2].1)),
        };
        assert_eq!(
            verify_state(state.root, &trio[1].1, &nonexist(hidden)),
            Err(StateProofError::DoesNotHold {
                app_hash: state.root
            })
        );
    }
    for (left, right) in [(Some(&by_hash[0].1), None), (None, Some(&by_hash[39].1))] {
        let one_sided = NonExistenceProof {
            key: by_hash[20].1.clone(),
            left: left.map(|key| state.existence(key)),
            right: right.map(|key| state.existence(key)),
        };
        assert!(verify_state(state.root, &by_hash[20].1, &nonexist(one_sided)).is_err());
    }
}

#[test]
fn neighbours_that_are_one_and_the_same_or_none_are_refused_without_a_panic() {
    for n in [1, 40] {
        let state = state(n);
        let twice = NonExistenceProof {
            key: key(99),
            left: Some(state.existence(&key(0))),
            right: Some(state.existence(&key(0))),
        };
        let none = NonExistenceProof {
            key: key(99),
            left: None,
            right: None,
        };
        for proof in [twice, none] {
            assert_eq!(
                verify_state(state.root, &key(99), &nonexist(proof)),
                Err(StateProofError::WrongShape)
            );
        }
    }
}

#[test]
fn a_value_swapped_in_the_proof_does_not_hold() {
    let state = state(10);
    let mut proof = state.existence(&key(3));
    proof.value = value(4);
    assert_eq!(
        verify_state(state.root, &key(3), &exist(proof)),
        Err(StateProofError::DoesNotHold {
            app_hash: state.root
        })
    );
}

#[test]
fn steps_that_no_such_tree_has_are_refused() {
    let state = state(10);
    let honest = state.existence(&key(3));
    let shape = |change: &dyn Fn(&mut ExistenceProof)| {
        let mut proof = honest.clone();
        change(&mut proof);
        verify_state(state.root, &key(3), &exist(proof))
    };
    let refused = Err(StateProofError::WrongShape);
    assert_eq!(shape(&|p| p.leaf = None), refused);
    assert_eq!(shape(&|p| p.leaf.as_mut().unwrap().prefix.push(0)), refused);
    assert_eq!(
        shape(&|p| p.leaf.as_mut().unwrap().prehash_key = 0),
        refused
    );
    assert_eq!(shape(&|p| p.path[0].hash = 3), refused);
    assert_eq!(shape(&|p| p.path[0].prefix.push(0)), refused);
    assert_eq!(shape(&|p| p.path[0].suffix.extend([0; 32])), refused);
    assert_eq!(
        shape(&|p| p.path[0].prefix = b"JMT::LeafNode".to_vec()),
        refused
    );
    assert_eq!(
        shape(&|p| {
            let step = p.path[0].clone();
            p.path.resize(65, step);
        }),
        refused
    );
}

#[test]
fn a_batch_of_proofs_is_neither_of_existence_nor_of_absence() {
    let state = state(3);
    let batch = ics23::BatchProof {
        entries: vec![ics23::BatchEntry {
            proof: Some(ics23::batch_entry::Proof::Exist(state.existence(&key(1)))),
        }],
    };
    let bytes = CommitmentProof {
        proof: Some(Proof::Batch(batch)),
    }
    .encode_to_vec();
    assert_eq!(
        verify_state(state.root, &key(1), &bytes),
        Err(StateProofError::WrongKind)
    );
    assert_eq!(
        verify_state(state.root, &key(1), &[]),
        Err(StateProofError::WrongKind)
    );
}

#[test]
fn bytes_that_are_no_proof_or_not_its_canonical_form_or_too_many_are_refused() {
    let state = state(3);
    assert_eq!(
        verify_state(state.root, &key(1), b"no proof"),
        Err(StateProofError::Malformed)
    );
    let mut unknown_field = state.prove(&key(1));
    unknown_field.extend([0x78, 1]);
    assert_eq!(
        verify_state(state.root, &key(1), &unknown_field),
        Err(StateProofError::NotCanonical)
    );
    assert_eq!(
        verify_state(state.root, &key(1), &vec![0; PROOF_LIMIT + 1]),
        Err(StateProofError::TooLarge {
            actual: PROOF_LIMIT + 1,
            limit: PROOF_LIMIT
        })
    );
}

#[test]
fn every_bit_of_a_state_proof_matters() {
    let state = state(12);
    for i in [3, 77] {
        let honest = state.prove(&key(i));
        let answer = verify_state(state.root, &key(i), &honest).unwrap();
        assert_eq!(answer.is_some(), i == 3);
        for bit in 0..honest.len() * 8 {
            let mut flipped = honest.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(
                verify_state(state.root, &key(i), &flipped).is_err(),
                "key {i}, bit {bit}"
            );
        }
    }
}
