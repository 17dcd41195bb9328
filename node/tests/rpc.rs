//! The routes, as CometBFT v0.38 answers them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use axum::http::StatusCode;
use node::devnet::Until;
use serde_json::Value;
use support::{get, routes, run};

fn result(routes: &axum::Router, path: &str) -> Value {
    let (status, body) = get(routes, path);
    assert_eq!(
        status,
        StatusCode::OK,
        "{path}: {}",
        String::from_utf8_lossy(&body)
    );
    let mut answer: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(answer["jsonrpc"], "2.0");
    answer["result"].take()
}

#[test]
fn every_municipality_answers_under_its_own_name() {
    let devnet = run(Until::Setup);
    let routes = routes(&devnet);
    let names: Vec<Value> = (0..5)
        .map(|m| result(&routes, &format!("/n/{m}/status"))["node_info"]["moniker"].clone())
        .collect();
    assert_eq!(names, ["Suwon", "Yongin", "Goyang", "Hwaseong", "Seongnam"]);
    assert_eq!(result(&routes, "/status")["node_info"]["moniker"], "Suwon");
    assert_eq!(
        get(&routes, "/n/5/status").0,
        StatusCode::INTERNAL_SERVER_ERROR
    );
    assert_eq!(get(&routes, "/n/0/nothing").0, StatusCode::NOT_FOUND);
}

#[test]
fn headers_come_from_the_highest_down_and_at_most_twenty() {
    let devnet = run(Until::Result);
    let routes = routes(&devnet);
    let heights = |path: &str| -> Vec<u64> {
        let metas = result(&routes, path)["block_metas"].take();
        metas
            .as_array()
            .unwrap()
            .iter()
            .map(|meta| meta["header"]["height"].as_str().unwrap().parse().unwrap())
            .collect()
    };
    assert_eq!(heights("/blockchain?minHeight=3&maxHeight=5"), [5, 4, 3]);
    assert_eq!(
        heights("/blockchain?minHeight=1&maxHeight=40"),
        (21..=40).rev().collect::<Vec<_>>()
    );
    assert_eq!(heights("/blockchain").len(), 20);
    assert_eq!(
        get(&routes, "/blockchain?minHeight=9&maxHeight=8").0,
        StatusCode::INTERNAL_SERVER_ERROR
    );
}

#[test]
fn a_height_that_is_not_there_is_said_to_be_so() {
    let devnet = run(Until::Setup);
    let routes = routes(&devnet);
    let (status, body) = get(&routes, "/block?height=1000");
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let answer: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(answer["error"]["code"], -32603);
    assert!(answer["error"]["data"].as_str().unwrap().contains("1000"));
    let (_, body) = get(&routes, "/block?height=one");
    let answer: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(answer["error"]["code"], -32602);
}

#[test]
fn validators_come_in_pages_and_their_priorities_add_up_to_nothing() {
    let devnet = run(Until::Setup);
    let routes = routes(&devnet);
    let page = result(&routes, "/validators?height=3&page=2&per_page=2");
    assert_eq!(
        (page["count"].as_str(), page["total"].as_str()),
        (Some("2"), Some("5"))
    );
    let all = result(&routes, "/validators?height=3&per_page=100");
    let priorities = all["validators"].as_array().unwrap().iter().map(|v| {
        v["proposer_priority"]
            .as_str()
            .unwrap()
            .parse::<i64>()
            .unwrap()
    });
    assert_eq!(priorities.sum::<i64>(), 0);
    assert_eq!(
        get(&routes, "/validators?page=9").0,
        StatusCode::INTERNAL_SERVER_ERROR
    );
}

#[test]
fn the_first_block_holds_an_empty_commit_as_cometbft_writes_it() {
    let devnet = run(Until::Setup);
    let routes = routes(&devnet);
    let block = result(&routes, "/block?height=1");
    assert_eq!(block["block"]["last_commit"]["height"], "0");
    assert_eq!(block["block"]["header"]["last_block_id"]["hash"], "");
    assert_eq!(
        block["block"]["evidence"]["evidence"],
        serde_json::json!([])
    );
    let empty = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855";
    assert_eq!(block["block"]["header"]["last_commit_hash"], empty);
    assert_eq!(block["block"]["header"]["last_results_hash"], empty);
}

#[test]
fn the_index_names_the_blocks_with_ballots() {
    let devnet = run(Until::Result);
    let routes = routes(&devnet);
    let answer = result(&routes, "/abci_query?path=\"/index\"&data=0x");
    let value = data_encoding::BASE64
        .decode(answer["response"]["value"].as_str().unwrap().as_bytes())
        .unwrap();
    let index: Vec<(u64, u32)> = borsh::from_slice(&value).unwrap();
    assert_eq!(index.iter().map(|(_, ballots)| ballots).sum::<u32>(), 65);
}

#[test]
fn lists_and_files_are_there() {
    let devnet = run(Until::Result);
    let routes = routes(&devnet);
    assert!(result(&routes, "/abci_query?path=\"/totals\"")["response"]["value"].is_string());
    assert!(
        result(&routes, "/abci_query?path=\"/batch\"&data=0x00000000")["response"]["value"]
            .is_string()
    );
    assert!(
        result(&routes, "/abci_query?path=\"/batch\"&data=0x00000900")["response"]["value"]
            .is_null()
    );
    assert_eq!(get(&routes, "/trust-card.json").0, StatusCode::OK);
    let (_, list) = get(&routes, "/receipts");
    let list: Vec<Value> = serde_json::from_slice(&list).unwrap();
    let name = list[0]["name"].as_str().unwrap();
    let (_, receipt) = get(&routes, &format!("/receipts/{name}"));
    assert!(receipt.starts_with(b"CHG1-"));
    assert_eq!(get(&routes, "/receipts/none.txt").0, StatusCode::NOT_FOUND);
}
