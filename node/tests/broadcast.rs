//! Transactions from outside: taken by `broadcast_tx_sync` as CometBFT takes them, and recorded in the next block beside the script's own.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use axum::Router;
use axum::body::{Body as HttpBody, to_bytes};
use axum::http::{Request, StatusCode};
use data_encoding::BASE64;
use node::devnet::{Devnet, Live, Settings, Until};
use node::mempool::{Limits, Mempool, MempoolError};
use node::rpc::{Service, router};
use node::storage::Store;
use rand_core::OsRng;
use serde_json::{Value, json};
use std::sync::Arc;
use support::{GENESIS, NOW, get, settings};
use tower::ServiceExt;
use verifier_core::prove::{SigningKey, draw_signing_key, public_key, sign_body};
use verifier_core::{
    Action, AssetId, Body, CertifyTurnout, Hash, Issue, Outcome, Promise, TrackingCode,
    Transaction, roll_commitment,
};

const REGISTRATION: u64 = 60;

struct Node {
    devnet: Devnet,
    routes: Router,
}

impl Node {
    /// A live election whose registration has begun.
    fn start() -> Self {
        let settings = Settings {
            live: Some(Live {
                registration: REGISTRATION,
                voting: None,
                phones: false,
            }),
            ..settings()
        };
        let devnet = Devnet::open(Store::in_memory().unwrap(), &settings, NOW).unwrap();
        let service = Service::new(
            Arc::clone(&devnet.store),
            Arc::clone(&devnet.validators),
            devnet.chain_id.clone(),
            devnet.genesis.clone(),
            None,
        );
        let service = service
            .with_mempool(Arc::clone(&devnet.mempool))
            .with_promisers(devnet.script.offices.promisers());
        let mut node = Self {
            routes: router(Arc::new(service)),
            devnet,
        };
        while !node.is_set_up() {
            node.step();
        }
        node
    }

    fn is_set_up(&self) -> bool {
        let next = self.devnet.ledger.height() + 1;
        self.devnet.script.schedule.is_set_up_before(next)
    }

    /// Makes a block. Gives its outcomes.
    fn step(&mut self) -> Vec<Outcome> {
        self.devnet.step(Until::Result).unwrap().unwrap().1
    }

    fn open(&mut self) {
        let opening = self.devnet.script.schedule.opening;
        // The first block of voting as well: from then on ballots are within the window by the ledger's time.
        while self.devnet.ledger.next_time().unwrap() <= opening {
            self.step();
        }
    }

    /// Makes all blocks that are left; every transaction of theirs has to take effect but the script's bad ones.
    fn finish(&mut self) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        while let Some((_, more)) = self.devnet.step(Until::Result).unwrap() {
            outcomes.extend(more);
        }
        outcomes
    }

    fn signed(&self, action: Action, keys: &[&SigningKey]) -> Transaction {
        self.devnet.script.offices.signed(action, keys)
    }

    /// The next batch of a municipality, with rights for these keys.
    fn issue(&self, municipality: u16, keys: &[SigningKey]) -> Transaction {
        let election = self.devnet.ledger.application().election();
        let mut roll_commitments: Vec<Hash> = (0u8..)
            .zip(keys)
            .map(|(salt, _)| roll_commitment(&[salt; 32], "outside"))
            .collect();
        roll_commitments.sort_unstable();
        let issue = Issue {
            municipality,
            batch: u16::try_from(election.batches(municipality)).unwrap(),
            addresses: keys.iter().map(public_key).collect(),
            roll_commitments,
        };
        let registrar = &self.devnet.script.offices.keys[usize::from(municipality)].registrar;
        self.signed(Action::Issue(issue), &[registrar])
    }

    fn cast(&self, asset: AssetId, key: &SigningKey) -> Transaction {
        let device = self
            .devnet
            .script
            .device(self.devnet.ledger.application().election())
            .unwrap();
        let ballot = device
            .prover
            .prove(asset, public_key(key), *b"OUT1", 1, &mut OsRng)
            .unwrap();
        let body = Body::new(device.genesis, device.contract, Action::Cast(ballot));
        sign_body(body, &[key])
    }

    fn send(&self, transaction: &Transaction) -> Value {
        self.post("/n/1/", &question(&transaction.encode())).1
    }

    fn post(&self, path: &str, question: &str) -> (StatusCode, Value) {
        let request = Request::post(path)
            .header("content-type", "text/plain")
            .body(HttpBody::from(question.to_owned()))
            .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            let response = self.routes.clone().oneshot(request).await.unwrap();
            let status = response.status();
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            (status, serde_json::from_slice(&body).unwrap_or_default())
        })
    }
}

fn question(transaction: &[u8]) -> String {
    let transaction = BASE64.encode(transaction);
    json!({ "jsonrpc": "2.0", "id": 7, "method": "broadcast_tx_sync", "params": { "tx": transaction } })
        .to_string()
}

fn data(answer: &Value) -> &str {
    answer["error"]["data"].as_str().unwrap_or_default()
}

#[test]
fn a_right_issued_from_outside_is_voted_with_from_outside() {
    let mut node = Node::start();
    let keys: Vec<SigningKey> = (0..3).map(|_| draw_signing_key(&mut OsRng)).collect();
    let issue = node.issue(2, &keys);
    let Action::Issue(issued) = &issue.body.action else {
        unreachable!()
    };
    let batch = issued.batch;
    let answer = node.send(&issue);
    assert_eq!(answer["id"], 7);
    assert_eq!(answer["result"]["code"], 0, "{answer}");
    let hash = hex::encode_upper(Hash::of(&issue.encode()).0);
    assert_eq!(answer["result"]["hash"], hash.as_str());
    assert_eq!(node.step(), [Outcome::Ok]);
    let asset = AssetId {
        municipality: 2,
        batch,
        index: 1,
    };
    node.open();
    let ballot = node.cast(asset, &keys[1]);
    assert_eq!(node.send(&ballot)["result"]["code"], 0);
    node.step();
    assert!(node.devnet.mempool.is_empty());
    let spent = node.devnet.store.spent(2, batch, u64::MAX).unwrap();
    assert_eq!(spent.len(), 1);
    assert_eq!(spent[0].code, ballot.body.tracking_code());
    let refused = node.finish().iter().filter(|o| **o != Outcome::Ok).count();
    assert_eq!(refused, settings().invalid, "the script goes on as ever");
    let totals = node.devnet.totals().unwrap();
    let ballots: u64 = totals.cells.iter().map(|cell| cell.ballots).sum();
    assert_eq!(ballots, u64::from(settings().ballots) + 1);
}

#[test]
fn whoever_sends_twice_too_much_or_no_transaction_hears_what_cometbft_says() {
    let node = Node::start();
    let issue = node.issue(0, &[draw_signing_key(&mut OsRng)]);
    assert_eq!(node.send(&issue)["result"]["code"], 0);
    let again = node.send(&issue);
    assert_eq!(again["error"]["code"], -32603);
    assert_eq!(data(&again), "tx already exists in cache");
    let large = node.post("/", &question(&vec![0; 524_289])).1;
    assert_eq!(
        data(&large),
        "Tx too large. Max size is 524288, but got 524289"
    );
    let junk = node.post("/", &question(b"junk")).1;
    assert_eq!(junk["result"]["code"], Outcome::Malformed.code());
    assert_eq!(junk["result"]["log"], "Malformed");
    let twice = node.post("/", &question(b"junk")).1;
    assert_eq!(twice["result"]["code"], Outcome::Malformed.code());
    let no_base64 = question(b"junk").replace("anVuaw==", "!");
    assert_eq!(node.post("/", &no_base64).1["error"]["code"], -32602);
    let method = node.post("/", r#"{"id":1,"method":"nothing"}"#).1;
    assert_eq!(method["error"]["code"], -32601);
    assert_eq!(
        node.post("/n/9/", &question(b"x")).1["error"]["code"],
        -32602
    );
    let (status, _) = node.post("/", "no question");
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let (status, _) = node.post("/", &"x".repeat(1_000_001));
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn a_transaction_may_come_in_the_address() {
    let node = Node::start();
    let issue = hex::encode(node.issue(0, &[draw_signing_key(&mut OsRng)]).encode());
    let path = format!("/n/3/broadcast_tx_sync?tx=0x{issue}");
    let (status, answer) = get(&node.routes, &path);
    assert_eq!(status, StatusCode::OK);
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(answer["result"]["code"], 0);
    let (status, answer) = get(&node.routes, &path);
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(data(&answer), "tx already exists in cache");
}

#[test]
fn a_full_mempool_takes_no_more() {
    let node = Node::start();
    let committed = Arc::clone(node.devnet.ledger.committed());
    let limits = Limits {
        transactions: 1,
        ..Limits::default()
    };
    let mempool = Mempool::new(committed, limits, || GENESIS);
    let issue = |municipality| {
        node.issue(municipality, &[draw_signing_key(&mut OsRng)])
            .encode()
    };
    let first = issue(0);
    assert!(mempool.take(&first, None).unwrap().is_good());
    let error = mempool.take(&issue(1), None).unwrap_err();
    assert!(matches!(
        error,
        MempoolError::Full {
            transactions: 1,
            ..
        }
    ));
    let sentence = format!(
        "mempool is full: number of txs 1 (max: 1), total txs bytes {} (max: 67108864)",
        first.len()
    );
    assert_eq!(error.to_string(), sentence);
}

#[test]
fn whoever_takes_a_ballot_promises_it_and_says_again_what_became_of_it() {
    let mut node = Node::start();
    let keys = [draw_signing_key(&mut OsRng)];
    let issue = node.issue(2, &keys);
    let Action::Issue(Issue { batch, .. }) = issue.body.action else {
        unreachable!()
    };
    node.send(&issue);
    node.step();
    node.open();
    let asset = AssetId {
        municipality: 2,
        batch,
        index: 0,
    };
    let ballot = node.cast(asset, &keys[0]);
    let bytes = ballot.encode();
    let committed = Arc::clone(node.devnet.ledger.committed());
    let mempool = Mempool::new(committed, Limits::default(), || GENESIS);
    let promisers = node.devnet.script.offices.promisers();
    let again = |mempool: &Mempool| mempool.promise_again(&bytes, promisers.get(1)).1;
    assert_eq!(again(&mempool).code, 1_000, "it was never sent");
    let taken = mempool.take(&bytes, promisers.get(1)).unwrap();
    let promise = Promise::decode(&taken.data).unwrap();
    assert_eq!(promise.municipality, 1);
    assert_eq!(again(&mempool).value, taken.data);
    node.send(&ballot);
    node.step();
    let committed = Arc::clone(node.devnet.ledger.committed());
    mempool.update(committed, std::slice::from_ref(&bytes), &[Outcome::Ok]);
    let recorded = again(&mempool);
    assert_eq!((recorded.code, recorded.log.as_str()), (0, "recorded"));
}

#[test]
fn what_can_take_no_effect_is_refused_at_the_door_and_what_comes_early_waits() {
    let mut node = Node::start();
    let key = draw_signing_key(&mut OsRng);
    let ballots = node.cast(
        AssetId {
            municipality: 0,
            batch: 0,
            index: 0,
        },
        &key,
    );
    let early = node.send(&ballots);
    assert_eq!(early["result"]["code"], Outcome::OutsideWindow.code());
    let mut issue = node.issue(0, &[key]);
    issue.signatures[0][0] ^= 1;
    let forged = node.send(&issue);
    assert_eq!(forged["result"]["code"], Outcome::InvalidSignature.code());
    // A registrar may send several batches in a row.
    let first = node.issue(0, &[draw_signing_key(&mut OsRng)]);
    let Action::Issue(next) = &first.body.action else {
        unreachable!()
    };
    let next = Issue {
        batch: next.batch + 1,
        addresses: vec![public_key(&draw_signing_key(&mut OsRng))],
        ..next.clone()
    };
    let registrar = node.devnet.script.offices.keys[0].registrar.clone();
    let second = node.signed(Action::Issue(next), &[&registrar]);
    assert_eq!(node.send(&second)["result"]["code"], 0);
    assert_eq!(node.step(), []);
    assert_eq!(node.send(&first)["result"]["code"], 0);
    assert_eq!(node.step(), [Outcome::Ok]);
    assert_eq!(node.step(), [Outcome::Ok]);
}

#[test]
fn the_scripts_certificates_go_on_from_those_that_came_from_outside() {
    let mut node = Node::start();
    node.open();
    let before = node.devnet.ledger.application().election().checked_in(0);
    assert_eq!(before, 0);
    let turnout = CertifyTurnout {
        municipality: 0,
        station: 0,
        sequence: 0,
        previous: TrackingCode([0; 32]),
        checked_in: 5,
    };
    let keys = &node.devnet.script.offices.keys[0];
    let certificate = node.signed(
        Action::CertifyTurnout(turnout),
        &[&keys.registrar, &keys.observer],
    );
    assert_eq!(node.send(&certificate)["result"]["code"], 0);
    let refused = node.finish().iter().filter(|o| **o != Outcome::Ok).count();
    assert_eq!(refused, settings().invalid);
    let people = &node.devnet.script.offices.electorates[0];
    let election = node.devnet.ledger.application().election();
    assert_eq!(election.checked_in(0), people.checked_in + 5);
}

#[test]
fn a_node_without_a_mempool_says_so() {
    let devnet = support::run(Until::Setup);
    let routes = support::routes(&devnet);
    let (_, answer) = get(&routes, "/broadcast_tx_sync?tx=0x00");
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(data(&answer), "this node takes no transactions");
}
