//! `abci_info` and `abci_query`, in CometBFT's JSON.

use super::envelope::{Parameters, RpcError};
use super::service::Service;
use crate::promise::{Again, PROMISE_PATH};
use crate::query::{self, Found, Handout, PROOF_TYPE, QueryError, Question};
use data_encoding::BASE64;
use serde_json::{Value, json};

/// `abci_info`.
pub fn info(service: &Service) -> Result<Value, RpcError> {
    let last = service.store.last_height()?;
    let root = service.store.root(last)?.unwrap_or_default();
    Ok(json!({ "response": {
        "data": "chamgwan",
        "version": env!("CARGO_PKG_VERSION"),
        "app_version": "1",
        "last_block_height": last.to_string(),
        "last_block_app_hash": BASE64.encode(&root),
    }}))
}

/// `abci_query`, to a municipality's node.
pub fn query(
    service: &Service,
    municipality: u16,
    parameters: &Parameters,
) -> Result<Value, RpcError> {
    let data = parameters.bytes("data")?;
    if parameters.text("path") == Some(PROMISE_PATH) {
        let mempool = service.mempool.as_ref().ok_or(RpcError::NoMempool)?;
        let (height, again) = mempool.promise_again(&data, service.promiser(municipality));
        return Ok(promise_response(height, &again));
    }
    let question = Question {
        path: parameters.text("path").unwrap_or_default(),
        data: &data,
        height: parameters.number("height")?.unwrap_or(0),
        prove: parameters.flag("prove"),
    };
    let found = query::answer(&service.store, question, |handout| match handout {
        Handout::Totals => service.files().totals.map(String::into_bytes),
        Handout::TrustCard => Some(service.files().trust_card.into_bytes()),
    })?;
    Ok(response(&data, &found))
}

fn response(key: &[u8], found: &Found) -> Value {
    let operations = found.proof.as_ref().map(|proof| {
        json!({ "ops": [{ "type": PROOF_TYPE, "key": BASE64.encode(key), "data": BASE64.encode(proof) }] })
    });
    json!({ "response": {
        "code": 0,
        "log": found.log(),
        "info": "",
        "index": "0",
        "key": BASE64.encode(key),
        "value": found.value.as_ref().map(|value| BASE64.encode(value)),
        "proofOps": operations,
        "height": found.height.to_string(),
        "codespace": "",
    }})
}

fn promise_response(height: u64, again: &Again) -> Value {
    json!({ "response": {
        "code": again.code,
        "log": again.log,
        "info": "",
        "index": "0",
        "key": null,
        "value": BASE64.encode(&again.value),
        "proofOps": null,
        "height": height.to_string(),
        "codespace": "",
    }})
}

impl From<QueryError> for RpcError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Path => Self::Parameter {
                name: "path",
                expected: "a path that this application knows",
            },
            QueryError::Data { expected } => Self::Parameter {
                name: "data",
                expected,
            },
            QueryError::Height { height, last } => Self::Height { height, last },
            QueryError::Storage(error) => Self::Storage(error),
        }
    }
}
