//! The answers: one function per route, giving CometBFT's `result`.

use super::envelope::{Parameters, RpcError};
use super::json;
use super::service::Service;
use crate::engine::Validators;
use crate::storage::{BlockRecord, StorageError};
use data_encoding::BASE64;
use prost::Message;
use serde_json::{Value, json};
use verifier_core::Outcome;

/// CometBFT answers at most this many headers at once.
const MAX_METAS: u64 = 20;
const DEFAULT_PER_PAGE: u64 = 30;
const MAX_PER_PAGE: u64 = 100;
/// The version of CometBFT whose answers these are.
const COMETBFT: &str = "0.38.17";

/// `health`: an empty object.
pub fn health() -> Result<Value, RpcError> {
    Ok(json!({}))
}

/// `status`, as this municipality's node gives it.
pub fn status(service: &Service, municipality: u16) -> Result<Value, RpcError> {
    let validator = service.validator(municipality)?;
    let last = service.store.last_height()?;
    let sync = if last == 0 {
        json!({})
    } else {
        sync_info(service, last)?
    };
    Ok(json!({
        "node_info": {
            "protocol_version": { "p2p": "8", "block": "11", "app": "1" },
            "id": validator.address().to_string().to_lowercase(),
            "listen_addr": "",
            "network": service.chain_id,
            "version": COMETBFT,
            "channels": "",
            "moniker": validator.name,
            "other": { "tx_index": "off", "rpc_address": "" },
        },
        "sync_info": sync,
        "validator_info": {
            "address": validator.address().to_string(),
            "pub_key": public_key(&validator.public_key()),
            "voting_power": validator.power().to_string(),
        },
    }))
}

fn sync_info(service: &Service, last: u64) -> Result<Value, RpcError> {
    let (earliest, latest) = (service.store.block(1)?, service.store.block(last)?);
    Ok(json!({
        "latest_block_hash": latest.header.hash().to_string(),
        "latest_app_hash": latest.header.app_hash.to_string(),
        "latest_block_height": last.to_string(),
        "latest_block_time": latest.header.time.to_rfc3339(),
        "earliest_block_hash": earliest.header.hash().to_string(),
        "earliest_app_hash": earliest.header.app_hash.to_string(),
        "earliest_block_height": "1",
        "earliest_block_time": earliest.header.time.to_rfc3339(),
        "catching_up": false,
    }))
}

/// `genesis`.
pub fn genesis(service: &Service) -> Result<Value, RpcError> {
    Ok(json!({ "genesis": service.genesis }))
}

/// `commit`.
pub fn commit(service: &Service, parameters: &Parameters) -> Result<Value, RpcError> {
    let height = service.height(parameters.number("height")?)?;
    let record = service.store.block(height)?;
    Ok(signed_header(
        &record,
        height < service.store.last_height()?,
    ))
}

/// The result of `commit`. A commit is canonical once the next block holds it.
pub fn signed_header(record: &BlockRecord, canonical: bool) -> Value {
    json!({
        "signed_header": { "header": json::header(&record.header), "commit": json::commit(Some(&record.commit)) },
        "canonical": canonical,
    })
}

/// `header`.
pub fn header(service: &Service, parameters: &Parameters) -> Result<Value, RpcError> {
    let height = service.height(parameters.number("height")?)?;
    Ok(json!({ "header": json::header(&service.store.block(height)?.header) }))
}

/// `block`.
pub fn block(service: &Service, parameters: &Parameters) -> Result<Value, RpcError> {
    let height = service.height(parameters.number("height")?)?;
    Ok(block_with_id(&service.store.block(height)?))
}

/// The result of `block`.
pub fn block_with_id(record: &BlockRecord) -> Value {
    json!({
        "block_id": json::block_id(&record.commit.block_id),
        "block": json::block(&record.block, &record.header),
    })
}

/// `block_results`.
pub fn results(service: &Service, parameters: &Parameters) -> Result<Value, RpcError> {
    let height = service.height(parameters.number("height")?)?;
    let root = service.store.root(height)?;
    let root = root.ok_or(StorageError::Corrupt {
        what: "root",
        height,
    })?;
    Ok(block_results(
        height,
        &service.store.outcomes(height)?,
        &root,
    ))
}

/// The result of `block_results`. Only the code is under the next header's `last_results_hash`; `log` names it for a reader.
pub fn block_results(height: u64, outcomes: &[Outcome], root: &[u8; 32]) -> Value {
    let results: Vec<Value> = outcomes.iter().map(|outcome| result(*outcome)).collect();
    json!({
        "height": height.to_string(),
        "txs_results": if results.is_empty() { Value::Null } else { results.into() },
        "finalize_block_events": null,
        "validator_updates": null,
        "consensus_param_updates": null,
        "app_hash": BASE64.encode(root),
    })
}

fn result(outcome: Outcome) -> Value {
    json!({
        "code": outcome.code(),
        "data": null,
        "log": format!("{outcome:?}"),
        "info": "",
        "gas_wanted": "0",
        "gas_used": "0",
        "events": [],
        "codespace": "",
    })
}

/// `blockchain`: headers from `maxHeight` down to `minHeight`, at most 20.
pub fn blockchain(service: &Service, parameters: &Parameters) -> Result<Value, RpcError> {
    let last = service.store.last_height()?;
    let asked = |name| Ok::<_, RpcError>(parameters.number(name)?.filter(|height| *height > 0));
    let to = asked("maxHeight")?.unwrap_or(last).min(last);
    let from = asked("minHeight")?
        .unwrap_or(1)
        .max((to + 1).saturating_sub(MAX_METAS))
        .max(1);
    if from > to {
        return Err(RpcError::Range { from, to });
    }
    let metas = (from..=to)
        .rev()
        .map(|height| Ok(meta(&service.store.block(height)?)));
    let metas = metas.collect::<Result<Vec<_>, StorageError>>()?;
    Ok(json!({ "last_height": last.to_string(), "block_metas": metas }))
}

fn meta(record: &BlockRecord) -> Value {
    json!({
        "block_id": json::block_id(&record.commit.block_id),
        "block_size": record.block.encoded_len().to_string(),
        "header": json::header(&record.header),
        "num_txs": record.outcomes.len().to_string(),
    })
}

/// `validators`: a page of the set at a height.
pub fn validators_page(service: &Service, parameters: &Parameters) -> Result<Value, RpcError> {
    let height = service.height(parameters.number("height")?)?;
    let per_page = parameters
        .number("per_page")?
        .unwrap_or(DEFAULT_PER_PAGE)
        .clamp(1, MAX_PER_PAGE);
    let page = parameters.number("page")?.unwrap_or(1);
    validator_list(&service.validators, height, page, per_page)
}

/// The result of `validators`.
pub fn validator_list(
    validators: &Validators,
    height: u64,
    page: u64,
    per_page: u64,
) -> Result<Value, RpcError> {
    let members = validators.in_order();
    let total = u64::try_from(members.len()).unwrap_or(u64::MAX);
    let pages = total.div_ceil(per_page).max(1);
    if !(1..=pages).contains(&page) {
        return Err(RpcError::Page { page, pages });
    }
    let (skip, take) = (
        usize::try_from((page - 1).saturating_mul(per_page)),
        usize::try_from(per_page),
    );
    let listed: Vec<Value> = members
        .iter()
        .zip(validators.priorities(height))
        .skip(skip.unwrap_or(usize::MAX))
        .take(take.unwrap_or(usize::MAX))
        .map(|(validator, priority)| {
            json!({
                "address": validator.address().to_string(),
                "pub_key": public_key(&validator.public_key()),
                "voting_power": validator.power().to_string(),
                "proposer_priority": priority.to_string(),
            })
        })
        .collect();
    Ok(json!({
        "block_height": height.to_string(),
        "count": listed.len().to_string(),
        "total": total.to_string(),
        "validators": listed,
    }))
}

fn public_key(key: &[u8; 32]) -> Value {
    json!({ "type": "tendermint/PubKeyEd25519", "value": BASE64.encode(key) })
}
