//! `/websocket`: JSON-RPC over a WebSocket, with CometBFT's subscription to new blocks.
//!
//! | question | answer |
//! |---|---|
//! | `subscribe`, `query` = `tm.event='NewBlock'` | an empty result; then, for each new block, a result with the same id |
//! | `unsubscribe`, `unsubscribe_all` | an empty result |
//! | any other route, its parameters as an object of strings | what the route answers |

use super::answers;
use super::envelope::{Parameters, Question, RpcError, message};
use super::router::result;
use super::service::Service;
use crate::storage::StorageError;
use axum::extract::ws::{Message, WebSocket};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A question is never longer.
pub const MESSAGE_LIMIT: usize = 64 * 1024;
/// CometBFT allows five for each client.
const MAX_SUBSCRIPTIONS: usize = 5;
/// Of more blocks at once, only the last are told.
const MAX_NEWS: u64 = 50;

/// One client: which queries it subscribed to, each with the id of its question.
struct Client {
    service: Arc<Service>,
    municipality: u16,
    subscriptions: BTreeMap<String, Value>,
    /// The height up to which it has been told.
    told: u64,
}

/// Answers a client until it leaves.
pub async fn converse(mut socket: WebSocket, service: Arc<Service>, municipality: u16) {
    let mut heights = service.heights();
    let told = *heights.borrow();
    let mut client = Client {
        service,
        municipality,
        subscriptions: BTreeMap::new(),
        told,
    };
    loop {
        let messages = tokio::select! {
            received = socket.recv() => match received {
                Some(Ok(Message::Text(text))) => vec![client.answer(&text)],
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => Vec::new(),
            },
            changed = heights.changed() => match changed {
                Ok(()) => {
                    let height = *heights.borrow_and_update();
                    client.news(height)
                }
                Err(_) => return,
            },
        };
        for message in messages {
            if socket
                .send(Message::Text(message.to_string().into()))
                .await
                .is_err()
            {
                return;
            }
        }
    }
}

impl Client {
    fn answer(&mut self, text: &str) -> Value {
        let Ok(question) = serde_json::from_str::<Question>(text) else {
            return message(&Value::Null, Err(RpcError::Question));
        };
        let query = question.params.get("query").and_then(Value::as_str);
        let answer = match (question.method.as_str(), query) {
            ("subscribe", query) => self.subscribe(&question.id, query.unwrap_or_default()),
            ("unsubscribe", Some(query)) => {
                self.subscriptions.remove(query);
                Ok(json!({}))
            }
            ("unsubscribe_all", _) => {
                self.subscriptions.clear();
                Ok(json!({}))
            }
            (route, _) => {
                let parameters = Parameters::of_json(&question.params);
                result(&self.service, self.municipality, route, &parameters)
                    .unwrap_or(Err(RpcError::Method))
            }
        };
        message(&question.id, answer)
    }

    fn subscribe(&mut self, id: &Value, query: &str) -> Result<Value, RpcError> {
        let plain: String = query.chars().filter(|c| !c.is_whitespace()).collect();
        if plain != "tm.event='NewBlock'" {
            return Err(RpcError::Query);
        }
        if self.subscriptions.len() >= MAX_SUBSCRIPTIONS {
            return Err(RpcError::Subscriptions);
        }
        self.subscriptions.insert(query.to_owned(), id.clone());
        Ok(json!({}))
    }

    /// The events of the blocks since the last time.
    fn news(&mut self, height: u64) -> Vec<Value> {
        let first = self.told.saturating_add(1);
        let new = first.max(height.saturating_sub(MAX_NEWS - 1))..=height;
        self.told = self.told.max(height);
        if self.subscriptions.is_empty() {
            return Vec::new();
        }
        new.filter_map(|height| new_block(&self.service, height).ok())
            .flat_map(|data| {
                self.subscriptions
                    .iter()
                    .map(move |(query, id)| event(id, query, &data))
            })
            .collect()
    }
}

fn event(id: &Value, query: &str, data: &Value) -> Value {
    let result = json!({ "query": query, "data": data, "events": { "tm.event": ["NewBlock"] } });
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

/// The data of the event about a block.
fn new_block(service: &Service, height: u64) -> Result<Value, RpcError> {
    let record = service.store.block(height)?;
    let root = service.store.root(height)?.ok_or(StorageError::Corrupt {
        what: "root",
        height,
    })?;
    let mut value = answers::block_with_id(&record);
    let results = answers::block_results(height, &service.store.outcomes(height)?, &root);
    if let Some(fields) = value.as_object_mut() {
        let results = json!({
            "events": null,
            "tx_results": results.get("txs_results"),
            "validator_updates": null,
            "consensus_param_updates": null,
            "app_hash": results.get("app_hash"),
        });
        fields.insert("result_finalize_block".into(), results);
    }
    Ok(json!({ "type": "tendermint/event/NewBlock", "value": value }))
}
