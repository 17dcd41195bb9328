//! The JSON-RPC envelope around every answer, and the parameters of every question.

use crate::mempool::MempoolError;
use crate::storage::StorageError;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum RpcError {
    #[error("the parameter {name} is not {expected}")]
    Parameter {
        name: &'static str,
        expected: &'static str,
    },
    #[error("height {height} must be between 1 and the current height {last}")]
    Height { height: u64, last: u64 },
    #[error("min height {from} can't be greater than max height {to}")]
    Range { from: u64, to: u64 },
    #[error("page {page} of {pages}")]
    Page { page: u64, pages: u64 },
    #[error("no municipality {index}")]
    Municipality { index: u16 },
    #[error("the message is no JSON-RPC question")]
    Question,
    #[error("there is no such method")]
    Method,
    #[error("failed to parse query: only tm.event='NewBlock' is known")]
    Query,
    #[error("max_subscriptions_per_client reached")]
    Subscriptions,
    #[error("this node takes no transactions")]
    NoMempool,
    #[error(transparent)]
    Mempool(#[from] MempoolError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl RpcError {
    /// JSON-RPC's code: the question's fault, or the node's.
    fn code(&self) -> i32 {
        match self {
            Self::Parameter { .. } | Self::Page { .. } | Self::Municipality { .. } => -32602,
            Self::Height { .. }
            | Self::Range { .. }
            | Self::Query
            | Self::Subscriptions
            | Self::NoMempool
            | Self::Mempool(_)
            | Self::Storage(_) => -32603,
            Self::Question => -32600,
            Self::Method => -32601,
        }
    }

    /// JSON-RPC's name for the code.
    fn message(&self) -> &'static str {
        match self.code() {
            -32602 => "Invalid params",
            -32601 => "Method not found",
            -32600 => "Invalid Request",
            _ => "Internal error",
        }
    }
}

/// An answer to the question with this id.
pub fn message(id: &Value, answer: Result<Value, RpcError>) -> Value {
    match answer {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(error) => json!({
            "jsonrpc": "2.0",
            "id": id,
            "error": { "code": error.code(), "message": error.message(), "data": error.to_string() },
        }),
    }
}

/// Wraps an answer as CometBFT does for GET requests, whose id is −1.
pub fn envelope(answer: Result<Value, RpcError>) -> Response {
    let status = match &answer {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    (status, Json(message(&json!(-1), answer))).into_response()
}

/// A JSON-RPC question, over HTTP or a WebSocket.
#[derive(Deserialize)]
pub struct Question {
    #[serde(default)]
    pub id: Value,
    #[serde(default)]
    pub method: String,
    #[serde(default)]
    pub params: Map<String, Value>,
}

/// How a question writes bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// In an address: 0x and hexadecimal digits.
    Address,
    /// In JSON: base64.
    Json,
}

/// The question's parameters. Values may stand in quotes, as CometBFT asks of strings.
pub struct Parameters {
    form: Form,
    values: BTreeMap<String, String>,
}

impl Parameters {
    /// Takes the decoded query.
    pub fn new(query: BTreeMap<String, String>) -> Self {
        Self {
            form: Form::Address,
            values: query,
        }
    }

    /// Takes the parameters of a JSON-RPC question; those that are not strings are left out.
    pub fn of_json(parameters: &Map<String, Value>) -> Self {
        let text = |(name, value): (&String, &Value)| {
            let value = match value {
                Value::Bool(flag) => flag.to_string(),
                value => value.as_str()?.to_owned(),
            };
            Some((name.clone(), value))
        };
        Self {
            form: Form::Json,
            values: parameters.iter().filter_map(text).collect(),
        }
    }

    /// The text under a name, without quotes; `None` if it is absent or empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let value = self.values.get(name)?.trim_matches('"');
        (!value.is_empty()).then_some(value)
    }

    /// The number under a name.
    pub fn number(&self, name: &'static str) -> Result<Option<u64>, RpcError> {
        let parse = |text: &str| {
            text.parse().map_err(|_| RpcError::Parameter {
                name,
                expected: "a number",
            })
        };
        self.text(name).map(parse).transpose()
    }

    /// The transaction under a name: base64 in JSON, 0x and hexadecimal digits in an address.
    pub fn transaction(&self, name: &'static str) -> Result<Vec<u8>, RpcError> {
        if self.form == Form::Address {
            return self.bytes(name);
        }
        let text = self.text(name).unwrap_or_default();
        BASE64
            .decode(text.as_bytes())
            .map_err(|_| RpcError::Parameter {
                name,
                expected: "base64",
            })
    }

    /// The bytes under a name, as hexadecimal digits: behind 0x in an address, without it in JSON.
    pub fn bytes(&self, name: &'static str) -> Result<Vec<u8>, RpcError> {
        let Some(text) = self.text(name) else {
            return Ok(Vec::new());
        };
        let digits = text.strip_prefix("0x").unwrap_or(text);
        hex::decode(digits).map_err(|_| RpcError::Parameter {
            name,
            expected: "0x and hexadecimal digits",
        })
    }

    /// Whether the flag under a name is set.
    pub fn flag(&self, name: &'static str) -> bool {
        self.text(name)
            .is_some_and(|text| text == "true" || text == "1")
    }
}
