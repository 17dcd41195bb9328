//! Sending a transaction to a municipality's node, and what it answers: CometBFT's `broadcast_tx_sync`, with the municipality's promise as data.
//!
//! A transaction that the node has already is an error there, without data. Whoever lost the first answer asks the path `/promise` again.

use crate::finding::SourceFault;
use crate::ledger::rpc::{Route, RpcError, StateQuery, decode_answer};
use crate::promise::Promise;
use data_encoding::{BASE64, HEXUPPER};
use serde::Deserialize;
use serde_json::json;

/// The application's query that gives a promise again.
const PROMISE_PATH: &str = "/promise";
/// What `/promise` says of a ballot that is on the ledger.
const RECORDED: &str = "recorded";

/// A transaction on its way to a node.
#[derive(Clone, Copy, Debug)]
pub struct Broadcast<'a> {
    pub transaction: &'a [u8],
}

/// What became of it at that node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BroadcastAnswer {
    /// It waits for a block. A ballot that came before closing is promised, if the node can sign for its municipality.
    Waiting { promise: Option<Promise> },
    /// The ballot is on the ledger, under this tracking code.
    Recorded,
    /// The application does not take it: an outcome's code, and what it says about it.
    Refused { code: u32, log: String },
    /// The node has it, or had it, already.
    Known,
    /// The node holds no more for now.
    Full,
}

impl Broadcast<'_> {
    /// Of the body: with any other media type a browser first asks the node whether it may send it.
    pub const MEDIA_TYPE: &'static str = "text/plain";
    /// An answer with more bytes than this is refused unread.
    pub const ANSWER_LIMIT: usize = 64 << 10;

    /// What is posted to the node's address to send it. [`decode_broadcast`] reads the answer.
    pub fn body(&self) -> String {
        let parameters = json!({ "tx": BASE64.encode(self.transaction) });
        question("broadcast_tx_sync", &parameters)
    }

    /// What is posted to ask for the promise again. [`decode_promise_answer`] reads the answer.
    pub fn promise_body(&self) -> String {
        let data = HEXUPPER.encode(self.transaction);
        let parameters =
            json!({ "path": PROMISE_PATH, "data": data, "height": "0", "prove": false });
        question("abci_query", &parameters)
    }
}

fn question(method: &str, parameters: &serde_json::Value) -> String {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters }).to_string()
}

/// Reads the answer to [`Broadcast::body`].
///
/// # Errors
/// If it is none, or the node cannot tell.
pub fn decode_broadcast(bytes: &[u8]) -> Result<BroadcastAnswer, SourceFault> {
    let answer = match decode_answer::<Sent>(bytes) {
        Ok(answer) => answer,
        Err(RpcError::Refused { message, .. }) if message.contains("already exists in cache") => {
            return Ok(BroadcastAnswer::Known);
        }
        Err(RpcError::Refused { message, .. }) if message.contains("mempool is full") => {
            return Ok(BroadcastAnswer::Full);
        }
        Err(error) => return Err(error.into()),
    };
    if answer.code != 0 {
        let Sent { code, log, .. } = answer;
        return Ok(BroadcastAnswer::Refused { code, log });
    }
    // CometBFT writes these bytes in upper-case hexadecimal.
    let data = HEXUPPER.decode(answer.data.unwrap_or_default().as_bytes());
    let data = data.map_err(|error| SourceFault::Malformed(error.to_string()))?;
    let promise = (!data.is_empty()).then(|| promise(&data)).transpose()?;
    Ok(BroadcastAnswer::Waiting { promise })
}

/// Reads the answer to [`Broadcast::promise_body`].
///
/// # Errors
/// If it is none.
pub fn decode_promise_answer(bytes: &[u8]) -> Result<BroadcastAnswer, SourceFault> {
    let answer: StateQuery = decode_answer(bytes)?;
    let StateQuery {
        code, log, value, ..
    } = answer;
    Ok(match code {
        0 if value.is_empty() && log == RECORDED => BroadcastAnswer::Recorded,
        0 if value.is_empty() => BroadcastAnswer::Waiting { promise: None },
        0 => BroadcastAnswer::Waiting {
            promise: Some(promise(&value)?),
        },
        code => BroadcastAnswer::Refused { code, log },
    })
}

fn promise(bytes: &[u8]) -> Result<Promise, SourceFault> {
    Promise::decode(bytes).map_err(|error| SourceFault::Malformed(error.to_string()))
}

/// What of the result matters here.
#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    code: u32,
    data: Option<String>,
    #[serde(default)]
    log: String,
}

impl Route for Sent {
    const ROUTE: &'static str = "broadcast_tx_sync";
    const LIMIT: usize = Broadcast::ANSWER_LIMIT;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::encode;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn signed() -> Promise {
        Promise {
            municipality: 3,
            time: 8,
            deadline: 9,
            signature: [10; 64],
        }
    }

    fn result(code: u32, data: &str) -> Vec<u8> {
        let result =
            json!({ "code": code, "data": data, "log": "Ok", "codespace": "", "hash": "00" });
        json!({ "jsonrpc": "2.0", "id": 1, "result": result })
            .to_string()
            .into_bytes()
    }

    fn error(data: &str) -> Vec<u8> {
        let error = json!({ "code": -32603, "message": "Internal error", "data": data });
        json!({ "jsonrpc": "2.0", "id": 1, "error": error })
            .to_string()
            .into_bytes()
    }

    fn queried(code: u32, value: &[u8], log: &str) -> Vec<u8> {
        let response =
            json!({ "code": code, "value": BASE64.encode(value), "log": log, "height": "7" });
        json!({ "jsonrpc": "2.0", "id": 1, "result": { "response": response } })
            .to_string()
            .into_bytes()
    }

    #[test]
    fn a_promise_comes_with_the_answer_in_hexadecimal() {
        let bytes = result(0, &HEXUPPER.encode(&encode(&signed())));
        let promise = Some(signed());
        assert_eq!(
            decode_broadcast(&bytes),
            Ok(BroadcastAnswer::Waiting { promise })
        );
        let none = BroadcastAnswer::Waiting { promise: None };
        assert_eq!(decode_broadcast(&result(0, "")), Ok(none));
    }

    #[test]
    fn what_is_no_promise_is_the_nodes_fault() {
        let mut long = encode(&signed());
        long.push(0);
        for data in [HEXUPPER.encode(&long), "00".into(), "xyz".into()] {
            let read = decode_broadcast(&result(0, &data));
            assert!(matches!(read, Err(SourceFault::Malformed(_))), "{data}");
        }
        assert!(decode_broadcast(b"hello").is_err());
        assert!(decode_broadcast(&vec![b' '; Broadcast::ANSWER_LIMIT + 1]).is_err());
    }

    #[test]
    fn refused_known_and_full_are_told_apart() {
        let refused = BroadcastAnswer::Refused {
            code: 18,
            log: "Ok".into(),
        };
        assert_eq!(decode_broadcast(&result(18, "")), Ok(refused));
        let known = decode_broadcast(&error("tx already exists in cache"));
        assert_eq!(known, Ok(BroadcastAnswer::Known));
        let full = decode_broadcast(&error("mempool is full: number of txs 5000 (max: 5000)"));
        assert_eq!(full, Ok(BroadcastAnswer::Full));
        assert!(decode_broadcast(&error("tx too large")).is_err());
    }

    #[test]
    fn asked_again_a_node_promises_or_says_that_the_ballot_is_recorded_or_why_not() {
        let promise = Some(signed());
        let again = decode_promise_answer(&queried(0, &encode(&signed()), "promised"));
        assert_eq!(again, Ok(BroadcastAnswer::Waiting { promise }));
        let recorded = decode_promise_answer(&queried(0, b"", RECORDED));
        assert_eq!(recorded, Ok(BroadcastAnswer::Recorded));
        let refused = decode_promise_answer(&queried(18, b"", "AssetSpent"));
        assert!(matches!(
            refused,
            Ok(BroadcastAnswer::Refused { code: 18, .. })
        ));
        assert!(decode_promise_answer(&queried(0, b"x", "promised")).is_err());
    }
}
