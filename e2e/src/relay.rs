//! A node that passes everything on to an honest one, until a test makes it misbehave.

use crate::served::Served;
use anyhow::Result;
use axum::Router;
use axum::extract::ws::{Message, WebSocket};
use axum::extract::{State, WebSocketUpgrade};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use verifier_core::Height;

/// How it behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conduct {
    #[default]
    Honest,
    /// Leaves the first transaction out of every block from this height on, and says so in its events.
    DropsFrom(Height),
    /// Knows of no block after this one, and tells of none.
    StopsAt(Height),
    /// Answers nothing but errors.
    Fails,
    /// Passes on what is posted, and answers nothing but errors to it.
    SwallowsAnswers,
    /// Answers questions, and takes nothing that is posted.
    TakesNothing,
}

/// A node under way; it stops when dropped.
pub struct Relay {
    served: Served,
    node: Arc<Node>,
}

struct Node {
    honest: String,
    client: reqwest::Client,
    conduct: Mutex<Conduct>,
    asked: Mutex<Vec<String>>,
    /// Counts the events to be sent to subscribers.
    hints: watch::Sender<u64>,
    /// Whether connections are kept and taken.
    sockets: watch::Sender<bool>,
}

impl Relay {
    /// Starts in front of the node at `honest`.
    pub async fn start(honest: &str) -> Result<Self> {
        let node = Arc::new(Node {
            honest: honest.to_owned(),
            client: reqwest::Client::new(),
            conduct: Mutex::default(),
            asked: Mutex::default(),
            hints: watch::Sender::new(0),
            sockets: watch::Sender::new(true),
        });
        let router = Router::new()
            .route("/websocket", axum::routing::get(subscribe))
            .fallback(pass_on)
            .with_state(Arc::clone(&node));
        let served = Served::start(router).await?;
        Ok(Self { served, node })
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        self.served.url()
    }

    /// Behaves so from now on.
    pub fn behave(&self, conduct: Conduct) {
        if let Ok(mut current) = self.node.conduct.lock() {
            *current = conduct;
        }
    }

    /// Tells subscribers that there is a new block, whether or not it is true.
    pub fn hint(&self) {
        self.node.hints.send_modify(|count| *count += 1);
    }

    /// Cuts all connections, and takes no more.
    pub fn cut(&self) {
        self.node.sockets.send_replace(false);
    }

    /// Every question so far: path and query.
    pub fn asked(&self) -> Vec<String> {
        let asked = self.node.asked.lock();
        asked.map(|asked| asked.clone()).unwrap_or_default()
    }
}

async fn subscribe(State(node): State<Arc<Node>>, upgrade: WebSocketUpgrade) -> Response {
    note(&node, "/websocket");
    if !*node.sockets.borrow() || node.conduct() == Conduct::Fails {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    upgrade.on_upgrade(move |socket| tell(socket, node))
}

async fn tell(mut socket: WebSocket, node: Arc<Node>) {
    let (mut hints, mut sockets) = (node.hints.subscribe(), node.sockets.subscribe());
    loop {
        let text = tokio::select! {
            received = socket.recv() => match received {
                Some(Ok(_)) => r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
                Some(Err(_)) | None => return,
            },
            _ = hints.changed() => r#"{"jsonrpc":"2.0","id":1,"result":{"query":"tm.event='NewBlock'","data":{"type":"tendermint/event/NewBlock","value":{"block":{"header":{"height":"99999999"}}}},"events":{"tm.event":["NewBlock"]}}}"#,
            _ = sockets.changed() => return,
        };
        if socket.send(Message::Text(text.into())).await.is_err() {
            return;
        }
    }
}

async fn pass_on(State(node): State<Arc<Node>>, uri: Uri, posted: String) -> Response {
    let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
    note(&node, asked);
    let conduct = node.conduct();
    let answer = match conduct {
        Conduct::Fails => None,
        Conduct::TakesNothing if !posted.is_empty() => None,
        Conduct::SwallowsAnswers if !posted.is_empty() => {
            node.ask(asked, posted).await;
            None
        }
        _ => node.ask(asked, posted).await,
    };
    let Some((status, mut answer)) = answer else {
        return anybody(StatusCode::BAD_GATEWAY.into_response());
    };
    misstate(&mut answer, uri.path(), conduct);
    let json = [(header::CONTENT_TYPE, "application/json")];
    anybody((status, json, answer.to_string()).into_response())
}

/// What the conduct makes of an honest answer.
fn misstate(answer: &mut Value, route: &str, conduct: Conduct) {
    match conduct {
        Conduct::DropsFrom(height) if route == "/block" => {
            let told = answer.pointer("/result/block/header/height");
            let told: Option<Height> = told.and_then(Value::as_str).and_then(|h| h.parse().ok());
            let transactions = answer.pointer_mut("/result/block/data/txs");
            if let (true, Some(Value::Array(transactions))) =
                (told.is_some_and(|told| told >= height), transactions)
                && !transactions.is_empty()
            {
                transactions.remove(0);
            }
        }
        Conduct::StopsAt(height) if route == "/status" => {
            if let Some(told) = answer.pointer_mut("/result/sync_info/latest_block_height") {
                *told = height.to_string().into();
            }
        }
        _ => {}
    }
}

impl Node {
    fn conduct(&self) -> Conduct {
        self.conduct.lock().map(|c| *c).unwrap_or_default()
    }

    /// Asks the honest node, or posts what was posted.
    async fn ask(&self, asked: &str, posted: String) -> Option<(StatusCode, Value)> {
        let url = format!("{}{asked}", self.honest);
        let request = if posted.is_empty() {
            self.client.get(url)
        } else {
            self.client.post(url).body(posted)
        };
        let answer = request.send().await.ok()?;
        let status = StatusCode::from_u16(answer.status().as_u16()).ok()?;
        Some((status, answer.json().await.ok()?))
    }
}

fn note(node: &Node, asked: &str) {
    if let Ok(mut all) = node.asked.lock() {
        all.push(asked.to_owned());
    }
}

fn anybody(mut response: Response) -> Response {
    let value = header::HeaderValue::from_static("*");
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value);
    response
}
