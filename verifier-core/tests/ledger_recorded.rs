//! Answers recorded from real nodes.
//!
//! They are compiled in from the folder that `CONFORMANCE_VECTORS` names; unset, the tests say that they were skipped.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use conformance::{skipped, vector};
use serde_json::Value;
use tendermint::block::signed_header::SignedHeader;
use verifier_core::rpc::{
    self, Block, BlockAnswer, BlockResults, Blockchain, CommitAnswer, GenesisAnswer, RpcError,
    StateQuery, Status,
};
use verifier_core::{
    Conflict, Hash, MerkleProof, TrustedHeader, ValidatorSet, check_commit, check_commits,
    data_hash, header_hash, last_commit_hash, verify_transaction,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn answer<R: rpc::Route>(path: &str) -> R {
    rpc::decode_answer(vector(path).unwrap().as_bytes()).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn genesis_validators() -> (tendermint::chain::Id, ValidatorSet) {
    let genesis = answer::<GenesisAnswer>("rpc/v0_38/genesis.json").genesis;
    (genesis.chain_id, genesis.validator_set.unwrap())
}

#[test]
fn recorded_status_genesis_and_queries_decode() {
    if skipped("recorded answers") {
        return;
    }
    let status: Status = answer("rpc/v0_38/status.json");
    assert_eq!(status.chain_id.as_str(), "dockerchain");
    assert_eq!((status.earliest_height, status.latest_height), (1, 232));
    let genesis = answer::<GenesisAnswer>("rpc/v0_38/genesis.json").genesis;
    assert_eq!(genesis.validator_set.unwrap().count(), 1);
    assert_eq!(genesis.app_state, b"");
    let gaia = answer::<GenesisAnswer>("rpc/gaia/genesis.json").genesis;
    assert_eq!(gaia.chain_id.as_str(), "ibc-0");
    assert!(
        gaia.app_state
            .starts_with(b"{\"auth\":{\"accounts\":[{\"@type\"")
    );
    let found: StateQuery = answer("rpc/v0_38/abci_query_with_existing_key.json");
    assert_eq!((found.code, found.height), (0, 254));
    assert_eq!(
        (found.key, found.value),
        (b"tx0".to_vec(), b"value".to_vec())
    );
    assert_eq!(found.proof_ops, []);
    let absent: StateQuery = answer("rpc/v0_38/abci_query_with_non_existent_key.json");
    assert_eq!(absent.value, b"");
    let results: BlockResults = answer("rpc/v0_38/block_results_at_height_10.json");
    assert_eq!((results.height, results.results), (10, Vec::new()));
}

#[test]
fn a_recorded_refusal_is_told_from_a_result() {
    if skipped("recorded refusal") {
        return;
    }
    let bytes = vector("rpc/v0_38/block_at_height_0.json")
        .unwrap()
        .as_bytes();
    assert_eq!(
        rpc::decode_answer::<BlockAnswer>(bytes),
        Err(RpcError::Refused {
            route: "block".to_owned(),
            code: -32603,
            message: "Internal error: height must be greater than 0, but got 0".into(),
        })
    );
}

/// The block hashes to its id, and its transactions and last commit to its header's roots.
fn check_block(id: tendermint::Hash, block: &Block) {
    let header = &block.header;
    assert_eq!(header_hash(header).as_bytes(), id.as_bytes());
    assert_eq!(
        data_hash(&block.data).as_bytes(),
        header.data_hash.unwrap().as_bytes()
    );
    assert_eq!(
        last_commit_hash(block.last_commit.as_ref()).as_bytes(),
        header.last_commit_hash.unwrap().as_bytes()
    );
}

#[test]
fn recorded_blocks_hash_to_what_their_headers_say() {
    if skipped("recorded blocks") {
        return;
    }
    let mut blocks = 0;
    for path in [
        "rpc/gaia/block_at_height_10.json",
        "rpc/v0_38/block_at_height_1.json",
        "rpc/v0_38/block_at_height_10.json",
        "rpc/v0_38/block_by_hash.json",
    ] {
        let recorded: BlockAnswer = answer(path);
        check_block(recorded.block_id.hash, &recorded.block);
        blocks += 1;
    }
    for path in [
        "rpc/v0_38/block_search.json",
        "rpc/v0_38/block_search_evidence.json",
    ] {
        for (id, block) in searched_blocks(path) {
            check_block(id, &block);
            blocks += 1;
        }
    }
    assert!(blocks > 4);
}

fn searched_blocks(path: &str) -> Vec<(tendermint::Hash, Block)> {
    let search: Value = serde_json::from_str(vector(path).unwrap()).unwrap();
    let blocks = search["result"]["blocks"].as_array().unwrap();
    blocks
        .iter()
        .map(|block| serde_json::from_value::<BlockAnswer>(block.clone()).unwrap())
        .map(|answer| (answer.block_id.hash, answer.block))
        .collect()
}

#[test]
fn recorded_commits_are_signed_by_the_recorded_genesis_validators() {
    if skipped("recorded commits") {
        return;
    }
    let (chain_id, validators) = genesis_validators();
    let commit: CommitAnswer = answer("rpc/v0_38/commit_at_height_10.json");
    let power = check_commit(&chain_id, &validators, &commit.signed_header).unwrap();
    assert_eq!((power.signed, power.total), (10, 10));

    let blocks = searched_blocks("rpc/v0_38/block_search.json");
    let signed: Vec<SignedHeader> = blocks
        .windows(2)
        .filter(|pair| pair[0].1.header.height.increment() == pair[1].1.header.height)
        .map(|pair| {
            let commit = pair[1].1.last_commit.clone().unwrap();
            SignedHeader::new(pair[0].1.header.clone(), commit).unwrap()
        })
        .collect();
    assert!(signed.len() > 1);
    let verdicts = check_commits(&chain_id, &validators, &signed);
    assert!(verdicts.iter().all(Result::is_ok));
    assert_eq!(
        Conflict::between(&chain_id, &validators, &signed[0], &signed[1]),
        Ok(None)
    );
}

#[test]
fn recorded_header_ranges_are_chained_by_hash() {
    if skipped("recorded headers") {
        return;
    }
    for path in [
        "rpc/v0_38/blockchain_from_1_to_10.json",
        "rpc/gaia/blockchain_from_1_to_10.json",
    ] {
        let headers = answer::<Blockchain>(path).block_metas;
        assert_eq!(headers.len(), 10);
        let first = &headers[0];
        let hash = header_hash(&first.header);
        assert_eq!(hash.as_bytes(), first.block_id.hash.as_bytes());
        let mut trusted =
            TrustedHeader::from_trusted_hash(first.header.clone(), hash, None).unwrap();
        for meta in &headers[1..] {
            trusted = verifier_core::verify_backwards(&trusted, meta.header.clone()).unwrap();
        }
        assert_eq!(trusted.height(), 1);
    }
}

#[test]
fn recorded_transaction_proofs_hold() {
    if skipped("recorded transaction proofs") {
        return;
    }
    let search: Value =
        serde_json::from_str(vector("rpc/v0_38/tx_search_with_prove.json").unwrap()).unwrap();
    let found = search["result"]["txs"].as_array().unwrap();
    assert!(!found.is_empty());
    for entry in found {
        let proof: tendermint::tx::Proof = serde_json::from_value(entry["proof"].clone()).unwrap();
        let path = MerkleProof {
            total: proof.proof.total,
            index: proof.proof.index,
            aunts: proof
                .proof
                .aunts
                .iter()
                .map(|aunt| Hash(aunt.as_bytes().try_into().unwrap()))
                .collect(),
        };
        let root = Hash(proof.root_hash.as_bytes().try_into().unwrap());
        assert_eq!(verify_transaction(root, &path, &proof.data), Ok(()));
        assert!(verify_transaction(root, &path, b"another transaction").is_err());
    }
}
