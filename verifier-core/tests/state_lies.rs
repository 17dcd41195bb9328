//! Questions about the state to those who lie: no lie comes to an answer.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod ledger_chain;
mod town;

use ledger_chain::{Act, sign};
use serde_json::{Value, json};
use town::ask::{ask, blamed, changed, lied_to, list, name_of, questions, rejected, right, state};
use town::{Block, LAST, SIGNERS, Town, asset, cast, code_of, envelope, honest_blocks, issue};
use verifier_core::{
    Finding, Hash, Request, SourceFault, StateAnswer, StateQuestion, encode, state_key,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn refuses_a_header_that_too_few_signed() {
    let sleepy = |town: &Town, _: &Request| {
        let header = town.signed[9].header.clone();
        let act = |signer| {
            if signer < 3 {
                Act::Signs
            } else {
                Act::IsAbsent
            }
        };
        let signed = sign(header, &SIGNERS, act);
        let mut value = json!({ "signed_header": town.signed_header(LAST), "canonical": true });
        value["signed_header"]["commit"] = serde_json::to_value(&signed.commit).unwrap();
        Ok(envelope(&value))
    };
    for question in questions() {
        let latest = |request: &Request| *request == Request::Commit(LAST);
        let check = lied_to(question, latest, sleepy);
        blamed(&check, |fault| matches!(fault, SourceFault::Commit { .. }));
    }
}

#[test]
fn refuses_a_state_under_another_app_hash() {
    for question in questions() {
        let latest = |request: &Request| *request == Request::Commit(LAST);
        let check = lied_to(question, latest, |town, request| {
            changed(town.answer(request), |result| {
                result["signed_header"]["header"]["app_hash"] = "AB".repeat(32).into();
            })
        });
        blamed(&check, |_| true);
    }
}

#[test]
fn refuses_a_proof_of_another_height() {
    for (question, key) in [
        (right(0, 0, 2), state_key::spent(0, 0)),
        (StateQuestion::Numbers, state_key::spent(0, 0)),
        (name_of(0, "zoe"), state_key::issue(0, 0)),
    ] {
        let about = |request: &Request| state(request, &key);
        let check = lied_to(question, about, |town, _| {
            Ok(envelope(&town.state(&key, 2)))
        });
        blamed(&check, |fault| matches!(fault, SourceFault::StateProof(_)));
    }
}

#[test]
fn refuses_a_proof_of_another_key() {
    for question in questions() {
        let key = state_key::issue(0, 0);
        let about = |request: &Request| state(request, &key);
        let check = lied_to(question, about, |town, _| {
            Ok(envelope(&town.state(&state_key::issue(1, 0), LAST - 1)))
        });
        blamed(&check, |fault| matches!(fault, SourceFault::StateProof(_)));
    }
}

#[test]
fn refuses_the_absence_of_a_key_that_is_there() {
    // The proof that the neighbouring batch is absent is a true one.
    for (question, key, absent) in [
        (
            right(0, 0, 2),
            state_key::spent(0, 0),
            state_key::spent(0, 1),
        ),
        (
            name_of(0, "dal"),
            state_key::issue(0, 1),
            state_key::issue(0, 2),
        ),
        (
            StateQuestion::Numbers,
            state_key::turnout(0, 1),
            state_key::turnout(0, 2),
        ),
        (
            StateQuestion::Numbers,
            state_key::roll(0),
            state_key::roll(2),
        ),
    ] {
        let about = |request: &Request| state(request, &key);
        let check = lied_to(question, about, |town, _| {
            Ok(envelope(&town.state(&absent, LAST - 1)))
        });
        blamed(&check, |fault| matches!(fault, SourceFault::StateProof(_)));
    }
}

#[test]
fn refuses_a_value_without_proof_and_ignores_the_value_beside_a_proof() {
    let key = state_key::spent(0, 0);
    let about = |request: &Request| state(request, &key);
    let check = lied_to(right(0, 0, 2), about, |town, request| {
        changed(town.answer(request), |result| {
            result["response"]["proofOps"] = Value::Null;
        })
    });
    blamed(&check, |fault| matches!(fault, SourceFault::Missing(_)));
    let check = lied_to(right(0, 0, 2), about, |town, request| {
        changed(town.answer(request), |result| {
            result["response"]["value"] = Value::Null;
        })
    });
    assert!(matches!(check.answer(), Some(StateAnswer::SpentBy { .. })));
}

#[test]
fn refuses_a_truncated_an_older_and_a_longer_list_of_spent_rights() {
    let town = Town::honest();
    let whole = town.spent[&(0, 0)].clone();
    let mut longer = whole.clone();
    longer.push(verifier_core::state_key::SpentEntry {
        index: 1,
        ..whole[0]
    });
    let lists = [whole[..1].to_vec(), Vec::new(), longer];
    for question in [right(0, 0, 2), right(0, 0, 1), StateQuestion::Numbers] {
        for told in &lists {
            let about = |request: &Request| {
                matches!(
                    request,
                    Request::Spent {
                        municipality: 0,
                        batch: 0,
                        ..
                    }
                )
            };
            let check = lied_to(question.clone(), about, |_, _| list(encode(told)));
            blamed(&check, |fault| {
                matches!(fault, SourceFault::StateDiffers { .. })
            });
        }
    }
}

#[test]
fn refuses_a_truncated_and_an_exchanged_list_of_addresses() {
    let town = Town::honest();
    let whole = town.addresses[&(0, 0)].clone();
    let mut exchanged = whole.clone();
    exchanged.swap(0, 1);
    for question in [right(0, 0, 2), StateQuestion::Numbers] {
        for told in [whole[..2].to_vec(), Vec::new(), exchanged.clone()] {
            let about = |request: &Request| {
                matches!(
                    request,
                    Request::Batch {
                        municipality: 0,
                        batch: 0
                    }
                )
            };
            let check = lied_to(question.clone(), about, |_, _| list(encode(&told)));
            blamed(&check, |fault| {
                matches!(fault, SourceFault::StateDiffers { .. })
            });
        }
    }
}

#[test]
fn refuses_blocks_with_an_issue_left_out_or_outcomes_that_say_it_was_refused() {
    let block = |request: &Request| *request == Request::Block(3);
    let check = lied_to(name_of(0, "dal"), block, |town, request| {
        changed(town.answer(request), |result| {
            let transactions = result["block"]["data"]["txs"].as_array_mut().unwrap();
            transactions.remove(1);
        })
    });
    blamed(&check, |fault| {
        *fault == SourceFault::BlockDiffers { height: 3 }
    });
    let outcomes = |request: &Request| *request == Request::BlockResults(3);
    let check = lied_to(name_of(0, "dal"), outcomes, |town, request| {
        changed(town.answer(request), |result| {
            result["txs_results"][1]["code"] = 9.into();
        })
    });
    blamed(&check, |fault| {
        *fault == SourceFault::OutcomesDiffer { height: 3 }
    });
}

#[test]
fn refuses_headers_that_do_not_hang_from_the_anchor() {
    let headers = |request: &Request| matches!(request, Request::Headers { .. });
    let check = lied_to(name_of(0, "dal"), headers, |town, request| {
        // The block that issued the rights is made to look empty.
        let empty = town.signed[3].header.data_hash.unwrap().to_string();
        changed(town.answer(request), |result| {
            for meta in result["block_metas"].as_array_mut().unwrap() {
                if meta["header"]["height"] == "3" {
                    meta["header"]["data_hash"] = empty.clone().into();
                }
            }
        })
    });
    blamed(&check, |fault| {
        *fault == SourceFault::BrokenChain { height: 3 }
    });
}

fn rejected_by(blocks: Vec<Block>, question: StateQuestion, expected: &[Finding]) {
    let town = Town::new(blocks);
    let check = ask(&town.card, question, |request| town.answer(request));
    rejected(&check, expected);
}

#[test]
fn a_state_that_hides_a_batch_of_the_ledger_is_held_against_it() {
    let mut blocks = honest_blocks();
    blocks[2].writes.remove(&state_key::issue(0, 1));
    let key = state_key::issue(0, 1);
    rejected_by(
        blocks,
        name_of(0, "zoe"),
        &[Finding::StateContradicts { key }],
    );
}

#[test]
fn a_state_with_a_batch_that_the_ledger_never_issued_is_held_against_it() {
    let mut blocks = honest_blocks();
    let key = state_key::issue(0, 2);
    blocks[2].writes.insert(key.clone(), encode(&Hash([3; 32])));
    rejected_by(
        blocks,
        name_of(0, "zoe"),
        &[Finding::StateContradicts { key }],
    );
}

#[test]
fn a_batch_issued_twice_over_is_held_against_the_ledger() {
    let mut blocks = honest_blocks();
    blocks[3].transactions.push((issue(0, 1, &["zoe"]), 0));
    let key = state_key::issue(0, 1);
    rejected_by(
        blocks,
        name_of(0, "zoe"),
        &[Finding::StateContradicts { key }],
    );
}

#[test]
fn more_rights_or_turnout_than_people_on_the_roll_are_held_against_the_state() {
    let mut blocks = honest_blocks();
    blocks[1].writes.insert(state_key::roll(0), encode(&2u32));
    let expected = [
        Finding::IssuedExceedsRoll {
            municipality: 0,
            issued: 4,
            roll: 2,
        },
        Finding::TurnoutExceedsRoll {
            municipality: 0,
            checked_in: 3,
            roll: 2,
        },
    ];
    rejected_by(blocks, StateQuestion::Numbers, &expected);
}

#[test]
fn a_spent_right_that_was_never_issued_is_held_against_the_state() {
    let mut blocks = honest_blocks();
    let stray = cast(asset(0, 1, 4));
    let entry = state_key::SpentEntry {
        index: 4,
        height: 7,
        code: code_of(&stray),
    };
    let value = state_key::spent_value(&[entry]);
    blocks[6].transactions.push((stray, 0));
    blocks[6]
        .writes
        .insert(state_key::spent(0, 1), encode(&value));
    let key = state_key::spent(0, 1);
    let expected = [Finding::StateContradicts { key }];
    rejected_by(blocks.clone(), right(0, 1, 0), &expected);
    rejected_by(blocks, StateQuestion::Numbers, &expected);
}
