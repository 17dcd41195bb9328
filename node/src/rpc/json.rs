//! CometBFT's JSON of blocks: capital hexadecimal hashes, base64 bytes, numbers above 32 bits as strings.

use data_encoding::BASE64;
use serde_json::{Value, json};
use tendermint::block::{Commit, Header, Id};
use tendermint_proto::v0_38::types as proto;

/// An empty block id, as the first header has it.
fn nil_block_id() -> Value {
    json!({ "hash": "", "parts": { "total": 0, "hash": "" } })
}

/// A header.
pub fn header(header: &Header) -> Value {
    // A header's fields all have a JSON form.
    let mut value = serde_json::to_value(header).unwrap_or_default();
    if header.last_block_id.is_none()
        && let Some(fields) = value.as_object_mut()
    {
        fields.insert("last_block_id".into(), nil_block_id());
    }
    value
}

/// A block id.
pub fn block_id(id: &Id) -> Value {
    serde_json::to_value(id).unwrap_or_default()
}

/// A commit; the empty one that the first block holds if there is none.
pub fn commit(commit: Option<&Commit>) -> Value {
    match commit {
        Some(commit) => serde_json::to_value(commit).unwrap_or_default(),
        None => json!({ "height": "0", "round": 0, "block_id": nil_block_id(), "signatures": [] }),
    }
}

/// A whole block.
pub fn block(block: &proto::Block, checked_header: &Header) -> Value {
    let transactions = block.data.iter().flat_map(|data| &data.txs);
    let last_commit = block
        .last_commit
        .clone()
        .and_then(|commit| Commit::try_from(commit).ok());
    let last_commit = last_commit.filter(|_| checked_header.last_block_id.is_some());
    json!({
        "header": header(checked_header),
        "data": { "txs": transactions.map(|transaction| BASE64.encode(transaction)).collect::<Vec<_>>() },
        "evidence": { "evidence": [] },
        "last_commit": commit(last_commit.as_ref()),
    })
}
