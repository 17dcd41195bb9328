//! CometBFT's Merkle tree, in the manner of RFC 6962, and what hangs on it: transactions under `data_hash`, outcomes under the
//! next header's `last_results_hash`, signatures under the next header's `last_commit_hash`.
//!
//! Leaf: `SHA-256(00 ‖ bytes)`; inner node: `SHA-256(01 ‖ left ‖ right)`; empty tree: `SHA-256("")`. A tree of n leaves has the
//! largest power of two below n on its left.

use sha2::{Digest, Sha256};
use tendermint::abci;
use tendermint::block::Commit;
use tendermint_proto::Protobuf;
use tendermint_proto::v0_38::abci::ExecTxResult as RawExecTxResult;
use tendermint_proto::v0_38::types::Commit as RawCommit;

use crate::Hash;

/// Depth beyond which no proof is read: a tree of 2⁶⁴ leaves.
const MAX_DEPTH: usize = 64;

/// Why a proof does not place a leaf under a root.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MerkleError {
    #[error("position {index} lies outside a tree of {total} leaves")]
    IndexOutOfRange { index: u64, total: u64 },
    #[error("{actual} hashes for a leaf whose path has {expected}")]
    WrongLength { expected: usize, actual: usize },
    #[error("the proof leads to root {actual}, not {expected}")]
    WrongRoot { expected: Hash, actual: Hash },
}

/// The path from one leaf to the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MerkleProof {
    /// Number of leaves.
    pub total: u64,
    /// Position of the leaf, from 0.
    pub index: u64,
    /// Hashes of the siblings, from the leaf upwards.
    pub aunts: Vec<Hash>,
}

/// The part of a transaction's outcome that `last_results_hash` covers.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TxResult {
    /// 0 for success, else the reason for refusal.
    pub code: u32,
    /// What the application returned.
    pub data: Vec<u8>,
    /// Not used by this application.
    pub gas_wanted: i64,
    /// Not used by this application.
    pub gas_used: i64,
}

impl TxResult {
    /// The deterministic encoding of the outcome: protobuf `ExecTxResult` with code, data and gas alone.
    pub fn encode(&self) -> Vec<u8> {
        let result = abci::types::ExecTxResult {
            code: self.code.into(),
            data: self.data.clone().into(),
            gas_wanted: self.gas_wanted,
            gas_used: self.gas_used,
            ..Default::default()
        };
        Protobuf::<RawExecTxResult>::encode_vec(result)
    }

    /// Reads that encoding; `None` if the bytes are not exactly it.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Self::default());
        }
        let raw = <RawExecTxResult as prost::Message>::decode(bytes).ok()?;
        let result = Self {
            code: raw.code,
            data: raw.data.into(),
            gas_wanted: raw.gas_wanted,
            gas_used: raw.gas_used,
        };
        (result.encode() == bytes).then_some(result)
    }
}

/// Root of the tree with these leaves.
pub fn merkle_root<L: AsRef<[u8]>>(leaves: &[L]) -> Hash {
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(leaf.as_ref())).collect();
    subtree(&hashes)
}

/// `data_hash` of a block with these raw transactions: each leaf is a transaction's SHA-256.
pub fn data_hash<T: AsRef<[u8]>>(transactions: &[T]) -> Hash {
    merkle_root(&transaction_leaves(transactions))
}

/// `last_results_hash` of the header that follows a block with these outcomes.
pub fn last_results_hash(results: &[TxResult]) -> Hash {
    merkle_root(&result_leaves(results))
}

/// `last_commit_hash` of the block that carries this commit as its `last_commit`; `None` is that of the first block.
pub fn last_commit_hash(commit: Option<&Commit>) -> Hash {
    let leaves: Vec<Vec<u8>> = match commit {
        Some(commit) => RawCommit::from(commit.clone())
            .signatures
            .iter()
            .map(prost::Message::encode_to_vec)
            .collect(),
        None => Vec::new(),
    };
    merkle_root(&leaves)
}

/// The proof that the transaction at `index` is under the block's `data_hash`; nothing if there is none at `index`.
pub fn prove_transaction<T: AsRef<[u8]>>(transactions: &[T], index: usize) -> Option<MerkleProof> {
    prove(&transaction_leaves(transactions), index)
}

/// The proof that the outcome at `index` is under the next header's `last_results_hash`; nothing if there is none at `index`.
pub fn prove_result(results: &[TxResult], index: usize) -> Option<MerkleProof> {
    prove(&result_leaves(results), index)
}

/// Checks that `transaction` is at `proof.index` under `data_hash`.
///
/// # Errors
/// If the position is impossible, the path too short or too long, or the root another.
pub fn verify_transaction(
    data_hash: Hash,
    proof: &MerkleProof,
    transaction: &[u8],
) -> Result<(), MerkleError> {
    verify(data_hash, proof, &Sha256::digest(transaction))
}

/// Checks that `result` is the outcome at `proof.index` under `last_results_hash`.
///
/// # Errors
/// If the position is impossible, the path too short or too long, or the root another.
pub fn verify_result(
    last_results_hash: Hash,
    proof: &MerkleProof,
    result: &TxResult,
) -> Result<(), MerkleError> {
    verify(last_results_hash, proof, &result.encode())
}

fn transaction_leaves<T: AsRef<[u8]>>(transactions: &[T]) -> Vec<[u8; 32]> {
    transactions
        .iter()
        .map(|transaction| Sha256::digest(transaction.as_ref()).into())
        .collect()
}

fn result_leaves(results: &[TxResult]) -> Vec<Vec<u8>> {
    results.iter().map(TxResult::encode).collect()
}

fn leaf_hash(bytes: &[u8]) -> Hash {
    Hash(
        Sha256::new()
            .chain_update([0])
            .chain_update(bytes)
            .finalize()
            .into(),
    )
}

fn inner_hash(left: Hash, right: Hash) -> Hash {
    Hash(
        Sha256::new()
            .chain_update([1])
            .chain_update(left.0)
            .chain_update(right.0)
            .finalize()
            .into(),
    )
}

/// The largest power of two below `total`, for `total` ≥ 2.
fn split(total: u64) -> u64 {
    1u64.checked_shl(total.saturating_sub(1).checked_ilog2().unwrap_or(0))
        .unwrap_or(1)
}

/// The leaf hashes left and right of the split, for two or more of them.
fn halves(leaves: &[Hash]) -> Option<(&[Hash], &[Hash])> {
    let total = u64::try_from(leaves.len()).ok()?;
    leaves.split_at_checked(usize::try_from(split(total)).ok()?)
}

fn subtree(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of(&[]),
        [leaf] => *leaf,
        _ => match halves(leaves) {
            Some((left, right)) => inner_hash(subtree(left), subtree(right)),
            None => Hash::of(&[]),
        },
    }
}

fn prove<L: AsRef<[u8]>>(leaves: &[L], index: usize) -> Option<MerkleProof> {
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(leaf.as_ref())).collect();
    let (mut range, mut position) = (hashes.as_slice(), index);
    range.get(position)?;
    let mut aunts = Vec::new();
    while range.len() > 1 {
        let (left, right) = halves(range)?;
        if position < left.len() {
            aunts.push(subtree(right));
            range = left;
        } else {
            position = position.checked_sub(left.len())?;
            aunts.push(subtree(left));
            range = right;
        }
    }
    aunts.reverse();
    Some(MerkleProof {
        total: u64::try_from(hashes.len()).ok()?,
        index: u64::try_from(index).ok()?,
        aunts,
    })
}

/// On which side of its parent the path lies.
#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

fn verify(root: Hash, proof: &MerkleProof, leaf: &[u8]) -> Result<(), MerkleError> {
    let path = path(proof)?;
    if proof.aunts.len() != path.len() {
        return Err(MerkleError::WrongLength {
            expected: path.len(),
            actual: proof.aunts.len(),
        });
    }
    let actual = path
        .iter()
        .rev()
        .zip(&proof.aunts)
        .fold(leaf_hash(leaf), |hash, (side, aunt)| match side {
            Side::Left => inner_hash(hash, *aunt),
            Side::Right => inner_hash(*aunt, hash),
        });
    if actual != root {
        return Err(MerkleError::WrongRoot {
            expected: root,
            actual,
        });
    }
    Ok(())
}

/// The turns from the root down to the proof's position; at most 64, for every turn at least halves the power of two.
fn path(proof: &MerkleProof) -> Result<Vec<Side>, MerkleError> {
    let (mut total, mut index) = (proof.total, proof.index);
    if index >= total {
        return Err(MerkleError::IndexOutOfRange { index, total });
    }
    let mut path = Vec::with_capacity(MAX_DEPTH);
    while total > 1 {
        let left = split(total);
        if index < left {
            path.push(Side::Left);
            total = left;
        } else {
            path.push(Side::Right);
            index = index.saturating_sub(left);
            total = total.saturating_sub(left);
        }
    }
    Ok(path)
}
