//! CometBFT's types and the application's, one into the other.

use crate::mempool::CheckedTransaction;
use crate::promise::Again;
use crate::query::{Found, PROOF_TYPE, QueryError};
use tendermint_proto::google::protobuf::Timestamp;
use tendermint_proto::v0_38::abci::{ExecTxResult, ResponseCheckTx, ResponseQuery};
use tendermint_proto::v0_38::crypto::{ProofOp, ProofOps};
use verifier_core::{Hash, Outcome, Seconds};

/// Code of a query without an answer.
const NO_ANSWER: u32 = 1;

/// Seconds and nanoseconds since 1970; none is 0.
pub fn time_parts(time: Option<Timestamp>) -> (i64, u32) {
    let time = time.unwrap_or_default();
    (time.seconds, u32::try_from(time.nanos).unwrap_or(0))
}

/// Whole seconds of a header's time.
pub fn seconds(time: Option<Timestamp>) -> Seconds {
    u64::try_from(time_parts(time).0).unwrap_or(0)
}

/// A height as CometBFT counts it.
pub fn height(height: i64) -> u64 {
    u64::try_from(height).unwrap_or(0)
}

/// A height as CometBFT takes it.
pub fn signed_height(height: u64) -> i64 {
    i64::try_from(height).unwrap_or(i64::MAX)
}

/// What became of a transaction. Only the code is under the next header's `last_results_hash`; `log` names it for a reader.
pub fn result(outcome: Outcome) -> ExecTxResult {
    ExecTxResult {
        code: outcome.code(),
        log: format!("{outcome:?}"),
        ..ExecTxResult::default()
    }
}

/// Whether a transaction may wait for its block.
pub fn checked(checked: CheckedTransaction) -> ResponseCheckTx {
    ResponseCheckTx {
        code: checked.code,
        data: checked.data.into(),
        log: checked.log,
        ..ResponseCheckTx::default()
    }
}

/// An answer about a ballot that was sent before.
pub fn again(transaction: &[u8], height: u64, again: Again) -> ResponseQuery {
    ResponseQuery {
        code: again.code,
        log: again.log,
        height: signed_height(height),
        key: Hash::of(transaction).0.to_vec().into(),
        value: again.value.into(),
        ..ResponseQuery::default()
    }
}

/// An answer about the state.
pub fn query(key: &[u8], answer: Result<Found, QueryError>) -> ResponseQuery {
    let key = key.to_vec();
    match answer {
        Err(error) => ResponseQuery {
            code: NO_ANSWER,
            log: error.to_string(),
            key: key.into(),
            ..ResponseQuery::default()
        },
        Ok(found) => ResponseQuery {
            log: found.log().into(),
            height: signed_height(found.height),
            proof_ops: found.proof.map(|data| ProofOps {
                ops: vec![ProofOp {
                    r#type: PROOF_TYPE.into(),
                    key: key.clone(),
                    data,
                }],
            }),
            key: key.into(),
            value: found.value.unwrap_or_default().into(),
            ..ResponseQuery::default()
        },
    }
}
