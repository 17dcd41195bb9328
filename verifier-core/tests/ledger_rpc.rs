//! Answers of nodes: cut short, swollen, of the wrong kind, or not answers at all. And the genesis, which everything binds.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Value, json};
use verifier_core::rpc::{
    BlockAnswer, BlockResults, Blockchain, CommitAnswer, GenesisAnswer, Route, RpcError,
    StateQuery, Status, ValidatorsPage, decode_answer, decode_result,
};
use verifier_core::{Genesis, TxResult};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const HASH: &str = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855";

fn answer<R: Route>(result: &Value) -> Result<R, RpcError> {
    let envelope = json!({"jsonrpc": "2.0", "id": 1, "result": result});
    decode_answer(envelope.to_string().as_bytes())
}

fn status() -> Value {
    json!({
        "node_info": {"network": "test-ledger", "moniker": "수원시"},
        "sync_info": {
            "latest_block_hash": HASH, "latest_block_height": "12",
            "latest_block_time": "2026-06-03T06:00:00.5Z",
            "earliest_block_height": "1", "catching_up": false,
        },
    })
}

fn malformed<R: Route + core::fmt::Debug>(result: &Value) -> String {
    match answer::<R>(result) {
        Err(RpcError::Malformed { route, reason }) => {
            assert_eq!(route, R::ROUTE);
            reason
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_status_says_which_chain_and_how_far() {
    let status: Status = answer(&status()).unwrap();
    assert_eq!(status.chain_id.as_str(), "test-ledger");
    assert_eq!((status.earliest_height, status.latest_height), (1, 12));
    assert_eq!(status.moniker, "수원시");
    assert!(!status.catching_up);
}

#[test]
fn what_is_not_json_is_told_from_what_is_the_wrong_json() {
    for bytes in [
        &b"<html>502 Bad Gateway</html>"[..],
        b"",
        b"{\"result\": {",
        b"\xff\xfe",
    ] {
        assert!(matches!(
            decode_answer::<Status>(bytes),
            Err(RpcError::NotJson { route, .. }) if route == "status"
        ));
    }
    for bytes in [&b"[]"[..], b"7", b"{\"result\": 7}"] {
        assert!(matches!(
            decode_answer::<Status>(bytes),
            Err(RpcError::Malformed { route, .. }) if route == "status"
        ));
    }
}

#[test]
fn an_answer_nested_without_end_is_refused_and_overflows_no_stack() {
    let deep = "[".repeat(100_000);
    assert!(decode_answer::<Status>(deep.as_bytes()).is_err());
    let hidden = format!("{{\"unknown\": {deep}");
    assert!(decode_answer::<Status>(hidden.as_bytes()).is_err());
}

#[test]
fn an_answer_above_its_cap_is_refused_unread() {
    let bytes = vec![b' '; Status::LIMIT + 1];
    assert_eq!(
        decode_answer::<Status>(&bytes),
        Err(RpcError::TooLarge {
            route: "status".to_owned(),
            actual: Status::LIMIT + 1,
            limit: Status::LIMIT
        })
    );
    assert!(matches!(
        decode_result::<Status>(&bytes),
        Err(RpcError::TooLarge { .. })
    ));
}

#[test]
fn an_error_is_passed_on_with_code_and_message() {
    let refusal = json!({"jsonrpc": "2.0", "id": 1, "error": {
        "code": -32603, "message": "Internal error", "data": "height 99 must be less than or equal to 12",
    }});
    assert_eq!(
        decode_answer::<BlockAnswer>(refusal.to_string().as_bytes()),
        Err(RpcError::Refused {
            route: "block".to_owned(),
            code: -32603,
            message: "Internal error: height 99 must be less than or equal to 12".into()
        })
    );
}

#[test]
fn an_answer_with_both_a_result_and_an_error_is_an_error() {
    let both = json!({"result": status(), "error": {"code": 1, "message": "no"}});
    assert!(matches!(
        decode_answer::<Status>(both.to_string().as_bytes()),
        Err(RpcError::Refused { code: 1, .. })
    ));
}

#[test]
fn an_answer_with_neither_result_nor_error_is_none() {
    assert_eq!(
        decode_answer::<Status>(b"{\"jsonrpc\": \"2.0\"}"),
        Err(RpcError::NoResult {
            route: "status".to_owned()
        })
    );
}

#[test]
fn a_missing_field_is_named() {
    let mut status = status();
    status["sync_info"]
        .as_object_mut()
        .unwrap()
        .remove("latest_block_height");
    assert!(malformed::<Status>(&status).starts_with("missing field `latest_block_height`"));
    assert!(malformed::<CommitAnswer>(&json!({})).starts_with("missing field `signed_header`"));
    assert!(malformed::<BlockAnswer>(&json!({})).starts_with("missing field `block_id`"));
    assert!(malformed::<Blockchain>(&json!({})).starts_with("missing field `last_height`"));
    assert!(malformed::<ValidatorsPage>(&json!({})).starts_with("missing field `block_height`"));
    assert!(malformed::<BlockResults>(&json!({})).starts_with("missing field `height`"));
    assert!(malformed::<StateQuery>(&json!({})).starts_with("missing field `response`"));
    assert!(malformed::<GenesisAnswer>(&json!({})).starts_with("missing field `genesis`"));
}

#[test]
fn a_result_alone_is_read_as_an_export_keeps_it() {
    let exported = json!({"height": "7", "txs_results": [
        {"code": 0, "data": null, "gas_wanted": "0", "gas_used": "0", "log": "ignored"},
        {"code": 5, "data": "YWI=", "gas_wanted": "1", "gas_used": "2"},
        {},
    ]});
    let results: BlockResults = decode_result(exported.to_string().as_bytes()).unwrap();
    let refused = TxResult {
        code: 5,
        data: b"ab".to_vec(),
        gas_wanted: 1,
        gas_used: 2,
    };
    assert_eq!(results.height, 7);
    assert_eq!(
        results.results,
        [TxResult::default(), refused, TxResult::default()]
    );
}

#[test]
fn base64_that_is_not_canonical_is_refused() {
    for data in ["YWI", "YWJ=", "YW I=", "YWI=\n", "_w=="] {
        let results = json!({"height": "7", "txs_results": [{"data": data}]});
        assert!(answer::<BlockResults>(&results).is_err(), "{data:?}");
    }
}

#[test]
fn a_query_without_exactly_our_proof_has_none() {
    let query = |ops: Value| {
        let response =
            json!({"code": 0, "height": "9", "key": "a2V5", "value": null, "proofOps": ops});
        answer::<StateQuery>(&json!({"response": response})).unwrap()
    };
    let op = json!({"type": "ics23:jmt", "key": "a2V5", "data": "cHJvb2Y="});
    assert_eq!(query(json!({"ops": [op]})).proof(), Some(&b"proof"[..]));
    assert_eq!(query(json!({"ops": [op, op]})).proof(), None);
    assert_eq!(query(json!({"ops": []})).proof(), None);
    assert_eq!(query(Value::Null).proof(), None);
    let foreign = json!({"type": "ics23:iavl", "key": "a2V5", "data": "cHJvb2Y="});
    assert_eq!(query(json!({"ops": [foreign]})).proof(), None);
    assert_eq!(
        (query(Value::Null).key, query(Value::Null).value),
        (b"key".to_vec(), vec![])
    );
}

#[test]
fn a_page_of_validators_says_how_many_there_are() {
    let page: ValidatorsPage = answer(&json!({
        "block_height": "3", "count": "1", "total": "31",
        "validators": [{
            "address": "2DD9F44FD9067555C322243C3C913BA7B51D2BE0",
            "pub_key": {"type": "tendermint/PubKeyEd25519", "value": "bNNlGls5R25wC3Sd8720F/3+7IZBhXcD22MNFtPk/v0="},
            "voting_power": "10", "proposer_priority": "0",
        }],
    }))
    .unwrap();
    assert_eq!(
        (page.block_height.value(), page.validators.len(), page.total),
        (3, 1, 31)
    );
}

fn genesis_json() -> Value {
    json!({"genesis": {
        "chain_id": "test-ledger", "genesis_time": "2026-06-03T06:00:00.000000005Z",
        "initial_height": "1", "app_hash": "", "consensus_params": {}, "app_state": "c3RhdGU=",
        "validators": [{
            "address": "2DD9F44FD9067555C322243C3C913BA7B51D2BE0", "name": "수원시",
            "pub_key": {"type": "tendermint/PubKeyEd25519", "value": "bNNlGls5R25wC3Sd8720F/3+7IZBhXcD22MNFtPk/v0="},
            "power": "10",
        }],
    }})
}

fn genesis(change: impl Fn(&mut Value)) -> Result<Genesis, RpcError> {
    let mut json = genesis_json();
    change(&mut json["genesis"]);
    answer::<GenesisAnswer>(&json).map(|answer| answer.genesis)
}

#[test]
fn the_genesis_hash_is_that_of_the_specification() {
    let genesis = genesis(|_| ()).unwrap();
    assert_eq!(genesis.app_state, b"c3RhdGU=");
    assert_eq!(genesis.validators[0].name.as_deref(), Some("수원시"));
    assert_eq!(
        genesis.hash().to_string(),
        "bd77edb40b1abac3482bc767f1a93c4b59437c3950b47ef719055720396cf0b2"
    );
}

#[test]
fn everything_that_the_genesis_hash_covers_changes_it() {
    let honest = genesis(|_| ()).unwrap().hash();
    let changes: [fn(&mut Value); 6] = [
        |g| g["chain_id"] = "test-ledger-2".into(),
        |g| g["genesis_time"] = "2026-06-03T06:00:00.000000006Z".into(),
        |g| g["genesis_time"] = "2026-06-03T06:00:01.000000005Z".into(),
        |g| g["initial_height"] = "2".into(),
        |g| g["validators"][0]["power"] = "11".into(),
        |g| g["app_state"] = "c3RhdGV=".into(),
    ];
    for change in changes {
        assert_ne!(genesis(change).unwrap().hash(), honest);
    }
}

#[test]
fn what_the_genesis_hash_does_not_cover_leaves_it_alone() {
    let honest = genesis(|_| ()).unwrap().hash();
    let same = genesis(|g| {
        g["genesis_time"] = "2026-06-03T15:00:00.000000005+09:00".into();
        g["validators"][0]["name"] = "Suwon".into();
        g["app_hash"] = "00".into();
    });
    assert_eq!(same.unwrap().hash(), honest);
}

#[test]
fn a_genesis_with_an_impostor_among_its_validators_is_refused() {
    let impostor = genesis(|g| {
        g["validators"][0]["address"] = "00D9F44FD9067555C322243C3C913BA7B51D2BE0".into()
    });
    assert!(matches!(
        impostor,
        Err(RpcError::Malformed { reason, .. }) if reason.contains("does not belong to its key")
    ));
}
