//! The embedded engine's blocks, judged by code that did not build them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use node::devnet::Until;
use node::engine::{part_set_header, weighted_median};
use node::seconds;
use support::{ask, card, get, routes, run};
use tendermint::block::CommitSig;
use tendermint::block::signed_header::SignedHeader;
use tendermint_light_client_verifier::options::Options;
use tendermint_light_client_verifier::types::{LightBlock, PeerId, TrustThreshold};
use tendermint_light_client_verifier::{ProdVerifier, Verdict, Verifier};
use verifier_core::{Hash, Outcome, Request, check_commit, verify_state};

fn light_block(devnet: &node::devnet::Devnet, height: u64) -> LightBlock {
    let record = devnet.store.block(height).unwrap();
    let set = devnet.validators.set().clone();
    LightBlock {
        signed_header: SignedHeader::new(record.header, record.commit).unwrap(),
        validators: set.clone(),
        next_validators: set,
        provider: PeerId::new([0; 20]),
    }
}

#[test]
fn tendermints_light_client_follows_the_headers_one_by_one_and_in_one_skip() {
    let devnet = run(Until::Setup);
    let options = Options {
        trust_threshold: TrustThreshold::TWO_THIRDS,
        trusting_period: std::time::Duration::from_secs(3_600),
        clock_drift: std::time::Duration::from_secs(5),
    };
    let last = devnet.ledger.height();
    let now = devnet.store.block(last).unwrap().header.time;
    let follow = |from: u64, to: u64| {
        let (trusted, untrusted) = (light_block(&devnet, from), light_block(&devnet, to));
        let verdict = ProdVerifier::default().verify_update_header(
            untrusted.as_untrusted_state(),
            trusted.as_trusted_state(),
            &options,
            now,
        );
        assert_eq!(verdict, Verdict::Success, "{from} to {to}");
    };
    for height in 1..last {
        follow(height, height + 1);
    }
    follow(1, last);
}

#[test]
fn every_validator_signs_every_commit_at_its_own_time_and_their_median_is_the_next_headers() {
    let devnet = run(Until::Setup);
    let genesis = card(&devnet);
    let chain = devnet.chain_id.parse().unwrap();
    for height in 1..=devnet.ledger.height() {
        let record = devnet.store.block(height).unwrap();
        let times: Vec<_> = record
            .commit
            .signatures
            .iter()
            .map(|signature| match signature {
                CommitSig::BlockIdFlagCommit { timestamp, .. } => (*timestamp, 10),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_ne!(times[0], times[1]);
        if height < devnet.ledger.height() {
            assert_eq!(
                weighted_median(times),
                Some(devnet.store.block(height + 1).unwrap().header.time)
            );
        }
        let signed = SignedHeader::new(record.header, record.commit).unwrap();
        let power = check_commit(&chain, &genesis.validator_set().unwrap(), &signed).unwrap();
        assert_eq!(power.signed, power.total);
    }
}

#[test]
fn the_schedule_holds_in_header_time() {
    let devnet = run(Until::Result);
    for height in 1..=devnet.ledger.height() {
        assert_eq!(
            seconds(devnet.store.block(height).unwrap().header.time),
            devnet.script.schedule.time(height)
        );
    }
}

#[test]
fn state_proofs_hold_under_the_next_headers_app_hash() {
    let devnet = run(Until::Result);
    let routes = routes(&devnet);
    let last = devnet.ledger.height();
    for (key, from) in [
        ("contract", 1),
        ("roll/4", 2),
        ("issue/0/0", 3),
        ("keyset", 5),
        ("spent/0/0", last - 1),
        ("share/2", last - 1),
    ] {
        for height in 1..last {
            let answer = ask(
                &routes,
                0,
                &Request::State {
                    key: key.into(),
                    height,
                },
            );
            let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
            let response = &answer["result"]["response"];
            let proof = data_encoding::BASE64
                .decode(
                    response["proofOps"]["ops"][0]["data"]
                        .as_str()
                        .unwrap()
                        .as_bytes(),
                )
                .unwrap();
            let next = devnet.store.block(height + 1).unwrap().header.app_hash;
            let root = Hash(next.as_bytes().try_into().unwrap());
            let proven = verify_state(root, key.as_bytes(), &proof).unwrap();
            let value = response["value"]
                .as_str()
                .map(|value| data_encoding::BASE64.decode(value.as_bytes()).unwrap());
            assert_eq!(proven, value, "{key} at {height}");
            assert!(height < from || value.is_some(), "{key} at {height}");
        }
    }
}

#[test]
fn the_genesis_hash_is_the_trust_cards() {
    let devnet = run(Until::Setup);
    let routes = routes(&devnet);
    let (_, body) = get(&routes, "/genesis");
    let answer: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(answer["result"]["genesis"], devnet.genesis);
    assert_eq!(devnet.ledger.genesis_hash().unwrap(), card(&devnet).genesis);
}

/// Recorded blocks of a real CometBFT v0.38 chain; skipped, saying so, where `CONFORMANCE_VECTORS` is not set.
#[test]
fn part_sets_of_real_blocks_are_reproduced() {
    let Some(folder) = std::env::var_os("CONFORMANCE_VECTORS") else {
        println!(
            "part_sets_of_real_blocks_are_reproduced: skipped, CONFORMANCE_VECTORS is not set"
        );
        return;
    };
    for name in ["block_at_height_1", "block_at_height_10"] {
        let path = std::path::Path::new(&folder)
            .join("rpc/v0_38")
            .join(format!("{name}.json"));
        let answer: serde_json::Value =
            serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let block: tendermint_proto::v0_38::types::Block =
            serde_json::from_value(answer["result"]["block"].clone()).unwrap();
        let expected = &answer["result"]["block_id"]["parts"];
        let parts = part_set_header(&block).unwrap();
        assert_eq!(
            parts.hash.to_string(),
            expected["hash"].as_str().unwrap(),
            "{name}"
        );
    }
}

#[test]
fn a_transaction_is_checked_without_being_applied() {
    let mut devnet = run(Until::Setup);
    let height = devnet.ledger.height() + 2;
    let time = devnet.script.schedule.time(height);
    let election = devnet.ledger.application().election();
    let transactions = devnet.script.transactions(height, election).unwrap();
    let ballot = transactions[0].encode();
    let check = |devnet: &node::devnet::Devnet, time, bytes: &[u8]| {
        devnet.ledger.application().check(time, bytes)
    };
    assert_eq!(check(&devnet, time, &ballot), Outcome::Ok);
    assert_eq!(check(&devnet, time, &ballot), Outcome::Ok);
    assert_eq!(check(&devnet, time - 600, &ballot), Outcome::OutsideWindow);
    assert_eq!(check(&devnet, time, &ballot[1..]), Outcome::Malformed);
    while devnet.step(Until::Voting).unwrap().is_some() {}
    assert_eq!(check(&devnet, time, &ballot), Outcome::AssetSpent);
}
