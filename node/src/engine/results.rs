//! What headers say of transactions: `data_hash` of the block itself, `last_results_hash` of the block before.

use prost::Message;
use sha2::{Digest, Sha256};
use tendermint::Hash;
use tendermint::merkle::simple_hash_from_byte_vectors;
use tendermint_proto::v0_38::abci::ExecTxResult;
use verifier_core::Outcome;

/// Merkle root over the SHA-256 of each transaction.
pub fn transactions_hash(transactions: &[Vec<u8>]) -> Hash {
    let hashes: Vec<[u8; 32]> = transactions
        .iter()
        .map(|transaction| Sha256::digest(transaction).into())
        .collect();
    Hash::Sha256(simple_hash_from_byte_vectors::<Sha256>(&hashes))
}

/// Merkle root over the deterministic part of each `ExecTxResult`: here only the code.
pub fn results_hash(outcomes: &[Outcome]) -> Hash {
    let results: Vec<Vec<u8>> = outcomes
        .iter()
        .map(|outcome| {
            ExecTxResult {
                code: outcome.code(),
                ..ExecTxResult::default()
            }
            .encode_to_vec()
        })
        .collect();
    Hash::Sha256(simple_hash_from_byte_vectors::<Sha256>(&results))
}
