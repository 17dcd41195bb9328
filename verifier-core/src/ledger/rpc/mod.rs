//! Answers of CometBFT's v0.38 JSON-RPC, read from bytes: a size cap first, then JSON, then types.
//!
//! An answer is what a node claims. Nothing in it is true before it is checked against a trusted header. Fields that are not
//! listed here are ignored, for nodes differ in what they add; what is listed must be there and well-formed.

mod blocks;
mod chain;
mod state;

pub use blocks::{Block, BlockAnswer, BlockMeta, BlockResults, Blockchain, CommitAnswer};
pub use chain::{GenesisAnswer, Status, ValidatorsPage};
pub use state::StateQuery;

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Why bytes are not an answer.
#[derive(
    Clone, Debug, PartialEq, Eq, thiserror::Error, borsh::BorshSerialize, borsh::BorshDeserialize,
)]
pub enum RpcError {
    #[error("an answer to {route} of {actual} bytes is larger than the {limit} allowed")]
    TooLarge {
        route: String,
        actual: usize,
        limit: usize,
    },
    #[error("the answer to {route} is not JSON: {reason}")]
    NotJson { route: String, reason: String },
    #[error("the node answers {route} with error {code}: {message}")]
    Refused {
        route: String,
        code: i64,
        message: String,
    },
    #[error("the answer to {route} has neither a result nor an error")]
    NoResult { route: String },
    #[error("the answer to {route} is malformed: {reason}")]
    Malformed { route: String, reason: String },
}

/// The result of one route.
///
/// The cap is on the whole answer, and checked before anything is read.
pub trait Route: DeserializeOwned {
    /// The route's name.
    const ROUTE: &'static str;
    /// Cap on the whole answer, in bytes of JSON.
    const LIMIT: usize;
}

/// Reads a whole JSON-RPC answer: `{"jsonrpc": …, "id": …, "result": …}` or `{…, "error": …}`.
///
/// # Errors
/// If it is too large, not JSON, an error, or not this route's result.
pub fn decode_answer<R: Route>(bytes: &[u8]) -> Result<R, RpcError> {
    match decode::<R, Envelope<R>>(bytes)? {
        Envelope {
            error: Some(error), ..
        } => Err(RpcError::Refused {
            route: R::ROUTE.to_owned(),
            code: error.code,
            message: error.describe(),
        }),
        Envelope {
            result: Some(result),
            ..
        } => Ok(result),
        _ => Err(RpcError::NoResult {
            route: R::ROUTE.to_owned(),
        }),
    }
}

/// Reads the `result` object alone, as an exported ledger keeps it.
///
/// # Errors
/// If it is too large, not JSON, or not this route's result.
pub fn decode_result<R: Route>(bytes: &[u8]) -> Result<R, RpcError> {
    decode::<R, R>(bytes)
}

/// Reads a `T` that is, or wraps, the result of `R`'s route.
fn decode<R: Route, T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RpcError> {
    let route = R::ROUTE.to_owned();
    if bytes.len() > R::LIMIT {
        return Err(RpcError::TooLarge {
            route,
            actual: bytes.len(),
            limit: R::LIMIT,
        });
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let reason = error.to_string();
        if error.is_data() {
            RpcError::Malformed { route, reason }
        } else {
            RpcError::NotJson { route, reason }
        }
    })
}

#[derive(Deserialize)]
#[serde(bound = "R: Route")]
struct Envelope<R> {
    result: Option<R>,
    error: Option<ErrorObject>,
}

#[derive(Deserialize)]
struct ErrorObject {
    code: i64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    data: Value,
}

impl ErrorObject {
    /// The message, and the details that CometBFT puts beside it.
    fn describe(self) -> String {
        match self.data {
            Value::String(data) => format!("{}: {data}", self.message),
            _ => self.message,
        }
    }
}

/// Canonical base64, with `null` for no bytes.
#[derive(Default)]
struct Base64(Vec<u8>);

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<Cow<'de, str>>::deserialize(deserializer)?.unwrap_or_default();
        data_encoding::BASE64
            .decode(text.as_bytes())
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}
