//! Proofs that a key of the application's state has a value, or has none, under a header's `app_hash`.
//!
//! The state is a Jellyfish Merkle tree over SHA-256; its root is `app_hash`. A proof is a protobuf `ics23.CommitmentProof` that
//! holds one existence proof, or one non-existence proof with the neighbours of the key's hash.
//! Leaf: `SHA-256("JMT::LeafNode" ‖ SHA-256(key) ‖ SHA-256(value))`; inner node: `SHA-256("JMT::IntrnalNode" ‖ left ‖ right)`,
//! with `SPARSE_MERKLE_PLACEHOLDER_HASH__` for an empty child.

use borsh::{BorshDeserialize, BorshSerialize};
use ics23::commitment_proof::Proof;
use ics23::{
    CommitmentProof, ExistenceProof, HashOp, HostFunctionsProvider, InnerOp, InnerSpec, LeafOp,
    LengthOp, NonExistenceProof, ProofSpec, verify_membership, verify_non_membership,
};
use prost_ics23::Message;
use sha2::{Digest, Sha256};

use crate::Hash;

/// Cap on an encoded proof, in bytes: 64 levels twice, and two values.
pub const PROOF_LIMIT: usize = 1 << 20;

/// The `type` of the one operation in the `proofOps` of an `abci_query` answer.
pub const STATE_PROOF_TYPE: &str = "ics23:jmt";

const LEAF_PREFIX: &[u8] = b"JMT::LeafNode";
const INNER_PREFIX: &[u8] = b"JMT::IntrnalNode";
const EMPTY_CHILD: &[u8] = b"SPARSE_MERKLE_PLACEHOLDER_HASH__";
const MAX_DEPTH: usize = 64;

/// Why a proof says nothing about a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, BorshSerialize, BorshDeserialize)]
pub enum StateProofError {
    #[error("a proof of {actual} bytes is larger than the {limit} allowed")]
    TooLarge { actual: usize, limit: usize },
    #[error("not an ics23 proof")]
    Malformed,
    #[error("the proof does not encode back to the same bytes")]
    NotCanonical,
    #[error("the proof is neither of existence nor of non-existence")]
    WrongKind,
    #[error(
        "the proof is for key {}, not {}",
        hex::encode(actual),
        hex::encode(expected)
    )]
    WrongKey { expected: Vec<u8>, actual: Vec<u8> },
    #[error("the proof has steps that are not those of a Jellyfish Merkle tree")]
    WrongShape,
    #[error("the proof does not lead to {app_hash}, or leaves room for the key")]
    DoesNotHold { app_hash: Hash },
}

/// The value of `key` under `app_hash`, or `None` if the proof shows that there is none.
///
/// # Errors
/// If the proof is not a canonical, complete proof about this very key under this very root.
pub fn verify_state(
    app_hash: Hash,
    key: &[u8],
    proof: &[u8],
) -> Result<Option<Vec<u8>>, StateProofError> {
    let commitment = decode(proof)?;
    let root = app_hash.0.to_vec();
    let (holds, value) = match &commitment.proof {
        Some(Proof::Exist(existence)) => {
            check_key(key, &existence.key)?;
            check_shape(existence)?;
            let value = existence.value.clone();
            let holds = verify_membership::<Sha256Only>(&commitment, &spec(), &root, key, &value);
            (holds, Some(value))
        }
        Some(Proof::Nonexist(absence)) => {
            check_key(key, &absence.key)?;
            check_neighbours(absence)?;
            let holds = verify_non_membership::<Sha256Only>(&commitment, &spec(), &root, key);
            (holds, None)
        }
        _ => return Err(StateProofError::WrongKind),
    };
    if holds {
        Ok(value)
    } else {
        Err(StateProofError::DoesNotHold { app_hash })
    }
}

fn decode(bytes: &[u8]) -> Result<CommitmentProof, StateProofError> {
    if bytes.len() > PROOF_LIMIT {
        return Err(StateProofError::TooLarge {
            actual: bytes.len(),
            limit: PROOF_LIMIT,
        });
    }
    let proof = CommitmentProof::decode(bytes).map_err(|_| StateProofError::Malformed)?;
    if proof.encode_to_vec() != bytes {
        return Err(StateProofError::NotCanonical);
    }
    Ok(proof)
}

fn check_key(expected: &[u8], actual: &[u8]) -> Result<(), StateProofError> {
    if expected != actual {
        return Err(StateProofError::WrongKey {
            expected: expected.to_vec(),
            actual: actual.to_vec(),
        });
    }
    Ok(())
}

/// One or two neighbours, whose paths part somewhere: two paths that never do are a contradiction, and the comparison of
/// neighbours in `ics23` relies on their parting.
fn check_neighbours(absence: &NonExistenceProof) -> Result<(), StateProofError> {
    for neighbour in absence.left.iter().chain(&absence.right) {
        check_shape(neighbour)?;
    }
    match (&absence.left, &absence.right) {
        (None, None) => Err(StateProofError::WrongShape),
        (Some(left), Some(right)) => {
            let from_the_root = left.path.iter().rev().zip(right.path.iter().rev());
            if from_the_root.into_iter().any(|(l, r)| l != r) {
                Ok(())
            } else {
                Err(StateProofError::WrongShape)
            }
        }
        _ => Ok(()),
    }
}

/// A leaf and inner nodes exactly as the tree hashes them: `ics23` alone would allow longer prefixes and any depth.
fn check_shape(proof: &ExistenceProof) -> Result<(), StateProofError> {
    let leaf_fits = proof.leaf.as_ref() == Some(&leaf_spec());
    let depth_fits = proof.path.len() <= MAX_DEPTH;
    if leaf_fits && depth_fits && proof.path.iter().all(is_inner_node) {
        Ok(())
    } else {
        Err(StateProofError::WrongShape)
    }
}

/// `prefix ‖ child ‖ suffix` is `INNER_PREFIX ‖ left ‖ right`, the child being either of the two.
fn is_inner_node(step: &InnerOp) -> bool {
    let sibling_bytes = |bytes: usize| match bytes {
        0 => Some(32),
        32 => Some(0),
        _ => None,
    };
    step.hash == i32::from(HashOp::Sha256)
        && step
            .prefix
            .strip_prefix(INNER_PREFIX)
            .is_some_and(|left| sibling_bytes(left.len()) == Some(step.suffix.len()))
}

fn leaf_spec() -> LeafOp {
    LeafOp {
        hash: HashOp::Sha256.into(),
        prehash_key: HashOp::Sha256.into(),
        prehash_value: HashOp::Sha256.into(),
        length: LengthOp::NoPrefix.into(),
        prefix: LEAF_PREFIX.to_vec(),
    }
}

/// The Jellyfish Merkle tree in the terms of `ics23`.
fn spec() -> ProofSpec {
    ProofSpec {
        leaf_spec: Some(leaf_spec()),
        inner_spec: Some(InnerSpec {
            hash: HashOp::Sha256.into(),
            child_order: vec![0, 1],
            min_prefix_length: 16,
            max_prefix_length: 16,
            child_size: 32,
            empty_child: EMPTY_CHILD.to_vec(),
        }),
        min_depth: 0,
        max_depth: 64,
        prehash_key_before_comparison: true,
    }
}

/// SHA-256 for `ics23`. The shape check admits no other hash, so the others are never called; they return zeros, which no root
/// equals.
struct Sha256Only;

impl HostFunctionsProvider for Sha256Only {
    fn sha2_256(message: &[u8]) -> [u8; 32] {
        Sha256::digest(message).into()
    }

    fn sha2_512(_: &[u8]) -> [u8; 64] {
        [0; 64]
    }

    fn sha2_512_truncated(_: &[u8]) -> [u8; 32] {
        [0; 32]
    }

    fn keccak_256(_: &[u8]) -> [u8; 32] {
        [0; 32]
    }

    fn ripemd160(_: &[u8]) -> [u8; 20] {
        [0; 20]
    }

    fn blake2b_512(_: &[u8]) -> [u8; 64] {
        [0; 64]
    }

    fn blake2s_256(_: &[u8]) -> [u8; 32] {
        [0; 32]
    }

    fn blake3(_: &[u8]) -> [u8; 32] {
        [0; 32]
    }
}
