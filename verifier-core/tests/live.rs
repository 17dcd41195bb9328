//! Following a ledger: every honest block is counted, no block of a liar is.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod ledger_chain;
mod town;

use ledger_chain::{Act, block_id, hash, sign};
use serde_json::{Value, json};
use town::{LAST, SIGNERS, Town, anchor, envelope, now, status};
use verifier_core::{
    Answer, CheckOutcome, Doubt, Finding, Height, Live, LiveBlock, Numbers, Request, SourceFault,
    encode, state_key,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Fetches until nothing more is needed.
fn drive(live: &mut Live, source: impl Fn(&Request) -> Answer) {
    loop {
        let needs = live.needs();
        if needs.is_empty() {
            return;
        }
        for request in needs {
            live.supply(&request, source(&request), now());
        }
    }
}

/// What a node answers that has come so far.
fn up_to(town: &Town, latest: Height) -> impl Fn(&Request) -> Answer {
    move |request| match request {
        Request::Status => Ok(envelope(&status(latest))),
        Request::Commit(height) | Request::Block(height) if *height > latest => {
            Err(SourceFault::HttpStatus(500))
        }
        Request::BlockResults(height) if *height > latest => Err(SourceFault::HttpStatus(500)),
        _ => town.answer(request),
    }
}

fn begun(town: &Town, latest: Height) -> Live {
    let mut live = Live::new(town.card.clone(), now());
    drive(&mut live, up_to(town, latest));
    assert_eq!(live.trouble(), None);
    live
}

fn numbers(live: &Live) -> &Numbers {
    live.view().numbers.as_ref().unwrap()
}

fn ballots(live: &Live) -> u64 {
    let people = numbers(live).participation.iter();
    people.map(|people| people.ballots).sum()
}

fn newest(live: &Live) -> Option<(Height, u64)> {
    let block = live.view().blocks.last();
    block.map(|block: &LiveBlock| (block.height, block.ballots))
}

#[test]
fn blocks_followed_one_by_one_come_to_the_numbers_of_the_state() {
    let town = Town::honest();
    let mut live = begun(&town, 2);
    assert_eq!((newest(&live), ballots(&live)), (Some((1, 0)), 0));
    for latest in 3..=LAST {
        live.look();
        drive(&mut live, up_to(&town, latest));
        assert_eq!(live.trouble(), None);
        let at_once = begun(&town, latest);
        assert_eq!(numbers(&live), numbers(&at_once), "up to {latest}");
        assert_eq!(live.view().blocks, at_once.view().blocks);
    }
    assert_eq!(ballots(&live), 3);
    assert_eq!(newest(&live), Some((LAST - 1, 0)));
    let in_blocks: Vec<u64> = live.view().blocks.iter().map(|b| b.ballots).collect();
    assert_eq!(in_blocks, [0, 0, 0, 0, 1, 2, 0, 0, 0]);
}

#[test]
fn several_blocks_are_caught_up_with_at_one_look() {
    let town = Town::honest();
    let mut live = begun(&town, 3);
    live.look();
    drive(&mut live, up_to(&town, LAST));
    assert_eq!(ballots(&live), 3);
}

#[test]
fn with_a_final_header_nothing_more_is_asked_for() {
    let mut town = Town::honest();
    town.card.final_header = Some(anchor(&town.signed[9]));
    let mut live = begun(&town, LAST);
    assert!(live.is_over());
    live.look();
    assert_eq!((live.needs(), ballots(&live)), (Vec::new(), 3));
}

#[test]
fn a_node_that_lags_behind_changes_nothing() {
    let town = Town::honest();
    let mut live = begun(&town, 7);
    let before = live.view().clone();
    live.look();
    drive(&mut live, up_to(&town, 4));
    assert_eq!((live.claimed(), live.trusted()), (Some(4), Some(7)));
    assert_eq!((live.view(), live.trouble()), (&before, None));
}

#[test]
fn another_node_goes_on_where_the_first_failed() {
    let town = Town::honest();
    let mut live = begun(&town, 4);
    live.look();
    drive(&mut live, |_: &Request| Err(SourceFault::Unreachable));
    assert!(matches!(
        live.trouble(),
        Some(CheckOutcome::Unknown(Doubt::Source(
            SourceFault::Unreachable
        )))
    ));
    assert_eq!(live.needs(), []);
    live.resume(now());
    drive(&mut live, up_to(&town, LAST));
    assert_eq!((live.trouble(), ballots(&live)), (None, 3));
}

#[test]
fn a_count_that_was_interrupted_begins_again_with_another_node() {
    let town = Town::honest();
    let mut live = Live::new(town.card.clone(), now());
    drive(&mut live, |request| match request {
        Request::Spent { .. } => Err(SourceFault::TooSlow),
        _ => town.answer(request),
    });
    assert!(live.trouble().is_some() && live.view().numbers.is_none());
    live.resume(now());
    drive(&mut live, up_to(&town, LAST));
    assert_eq!((live.trouble(), ballots(&live)), (None, 3));
}

/// Begins honestly, then hears a lie about the block that is followed next, at height 6: nothing of it is counted.
fn lied_to(about: &Request, lie: impl Fn(Answer) -> Answer) -> SourceFault {
    let town = Town::honest();
    let mut live = begun(&town, 6);
    let before = live.view().clone();
    live.look();
    let honest = up_to(&town, LAST);
    drive(&mut live, |request| match request == about {
        true => lie(honest(request)),
        false => honest(request),
    });
    assert_eq!(live.view(), &before);
    let Some(CheckOutcome::Unknown(Doubt::Source(fault))) = live.trouble().cloned() else {
        panic!("{:?}", live.trouble())
    };
    // The truth is heard from another node afterwards.
    live.resume(now());
    drive(&mut live, honest);
    assert_eq!(ballots(&live), 3);
    fault
}

fn changed(answer: Answer, change: impl Fn(&mut Value)) -> Answer {
    let mut value: Value = serde_json::from_slice(&answer?).unwrap();
    change(&mut value["result"]);
    Ok(value.to_string().into_bytes())
}

#[test]
fn refuses_a_block_with_a_ballot_left_out_or_repeated() {
    let transactions = |result: &mut Value| -> Vec<Value> {
        let told = &mut result["block"]["data"]["txs"];
        told.as_array().unwrap().clone()
    };
    let left_out = lied_to(&Request::Block(6), |answer| {
        changed(answer, |result| {
            let told = transactions(result);
            result["block"]["data"]["txs"] = told[1..].to_vec().into();
        })
    });
    assert_eq!(left_out, SourceFault::BlockDiffers { height: 6 });
    let repeated = lied_to(&Request::Block(6), |answer| {
        changed(answer, |result| {
            let told = transactions(result);
            result["block"]["data"]["txs"] = [told.clone(), told].concat().into();
        })
    });
    assert_eq!(repeated, SourceFault::BlockDiffers { height: 6 });
}

#[test]
fn refuses_outcomes_that_count_a_refused_ballot_or_are_too_few() {
    let counted = lied_to(&Request::BlockResults(6), |answer| {
        changed(answer, |result| result["txs_results"][1]["code"] = 0.into())
    });
    assert_eq!(counted, SourceFault::OutcomesDiffer { height: 6 });
    let none = lied_to(&Request::BlockResults(6), |answer| {
        changed(answer, |result| result["txs_results"] = json!([]))
    });
    assert_eq!(none, SourceFault::OutcomesDiffer { height: 6 });
}

#[test]
fn refuses_a_header_that_was_altered_or_that_too_few_signed() {
    let altered = lied_to(&Request::Commit(7), |answer| {
        changed(answer, |result| {
            result["signed_header"]["header"]["data_hash"] = "AB".repeat(32).into();
        })
    });
    assert!(matches!(altered, SourceFault::Commit { height: 7, .. }));
    let town = Town::honest();
    let header = town.signed[6].header.clone();
    let act = |signer| {
        if signer < 3 {
            Act::Signs
        } else {
            Act::IsAbsent
        }
    };
    let commit = serde_json::to_value(&sign(header, &SIGNERS, act).commit).unwrap();
    let unsigned = lied_to(&Request::Commit(7), |answer| {
        changed(answer, |result| {
            result["signed_header"]["commit"] = commit.clone();
        })
    });
    assert!(matches!(unsigned, SourceFault::Commit { height: 7, .. }));
}

#[test]
fn refuses_a_signed_header_of_another_height_or_with_another_parent() {
    let town = Town::honest();
    let later = lied_to(&Request::Commit(7), |_| town.answer(&Request::Commit(8)));
    assert!(matches!(later, SourceFault::Light(_)), "{later:?}");
    // All validators sign a second history.
    let mut header = town.signed[6].header.clone();
    let mut parent = town.signed[5].header.clone();
    parent.evidence_hash = Some(hash(9));
    header.last_block_id = Some(block_id(&parent));
    let signed = sign(header, &SIGNERS, |_| Act::Signs);
    let other = lied_to(&Request::Commit(7), |_| {
        Ok(envelope(
            &json!({ "signed_header": signed, "canonical": true }),
        ))
    });
    assert_eq!(other, SourceFault::BrokenChain { height: 6 });
}

#[test]
fn refuses_a_header_from_the_future() {
    let town = Town::honest();
    let mut live = begun(&town, 4);
    live.look();
    let long_ago = now() - 3_000;
    while let Some(request) = live.needs().into_iter().next() {
        live.supply(&request, town.answer(&request), long_ago);
    }
    assert!(matches!(
        live.trouble(),
        Some(CheckOutcome::Unknown(Doubt::Source(SourceFault::Light(_))))
    ));
    assert_eq!(newest(&live), Some((3, 0)));
}

#[test]
fn a_node_that_claims_a_height_it_does_not_have_is_at_fault() {
    let town = Town::honest();
    let mut live = begun(&town, LAST);
    live.look();
    let honest = up_to(&town, LAST);
    drive(&mut live, |request| match request {
        Request::Status => Ok(envelope(&status(LAST + 5))),
        _ => honest(request),
    });
    assert!(live.trouble().is_some());
    assert_eq!(ballots(&live), 3);
}

#[test]
fn a_node_of_another_chain_is_at_fault() {
    let town = Town::honest();
    let mut live = begun(&town, 4);
    live.look();
    drive(&mut live, |request| match request {
        Request::Status => {
            let mut told = status(9);
            told["node_info"]["network"] = "elsewhere".into();
            Ok(envelope(&told))
        }
        _ => town.answer(request),
    });
    assert!(matches!(
        live.trouble(),
        Some(CheckOutcome::Unknown(Doubt::Source(
            SourceFault::OtherChain { .. }
        )))
    ));
}

#[test]
fn a_visitor_who_was_away_for_long_begins_again_with_the_state() {
    let town = Town::honest();
    let mut live = begun(&town, 4);
    live.look();
    // The claim is a lie, but asks for the state again all the same, which only holds what is signed.
    live.supply(&Request::Status, Ok(envelope(&status(5_000))), now());
    assert_eq!(live.needs(), [Request::Status]);
    drive(&mut live, up_to(&town, LAST));
    assert_eq!((live.trouble(), ballots(&live)), (None, 3));
}

#[test]
fn a_state_that_breaks_a_rule_is_said_to_and_not_shown() {
    let mut blocks = town::honest_blocks();
    blocks[1].writes.insert(state_key::roll(1), encode(&1u32));
    let town = Town::new(blocks);
    let mut live = Live::new(town.card.clone(), now());
    drive(&mut live, up_to(&town, LAST));
    let Some(CheckOutcome::Failed(findings)) = live.trouble() else {
        panic!("{:?}", live.trouble())
    };
    assert!(matches!(
        findings[0],
        Finding::IssuedExceedsRoll {
            municipality: 1,
            ..
        }
    ));
    assert_eq!(live.view().numbers, None);
}
