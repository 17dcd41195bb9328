//! `broadcast_tx_sync`: a transaction from outside, checked and kept for a block.

use super::envelope::{Parameters, RpcError};
use super::service::Service;
use serde_json::{Value, json};
use verifier_core::Hash;

/// The answer of `broadcast_tx_sync`; CometBFT writes `data` and `hash` in upper-case hexadecimal digits.
pub fn broadcast(
    service: &Service,
    municipality: u16,
    parameters: &Parameters,
) -> Result<Value, RpcError> {
    service.validator(municipality)?;
    let transaction = parameters.transaction("tx")?;
    let mempool = service.mempool.as_ref().ok_or(RpcError::NoMempool)?;
    let checked = mempool.take(&transaction, service.promiser(municipality))?;
    Ok(json!({
        "code": checked.code,
        "data": hex::encode_upper(&checked.data),
        "log": checked.log,
        "codespace": "",
        "hash": hex::encode_upper(Hash::of(&transaction).0),
    }))
}
