//! Questions: the same answers as over the embedded engine's RPC.

use crate::cometbft::Node;
use crate::support::{get, routes, run};
use data_encoding::BASE64;
use node::devnet::Until;
use serde_json::Value;
use verifier_core::{Hash, verify_state};

#[test]
fn every_path_gives_what_the_embedded_engine_gives() {
    let devnet = run(Until::Result);
    let node = Node::of(&devnet);
    node.follow(&devnet, devnet.ledger.height());
    let routes = routes(&devnet);
    let card = devnet
        .files(Some("http://localhost"), 20)
        .unwrap()
        .trust_card;
    std::fs::write(node.home.path().join("trust-card.json"), card).unwrap();
    let batch = [0; 4];
    let heights = [3_u64.to_le_bytes(), 30_u64.to_le_bytes()].concat();
    for (path, data) in [
        ("/store", b"contract".as_slice()),
        ("/store", b"spent/0/0"),
        ("/store", b"spent/9/9"),
        ("/batch", &batch),
        ("/batch", &[9; 4]),
        ("/spent", &batch),
        ("/index", &[]),
        ("/index", &heights),
        ("/totals", &[]),
        ("/trust-card", &[]),
    ] {
        for height in [0, 1, devnet.ledger.height()] {
            let ours = node.query(path, data, height);
            let query = format!(
                "/abci_query?path=\"{path}\"&data=0x{}&height={height}&prove=true",
                hex::encode(data)
            );
            let theirs: Value = serde_json::from_slice(&get(&routes, &query).1).unwrap();
            let theirs = &theirs["result"]["response"];
            assert_eq!(ours.code, 0);
            let value = theirs["value"].as_str().unwrap_or_default();
            assert_eq!(BASE64.encode(&ours.value), value, "{path} at {height}");
            assert_eq!(theirs["key"], BASE64.encode(&ours.key));
            assert_eq!(theirs["height"], ours.height.to_string());
            assert_eq!(theirs["log"], ours.log);
            let proof = ours
                .proof_ops
                .map(|proof| BASE64.encode(&proof.ops[0].data));
            assert_eq!(
                theirs["proofOps"]["ops"][0]["data"].as_str(),
                proof.as_deref()
            );
        }
    }
}

#[test]
fn a_question_without_an_answer_says_why() {
    let devnet = run(Until::Setup);
    let node = Node::of(&devnet);
    assert_ne!(node.query("/store", b"contract", 0).code, 0);
    node.follow(&devnet, 2);
    for (path, data, height) in [
        ("/nothing", b"".as_slice(), 0),
        ("/batch", b"x", 0),
        ("/index", b"x", 0),
        ("/store", b"contract", 3),
    ] {
        let answer = node.query(path, data, height);
        assert_ne!(answer.code, 0);
        assert!(!answer.log.is_empty());
    }
}

#[test]
fn what_is_proven_holds_under_the_root() {
    let devnet = run(Until::Setup);
    let node = Node::of(&devnet);
    node.follow(&devnet, 3);
    for key in ["contract", "genesis", "roll/0", "share/0"] {
        let answer = node.query("/store", key.as_bytes(), 3);
        let proof = &answer.proof_ops.unwrap().ops[0].data;
        let proven = verify_state(Hash(node.root()), key.as_bytes(), proof).unwrap();
        assert_eq!(proven.unwrap_or_default(), answer.value.to_vec());
    }
}
