//! The subscription to new blocks, as CometBFT v0.38 answers it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use futures_util::{SinkExt, StreamExt};
use node::devnet::{Devnet, Until};
use node::rpc::{Service, router};
use node::storage::Store;
use serde_json::{Value, json};
use std::sync::Arc;
use support::{NOW, settings};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

struct Node {
    devnet: Devnet,
    service: Arc<Service>,
    address: String,
}

impl Node {
    async fn start() -> Self {
        let mut devnet = Devnet::open(Store::in_memory().unwrap(), &settings(), NOW).unwrap();
        devnet.step(Until::Setup).unwrap();
        let service = Arc::new(Service::new(
            Arc::clone(&devnet.store),
            Arc::clone(&devnet.validators),
            devnet.chain_id.clone(),
            devnet.genesis.clone(),
            None,
        ));
        service.announce(devnet.ledger.height());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let routes = router(Arc::clone(&service));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self {
            devnet,
            service,
            address,
        }
    }

    async fn connect(&self, path: &str) -> Socket {
        let url = format!("ws://{}{path}", self.address);
        connect_async(url).await.unwrap().0
    }

    fn step(&mut self) -> u64 {
        let (height, _) = self.devnet.step(Until::Setup).unwrap().unwrap();
        self.service.announce(height);
        height
    }
}

async fn say(socket: &mut Socket, question: &Value) {
    socket
        .send(Message::text(question.to_string()))
        .await
        .unwrap();
}

async fn hear(socket: &mut Socket) -> Value {
    let message = socket.next().await.unwrap().unwrap();
    serde_json::from_str(message.to_text().unwrap()).unwrap()
}

fn subscribe(id: u64, query: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "subscribe", "params": { "query": query } })
}

#[tokio::test]
async fn a_subscriber_hears_of_every_new_block_with_its_own_id() {
    let mut node = Node::start().await;
    for path in ["/websocket", "/n/3/websocket"] {
        let mut socket = node.connect(path).await;
        say(&mut socket, &subscribe(7, "tm.event='NewBlock'")).await;
        assert_eq!(
            hear(&mut socket).await,
            json!({ "jsonrpc": "2.0", "id": 7, "result": {} })
        );
        for _ in 0..2 {
            let height = node.step();
            let event = hear(&mut socket).await;
            assert_eq!(event["id"], 7);
            let result = &event["result"];
            assert_eq!(result["query"], "tm.event='NewBlock'");
            assert_eq!(result["events"]["tm.event"], json!(["NewBlock"]));
            assert_eq!(result["data"]["type"], "tendermint/event/NewBlock");
            let value = &result["data"]["value"];
            assert_eq!(value["block"]["header"]["height"], height.to_string());
            assert!(value["block_id"]["hash"].is_string());
            assert!(value["result_finalize_block"]["app_hash"].is_string());
        }
    }
}

/// The fields of an event, with nothing said of their values.
fn shape(value: &Value, path: &str, fields: &mut Vec<String>) {
    if let Value::Object(object) = value {
        for (name, value) in object {
            let path = format!("{path}/{name}");
            fields.push(path.clone());
            shape(value, &path, fields);
        }
    }
}

#[tokio::test]
async fn an_event_has_the_fields_that_a_real_node_sends() {
    let Some(folder) = std::env::var_os("CONFORMANCE_VECTORS") else {
        eprintln!("CONFORMANCE_VECTORS is not set: skipped");
        return;
    };
    let file = std::path::Path::new(&folder).join("rpc/v0_38/subscribe_newblock_1.json");
    let recorded: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let mut node = Node::start().await;
    let mut socket = node.connect("/websocket").await;
    say(&mut socket, &subscribe(1, "tm.event = 'NewBlock'")).await;
    hear(&mut socket).await;
    node.step();
    let event = hear(&mut socket).await;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    shape(&event, "", &mut ours);
    shape(&recorded, "", &mut theirs);
    let missing: Vec<_> = theirs.iter().filter(|path| !ours.contains(path)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn after_unsubscribing_nothing_more_is_heard() {
    let mut node = Node::start().await;
    let mut socket = node.connect("/websocket").await;
    say(&mut socket, &subscribe(1, "tm.event='NewBlock'")).await;
    hear(&mut socket).await;
    let leave = json!({ "jsonrpc": "2.0", "id": 2, "method": "unsubscribe_all", "params": {} });
    say(&mut socket, &leave).await;
    assert_eq!(hear(&mut socket).await["id"], 2);
    node.step();
    // The answer to the next question is the next that is heard.
    say(
        &mut socket,
        &json!({ "jsonrpc": "2.0", "id": 3, "method": "status", "params": {} }),
    )
    .await;
    let status = hear(&mut socket).await;
    assert_eq!(status["id"], 3);
    assert_eq!(status["result"]["sync_info"]["latest_block_height"], "2");
}

#[tokio::test]
async fn nonsense_is_answered_with_an_error_and_the_connection_stays() {
    let node = Node::start().await;
    let mut socket = node.connect("/websocket").await;
    socket.send(Message::text("hello")).await.unwrap();
    assert_eq!(hear(&mut socket).await["error"]["code"], -32600);
    say(&mut socket, &subscribe(4, "tm.event =")).await;
    let refusal = hear(&mut socket).await;
    assert_eq!(
        (&refusal["id"], &refusal["error"]["code"]),
        (&json!(4), &json!(-32603))
    );
    let unknown = json!({ "jsonrpc": "2.0", "id": 5, "method": "broadcast_nothing" });
    say(&mut socket, &unknown).await;
    assert_eq!(hear(&mut socket).await["error"]["code"], -32601);
    for id in 0..6 {
        say(
            &mut socket,
            &subscribe(
                id,
                &format!(
                    "{}tm.event='NewBlock'",
                    " ".repeat(usize::try_from(id).unwrap())
                ),
            ),
        )
        .await;
        assert_eq!(hear(&mut socket).await.get("error").is_some(), id == 5);
    }
}
