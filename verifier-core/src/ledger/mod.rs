//! The ledger is CometBFT's: headers, commits, validator sets, Merkle trees and RPC answers of its v0.38 line.
//!
//! Bytes from a node become typed answers ([`rpc`]); headers become [`TrustedHeader`]s ([`verify_skipping`], [`Bisection`],
//! [`verify_backwards`]); what hangs below a header is checked against its roots ([`data_hash`], [`last_results_hash`],
//! [`verify_state`]). Nothing here reads a clock: the present time is an argument.

mod bisection;
mod borsh_forms;
mod commit;
mod genesis;
mod light;
mod merkle;
pub mod rpc;
mod state_proof;
mod validators;

pub(crate) use light::plain_hash;

pub use bisection::{Bisection, Progress};
pub use commit::{CommitError, Conflict, SignedPower, check_commit, check_commits, sign_bytes};
pub use genesis::Genesis;
pub use light::{
    BLOCK_PROTOCOL, LightBlock, LightError, NotYetTrusted, Options, Outcome as LightOutcome,
    TrustLevel, TrustedHeader, header_hash, verify_adjacent, verify_backwards, verify_skipping,
};
pub use merkle::{
    MerkleError, MerkleProof, TxResult, data_hash, last_commit_hash, last_results_hash,
    merkle_root, prove_result, prove_transaction, verify_result, verify_transaction,
};
pub use state_proof::{PROOF_LIMIT, STATE_PROOF_TYPE, StateProofError, verify_state};
pub use validators::{MAX_VALIDATORS, ValidatorSet, ValidatorSetError};
