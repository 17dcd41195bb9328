//! A lying node: answers the chain's routes from a tale, and passes questions about the state on to an honest node.

use crate::lies::{Manner, Tale};
use crate::served::Served;
use crate::telling::Question;
use anyhow::Result;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// An endless answer ends after so many portions, should nobody stop reading before.
const PORTIONS: usize = 2_048;
const PORTION: usize = 64 * 1024;

/// A node under way; it stops when dropped.
pub struct Liar {
    served: Served,
    asked: Arc<Mutex<Vec<String>>>,
    tale: Arc<RwLock<Arc<Tale>>>,
}

struct Node {
    tale: Arc<RwLock<Arc<Tale>>>,
    honest: String,
    client: reqwest::Client,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Liar {
    /// Starts a node that tells `tale`; what is not in the tale comes from the node at `honest`.
    pub async fn start(tale: Tale, honest: &str) -> Result<Self> {
        let asked = Arc::default();
        let tale = Arc::new(RwLock::new(Arc::new(tale)));
        let node = Node {
            tale: Arc::clone(&tale),
            honest: honest.to_owned(),
            client: reqwest::Client::new(),
            asked: Arc::clone(&asked),
        };
        let router = Router::new().fallback(answer).with_state(Arc::new(node));
        Ok(Self {
            served: Served::start(router).await?,
            asked,
            tale,
        })
    }

    /// From now on it tells something else.
    pub fn tell(&self, tale: Tale) {
        *self.tale.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tale);
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        self.served.url()
    }

    /// Every question so far: path and query.
    pub fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .map(|asked| asked.clone())
            .unwrap_or_default()
    }
}

async fn answer(State(node): State<Arc<Node>>, uri: Uri) -> Response {
    if let Ok(mut asked) = node.asked.lock() {
        asked.push(uri.to_string());
    }
    let tale = node.tale();
    let mut response = match tale.manner {
        Manner::Prompt => node.tell(&tale, &uri).await,
        Manner::Late(time) => {
            tokio::time::sleep(time).await;
            node.tell(&tale, &uri).await
        }
        Manner::LateOn(route, time) => {
            if uri.path().ends_with(route) {
                tokio::time::sleep(time).await;
            }
            node.tell(&tale, &uri).await
        }
        Manner::Endless => endless(),
        Manner::Page => (
            [(header::CONTENT_TYPE, "text/html")],
            "<!doctype html><title>404</title>",
        )
            .into_response(),
    };
    let anybody = header::HeaderValue::from_static("*");
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anybody);
    response
}

impl Node {
    fn tale(&self) -> Arc<Tale> {
        let tale = self.tale.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&tale)
    }

    async fn tell(&self, tale: &Tale, uri: &Uri) -> Response {
        let route = uri.path().rsplit('/').next().unwrap_or_default();
        let parameters = parameters(uri.query().unwrap_or_default());
        if route == "abci_query" {
            return self
                .tell_state(tale, uri, &parameters)
                .await
                .unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response());
        }
        let number = |name| parameters.get(name).and_then(|text| text.parse().ok());
        let question = Question {
            route,
            height: number("height"),
            from: number("minHeight"),
            to: number("maxHeight"),
        };
        match tale.ledger.answer(&question) {
            Some(result) => wrap(&json!({ "jsonrpc": "2.0", "id": -1, "result": result })),
            None => no_such_height(tale.ledger.last()),
        }
    }

    async fn tell_state(
        &self,
        tale: &Tale,
        uri: &Uri,
        parameters: &BTreeMap<&str, &str>,
    ) -> Result<Response> {
        if parameters
            .get("path")
            .is_some_and(|path| path.contains("totals"))
        {
            return Ok(tell_totals(tale));
        }
        let asked = uri
            .path_and_query()
            .map(|asked| asked.as_str())
            .unwrap_or_default();
        let answer = self
            .client
            .get(format!("{}{asked}", self.honest))
            .send()
            .await?;
        let status = StatusCode::from_u16(answer.status().as_u16())?;
        let mut answer: Value = serde_json::from_slice(&answer.bytes().await?)?;
        if let Some((true_bytes, own)) = &tale.replaced_state {
            replace(&mut answer, true_bytes, own);
        }
        Ok((status, wrap(&answer)).into_response())
    }
}

fn tell_totals(tale: &Tale) -> Response {
    let response = match &tale.ledger.totals {
        Some(totals) => json!({ "code": 0, "height": "0", "value": BASE64.encode(totals) }),
        None => json!({ "code": 1, "height": "0", "log": "no totals" }),
    };
    wrap(&json!({ "jsonrpc": "2.0", "id": -1, "result": { "response": response } }))
}

/// Replaces bytes in every base64 string of an answer.
fn replace(answer: &mut Value, from: &[u8], to: &[u8]) {
    match answer {
        Value::String(text) => {
            let Ok(bytes) = BASE64.decode(text.as_bytes()) else {
                return;
            };
            let at = bytes
                .windows(from.len().max(1))
                .position(|window| window == from);
            if let Some((before, rest)) = at.and_then(|at| bytes.split_at_checked(at)) {
                let after = rest.get(from.len()..).unwrap_or_default();
                *text = BASE64.encode(&[before, to, after].concat());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, from, to)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| replace(field, from, to)),
        _ => {}
    }
}

fn parameters(query: &str) -> BTreeMap<&str, &str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .collect()
}

fn wrap(value: &Value) -> Response {
    (
        [(header::CONTENT_TYPE, "application/json")],
        value.to_string(),
    )
        .into_response()
}

fn no_such_height(last: u64) -> Response {
    let data = format!("height must be less than or equal to the current blockchain height {last}");
    let error = json!({ "code": -32603, "message": "Internal error", "data": data });
    let body = wrap(&json!({ "jsonrpc": "2.0", "id": -1, "error": error }));
    (StatusCode::INTERNAL_SERVER_ERROR, body).into_response()
}

/// Begins like an answer and goes on with blanks.
fn endless() -> Response {
    let blanks = Bytes::from(vec![b' '; PORTION]);
    let start = Bytes::from_static(b"{\"jsonrpc\":\"2.0\",\"id\":-1,\"result\":");
    let portions = stream::once(async { start }).chain(stream::repeat(blanks).take(PORTIONS));
    let body = Body::from_stream(portions.map(Ok::<_, Infallible>));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
