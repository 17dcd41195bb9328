//! What a casting device learns before it encrypts: keys and rights from authenticated blocks only, whoever serves them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod frozen;

use frozen::{election, good};
use serde_json::{Value, json};
use verifier_core::{
    Action, Answer, CastingKeys, CastingSetup, FrozenElection, Outcome, Request, Seconds,
    SetupStanding, SourceFault, Transaction, TrustCard, check_ballot,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// After every frozen election.
const NOW: Seconds = 1_780_001_260;

fn set_up(card: &TrustCard, source: impl Fn(&Request) -> Answer) -> CastingSetup {
    let mut setup = CastingSetup::new(card.clone(), NOW);
    drive(&mut setup, source);
    setup
}

fn drive(setup: &mut CastingSetup, source: impl Fn(&Request) -> Answer) {
    loop {
        let needs = setup.needs();
        if needs.is_empty() {
            return;
        }
        for request in needs {
            setup.supply(&request, source(&request));
        }
    }
}

fn honest(election: &FrozenElection) -> CastingKeys {
    let setup = set_up(&election.card, |request| election.answer(request));
    assert_eq!(setup.standing(), SetupStanding::Ready);
    setup.keys().unwrap()
}

/// The ballots that the ledger counts.
fn counted(election: &FrozenElection) -> Vec<Transaction> {
    let blocks = frozen::ledger_blocks(election);
    let all = blocks
        .iter()
        .flat_map(|block| block.transactions.iter().zip(&block.results));
    all.filter(|(_, result)| result.code == Outcome::Ok.code())
        .filter_map(|(bytes, _)| Transaction::decode(bytes).ok())
        .filter(|transaction| matches!(transaction.body.action, Action::Cast(_)))
        .collect()
}

#[test]
fn the_keys_are_those_that_counted_ballots_were_made_with_and_the_rights_those_that_they_spent() {
    let election = good();
    let keys = honest(&election);
    let ballot_keys = keys.election.ballot_keys().unwrap();
    let ballots = counted(&election);
    assert!(!ballots.is_empty());
    for ballot in ballots {
        let checked = check_ballot(&ballot_keys, &ballot).unwrap();
        assert_eq!(keys.asset_of(checked.address()), Some(checked.asset()));
    }
    assert!(keys.holders() > 0);
}

#[test]
fn a_second_attempt_at_key_generation_is_followed() {
    let election = self::election("good-complaint");
    let keys = honest(&election);
    let ballot_keys = keys.election.ballot_keys().unwrap();
    assert!(
        counted(&election)
            .iter()
            .all(|b| check_ballot(&ballot_keys, b).is_ok())
    );
}

#[test]
fn there_is_no_voting_without_complete_keys_or_under_another_contract() {
    for name in ["keys-incomplete", "contract-swapped", "define-not-approved"] {
        let election = self::election(name);
        let setup = set_up(&election.card, |request| election.answer(request));
        assert_eq!(setup.standing(), SetupStanding::NoKeys, "{name}");
        assert_eq!(setup.keys(), None);
    }
}

/// The first block with a DealKey transaction.
fn dealing_block(election: &FrozenElection) -> u64 {
    let blocks = frozen::ledger_blocks(election);
    let deals = |bytes: &&[u8]| {
        let transaction = Transaction::decode(bytes);
        transaction.is_ok_and(|t| matches!(t.body.action, Action::DealKey(_)))
    };
    let block = blocks
        .iter()
        .find(|block| block.transactions.iter().any(deals));
    block.unwrap().header.header.height.value()
}

#[test]
fn a_node_that_serves_other_keys_is_caught_and_nothing_is_believed() {
    let election = good();
    let height = dealing_block(&election);
    let lie = |request: &Request| {
        let answer = election.answer(request)?;
        if *request != Request::Block(height) {
            return Ok(answer);
        }
        let mut value: Value = serde_json::from_slice(&answer).unwrap();
        let transactions = &mut value["result"]["block"]["data"]["txs"];
        *transactions = json!([]);
        Ok(value.to_string().into_bytes())
    };
    let setup = set_up(&election.card, lie);
    assert!(
        matches!(setup.standing(), SetupStanding::Faulted(_)),
        "{:?}",
        setup.standing()
    );
    assert_eq!(setup.keys(), None);
}

#[test]
fn a_node_that_does_not_answer_is_the_fault() {
    let election = good();
    let setup = set_up(&election.card, |_| Err(SourceFault::Unreachable));
    assert_eq!(
        setup.standing(),
        SetupStanding::Faulted(SourceFault::Unreachable)
    );
}

#[test]
fn before_opening_it_waits_and_then_goes_on_where_it_was() {
    let election = good();
    let card = TrustCard {
        final_header: None,
        ..election.card.clone()
    };
    let until = |latest: u64| {
        let election = election.clone();
        move |request: &Request| match request {
            Request::Status => Ok(status(&election.card, latest)),
            request => election.answer(request),
        }
    };
    let dealing = dealing_block(&election);
    let mut setup = set_up(&card, until(dealing));
    assert_eq!(setup.standing(), SetupStanding::Early);
    assert_eq!(setup.keys(), None);
    let read = setup.progress().last;
    setup.look_again();
    assert_eq!(setup.needs(), vec![Request::Status]);
    let end = u64::try_from(election.blocks.len()).unwrap();
    drive(&mut setup, |request| {
        if let Request::Block(height) = request {
            assert!(Some(*height) > read, "block {height} is read again");
        }
        until(end)(request)
    });
    assert_eq!(setup.standing(), SetupStanding::Ready);
    assert_eq!(setup.keys(), Some(honest(&election)));
}

fn status(card: &TrustCard, latest: u64) -> Vec<u8> {
    let status = json!({ "result": {
        "node_info": { "network": card.chain_id, "moniker": "a node" },
        "sync_info": {
            "earliest_block_height": "1",
            "latest_block_height": latest.to_string(),
            "latest_block_hash": "00".repeat(32),
            "latest_block_time": "2026-06-03T00:00:00Z",
            "catching_up": false,
        },
    }});
    status.to_string().into_bytes()
}
