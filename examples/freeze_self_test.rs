//! Freezes a small election for the page's self-test: everything that a node answers while one receipt is checked and all is recounted.
//!
//! ```text
//! node devnet --municipalities 3 --candidates 2 --ballots 6 --invalid 1 --receipts 1 --seed 1 --genesis-time 2026-06-03T00:00:00Z --port 26700
//! cargo run --example freeze_self_test -- 127.0.0.1:26700 > static/self-test.json
//! ```

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use verifier_core::{
    Answer, LoneRecount, Origin, ReceiptCheck, Request, SourceFault, TrustCard, Verdict,
};

/// 2026-07-01T00:00:00Z, after the election and within its trusting period.
const NOW: u64 = 1_782_864_000;

fn main() {
    let node = std::env::args().nth(1).expect("the node's host and port");
    let card = get(&node, "/trust-card.json").expect("a trust card");
    let card = String::from_utf8(card).expect("text");
    let receipts = get(&node, "/receipts").expect("receipts");
    let receipts: Value = serde_json::from_slice(&receipts).expect("a list of receipts");
    let receipt = receipts
        .pointer("/0/receipt")
        .and_then(Value::as_str)
        .expect("a receipt")
        .trim();
    let parsed = TrustCard::parse(card.as_bytes()).expect("a valid trust card");
    let mut answers = BTreeMap::new();
    check(&node, parsed.clone(), receipt, &mut answers);
    recount(&node, parsed, &mut answers);
    let tape = json!({ "trust_card": card, "now": NOW, "receipt": receipt, "answers": answers });
    println!("{tape}");
}

fn check(node: &str, card: TrustCard, receipt: &str, answers: &mut BTreeMap<String, Value>) {
    let mut check = ReceiptCheck::new(card, receipt, NOW);
    while !check.needs().is_empty() {
        for request in check.needs() {
            check.supply(&request, ask(node, &request, answers));
        }
    }
    assert_eq!(
        check.report().verdict,
        Verdict::Accepted,
        "{:#?}",
        check.report()
    );
}

fn recount(node: &str, card: TrustCard, answers: &mut BTreeMap<String, Value>) {
    let mut run = LoneRecount::new(card, NOW, Origin::Node);
    while !run.is_over() {
        for request in run.needs() {
            run.supply(&request, ask(node, &request, answers));
        }
        while run.step() {}
    }
    let report = run.finish().expect("a report");
    assert_eq!(report.verdict, Verdict::Accepted, "{report:#?}");
}

fn ask(node: &str, request: &Request, answers: &mut BTreeMap<String, Value>) -> Answer {
    let path = request.path();
    let bytes = get(node, &path.replace('"', "%22")).map_err(|_| SourceFault::Unreachable)?;
    let body: Value = serde_json::from_slice(&bytes).expect("JSON");
    answers.insert(path, body.clone());
    Ok(body.to_string().into_bytes())
}

/// HTTP/1.0, so that the answer ends with the connection and comes in one piece.
fn get(node: &str, path: &str) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(node)?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {node}\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let body = answer.windows(4).position(|w| w == b"\r\n\r\n");
    Ok(answer.split_off(body.map_or(0, |at| at + 4)))
}
