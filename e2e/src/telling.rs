//! Answers in CometBFT's JSON, drawn from a told ledger.

use crate::ledger::{Ledger, Told};
use data_encoding::BASE64;
use serde_json::{Value, json};
use tendermint::block::{Commit, Header};
use verifier_core::{HEADERS_PER_REQUEST, Height, TxResult};

/// The parameters of a question.
pub struct Question<'a> {
    pub route: &'a str,
    pub height: Option<Height>,
    pub from: Option<Height>,
    pub to: Option<Height>,
}

impl Ledger {
    /// The `result` of a route about the chain; `None` if the ledger does not go that far or the route is about the state.
    pub fn answer(&self, question: &Question) -> Option<Value> {
        let height = question.height.unwrap_or_else(|| self.last());
        match question.route {
            "status" => Some(self.status_answer()),
            "genesis" => Some(self.genesis.clone()),
            "commit" => self
                .blocks
                .get(&height)
                .map(|told| commit_answer(told, height < self.last())),
            "block" => self.block_answer(height),
            "block_results" => self
                .blocks
                .get(&height)
                .map(|told| results_answer(height, &told.results)),
            "blockchain" => {
                Some(self.headers_answer(question.from.unwrap_or(1), question.to.unwrap_or(height)))
            }
            _ => None,
        }
    }

    fn status_answer(&self) -> Value {
        let mut status = self.status.clone();
        if let Some((height, told)) = self.blocks.last_key_value() {
            if let Some(network) = status.pointer_mut("/node_info/network") {
                *network = told.header.chain_id.as_str().into();
            }
            let latest = [
                ("latest_block_height", height.to_string()),
                ("latest_block_hash", told.header.hash().to_string()),
                ("latest_block_time", told.header.time.to_rfc3339()),
                ("latest_app_hash", told.header.app_hash.to_string()),
            ];
            for (name, value) in latest {
                if let Some(field) = status.pointer_mut(&format!("/sync_info/{name}")) {
                    *field = value.into();
                }
            }
        }
        status
    }

    fn block_answer(&self, height: Height) -> Option<Value> {
        let told = self.blocks.get(&height)?;
        let before = self.blocks.get(&height.saturating_sub(1));
        Some(json!({
            "block_id": value(told.commit.block_id),
            "block": {
                "header": header(&told.header),
                "data": { "txs": told.transactions.iter().map(|bytes| BASE64.encode(bytes)).collect::<Vec<_>>() },
                "evidence": { "evidence": [] },
                "last_commit": commit(before.map(|told| &told.commit)),
            },
        }))
    }

    fn headers_answer(&self, from: Height, to: Height) -> Value {
        let to = to.min(self.last());
        let from = from.max(to.saturating_sub(HEADERS_PER_REQUEST - 1)).min(to);
        let metas = self.blocks.range(from..=to).rev().map(|(_, told)| {
            json!({
                "block_id": value(told.commit.block_id),
                "block_size": "1",
                "header": header(&told.header),
                "num_txs": told.transactions.len().to_string(),
            })
        });
        json!({ "last_height": self.last().to_string(), "block_metas": metas.collect::<Vec<_>>() })
    }
}

fn commit_answer(told: &Told, canonical: bool) -> Value {
    json!({
        "signed_header": { "header": header(&told.header), "commit": commit(Some(&told.commit)) },
        "canonical": canonical,
    })
}

fn results_answer(height: Height, results: &[TxResult]) -> Value {
    let results = results.iter().map(|result| {
        json!({
            "code": result.code,
            "data": BASE64.encode(&result.data),
            "gas_wanted": result.gas_wanted.to_string(),
            "gas_used": result.gas_used.to_string(),
        })
    });
    json!({ "height": height.to_string(), "txs_results": results.collect::<Vec<_>>() })
}

/// An empty block id, as the first header has it.
fn nobody() -> Value {
    json!({ "hash": "", "parts": { "total": 0, "hash": "" } })
}

fn header(header: &Header) -> Value {
    let mut told = value(header);
    if header.last_block_id.is_none()
        && let Some(fields) = told.as_object_mut()
    {
        fields.insert("last_block_id".into(), nobody());
    }
    told
}

fn commit(commit: Option<&Commit>) -> Value {
    match commit {
        Some(commit) => value(commit),
        None => json!({ "height": "0", "round": 0, "block_id": nobody(), "signatures": [] }),
    }
}

/// Tendermint's types all have a JSON form.
fn value(told: impl serde::Serialize) -> Value {
    serde_json::to_value(told).unwrap_or_default()
}
