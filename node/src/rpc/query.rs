//! `abci_info` and `abci_query`: the application's state with proofs, and lists that nothing rests on.
//!
//! | path | data | value |
//! |---|---|---|
//! | `/store` | a state key | its value after block `height`, with an ics23 proof under the next header's `app_hash` |
//! | `/batch` | municipality u16, batch u16 | borsh list of the batch's addresses |
//! | `/spent` | municipality u16, batch u16 | borsh list of the batch's spent entries after block `height` |
//! | `/index` | from u64, to u64, or nothing | borsh list of (height u64, ballots u32), blocks without ballots left out |
//! | `/totals` | nothing | the totals that this node claims, JSON |
//! | `/trust-card` | nothing | the trust card's file |

use super::envelope::{Parameters, RpcError};
use super::service::Service;
use data_encoding::BASE64;
use serde_json::{Value, json};
use verifier_core::encode;
use verifier_core::state_key::SpentEntry;

/// The type that JMT-based chains give their proofs.
const PROOF_TYPE: &str = "ics23:jmt";

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

struct Found {
    value: Option<Vec<u8>>,
    proof: Option<Vec<u8>>,
}

/// `abci_query`.
pub fn query(service: &Service, parameters: &Parameters) -> Result<Value, RpcError> {
    let data = parameters.bytes("data")?;
    let height = service.height(parameters.number("height")?.filter(|height| *height > 0))?;
    let found = match parameters.text("path") {
        Some("/store") => store(service, &data, height, parameters.flag("prove"))?,
        Some("/batch") => plain(batch(service, &data)?),
        Some("/spent") => plain(Some(spent(service, &data, height)?)),
        Some("/index") => plain(Some(index(service, &data)?)),
        Some("/totals") => plain(service.files().totals.map(String::into_bytes)),
        Some("/trust-card") => plain(Some(service.files().trust_card.into_bytes())),
        _ => {
            return Err(RpcError::Parameter {
                name: "path",
                expected: "a path that this application knows",
            });
        }
    };
    Ok(response(&data, height, &found))
}

fn response(key: &[u8], height: u64, found: &Found) -> Value {
    let operations = found.proof.as_ref().map(|proof| {
        json!({ "ops": [{ "type": PROOF_TYPE, "key": BASE64.encode(key), "data": BASE64.encode(proof) }] })
    });
    json!({ "response": {
        "code": 0,
        "log": if found.value.is_some() { "exists" } else { "does not exist" },
        "info": "",
        "index": "0",
        "key": BASE64.encode(key),
        "value": found.value.as_ref().map(|value| BASE64.encode(value)),
        "proofOps": operations,
        "height": height.to_string(),
        "codespace": "",
    }})
}

fn plain(value: Option<Vec<u8>>) -> Found {
    Found { value, proof: None }
}

fn store(service: &Service, key: &[u8], height: u64, prove: bool) -> Result<Found, RpcError> {
    let answer = service.store.state(key, height)?;
    Ok(Found {
        value: answer.value,
        proof: prove.then_some(answer.proof),
    })
}

fn batch(service: &Service, data: &[u8]) -> Result<Option<Vec<u8>>, RpcError> {
    let (municipality, batch) = batch_key(data)?;
    Ok(service.store.batch(municipality, batch)?)
}

fn spent(service: &Service, data: &[u8], height: u64) -> Result<Vec<u8>, RpcError> {
    let (municipality, batch) = batch_key(data)?;
    let spent = service.store.spent(municipality, batch, height)?;
    let entries = spent.iter().map(|entry| SpentEntry {
        index: entry.asset.index,
        height: entry.height,
        code: entry.code,
    });
    Ok(encode(&entries.collect::<Vec<_>>()))
}

fn index(service: &Service, data: &[u8]) -> Result<Vec<u8>, RpcError> {
    let range = match data {
        [] => Ok((0, u64::MAX)),
        bytes => borsh::from_slice(bytes).map_err(|_| RpcError::Parameter {
            name: "data",
            expected: "two heights",
        }),
    };
    let (from, to) = range?;
    Ok(encode(&service.store.ballot_index(from, to)?))
}

fn batch_key(data: &[u8]) -> Result<(u16, u16), RpcError> {
    borsh::from_slice(data).map_err(|_| RpcError::Parameter {
        name: "data",
        expected: "a municipality and a batch",
    })
}
