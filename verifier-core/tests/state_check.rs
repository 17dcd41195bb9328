//! Questions about the state: what an honest node's answers come to, and that no lie comes to an answer.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod ledger_chain;
mod town;

use data_encoding::BASE64;
use ledger_chain::{Act, sign};
use serde_json::{Value, json};
use town::{
    Block, LAST, SIGNERS, Town, address, anchor, asset, cast, code_of, commitment, envelope,
    honest_blocks, issue, now, status,
};
use verifier_core::{
    Answer, CheckId, CheckOutcome, Doubt, Finding, Hash, Holder, PublicKey, Request, SourceFault,
    StateAnswer, StateCheck, StateQuestion, TrustCard, Verdict, encode, state_key,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn right(municipality: u16, batch: u16, index: u16) -> StateQuestion {
    StateQuestion::Right {
        municipality,
        batch,
        holder: Holder::Index(index),
    }
}

fn name_of(municipality: u16, person: &str) -> StateQuestion {
    StateQuestion::Name {
        municipality,
        commitment: commitment(person),
    }
}

fn ask(
    card: &TrustCard,
    question: StateQuestion,
    source: impl Fn(&Request) -> Answer,
) -> StateCheck {
    let mut check = StateCheck::new(card.clone(), question, now());
    loop {
        let needs = check.needs();
        if needs.is_empty() {
            return check;
        }
        for request in needs {
            check.supply(&request, source(&request));
        }
    }
}

fn honestly(question: StateQuestion) -> Option<StateAnswer> {
    let town = Town::honest();
    let check = ask(&town.card, question, |request| town.answer(request));
    check.answer().cloned()
}

/// Every kind of question.
fn questions() -> Vec<StateQuestion> {
    vec![right(0, 0, 2), name_of(0, "zoe"), StateQuestion::Numbers]
}

/// Nothing is answered, nothing is held against the election, and the fault is the source's.
fn blamed(check: &StateCheck, fits: impl Fn(&SourceFault) -> bool) {
    assert_eq!(check.verdict(), Verdict::Inconclusive);
    assert_eq!(check.answer(), None);
    let fault = check
        .checks()
        .iter()
        .find_map(|check| match &check.outcome {
            CheckOutcome::Unknown(Doubt::Source(fault)) => Some(fault.clone()),
            _ => None,
        });
    assert!(fault.as_ref().is_some_and(fits), "{fault:?}");
}

fn rejected(check: &StateCheck, expected: &[Finding]) {
    assert_eq!(check.verdict(), Verdict::Rejected);
    assert_eq!(check.answer(), None);
    let rules = check
        .checks()
        .iter()
        .find(|check| check.id == CheckId::StateRules);
    assert_eq!(
        rules.unwrap().outcome,
        CheckOutcome::Failed(expected.to_vec())
    );
}

/// Asks an honest town, but for one kind of answer.
fn lied_to(
    question: StateQuestion,
    about: impl Fn(&Request) -> bool,
    lie: impl Fn(&Town, &Request) -> Answer,
) -> StateCheck {
    let town = Town::honest();
    ask(&town.card, question, |request| match about(request) {
        true => lie(&town, request),
        false => town.answer(request),
    })
}

fn changed(answer: Answer, change: impl Fn(&mut Value)) -> Answer {
    let mut value: Value = serde_json::from_slice(&answer?).unwrap();
    change(&mut value["result"]);
    Ok(value.to_string().into_bytes())
}

fn state(request: &Request, expected: &str) -> bool {
    matches!(request, Request::State { key, .. } if key == expected)
}

fn list(bytes: Vec<u8>) -> Answer {
    let value = BASE64.encode(&bytes);
    Ok(envelope(
        &json!({ "response": { "code": 0, "height": "0", "value": value } }),
    ))
}

#[test]
fn a_right_is_unspent_or_spent_by_a_ballot_or_not_there() {
    let spent = |asset, height| StateAnswer::SpentBy {
        asset,
        code: code_of(&cast(asset)),
        height,
    };
    assert_eq!(honestly(right(0, 0, 2)), Some(spent(asset(0, 0, 2), 5)));
    assert_eq!(honestly(right(0, 0, 0)), Some(spent(asset(0, 0, 0), 6)));
    let unspent = |asset| Some(StateAnswer::Unspent { asset });
    assert_eq!(honestly(right(0, 0, 1)), unspent(asset(0, 0, 1)));
    assert_eq!(honestly(right(0, 1, 0)), unspent(asset(0, 1, 0)));
    for absent in [right(0, 0, 3), right(0, 2, 0), right(9, 0, 0)] {
        assert_eq!(honestly(absent), Some(StateAnswer::NoSuchRight));
    }
    let of = |holder| StateQuestion::Right {
        municipality: 0,
        batch: 0,
        holder,
    };
    let by_address = of(Holder::Address(address(asset(0, 0, 1))));
    assert_eq!(honestly(by_address), unspent(asset(0, 0, 1)));
    let stranger = of(Holder::Address(PublicKey([1; 32])));
    assert_eq!(honestly(stranger), Some(StateAnswer::NoSuchRight));
}

#[test]
fn an_answer_holds_at_the_anchor_and_names_its_signers() {
    let town = Town::honest();
    let mut card = town.card.clone();
    card.final_header = Some(anchor(&town.signed[4]));
    let check = ask(&card, right(0, 0, 0), |request| town.answer(request));
    // After block 4 nothing was spent yet.
    let asset = asset(0, 0, 0);
    assert_eq!(check.answer(), Some(&StateAnswer::Unspent { asset }));
    assert_eq!(check.anchor().unwrap().0, 5);
    assert_eq!(check.signers(), [0, 1, 2, 3]);
}

#[test]
fn a_name_is_on_the_list_of_rights_or_is_proven_not_to_be() {
    let on_list = |batch| Some(StateAnswer::NameOnList { batch, height: 3 });
    assert_eq!(honestly(name_of(0, "cho")), on_list(0));
    assert_eq!(honestly(name_of(0, "dal")), on_list(1));
    assert_eq!(honestly(name_of(1, "fan")), on_list(0));
    let not = |rights| Some(StateAnswer::NameNotOnList { rights });
    assert_eq!(honestly(name_of(0, "zoe")), not(4));
    assert_eq!(honestly(name_of(1, "cho")), not(2));
    // The batch with this name was refused.
    assert_eq!(honestly(name_of(0, "gus")), not(4));
    assert_eq!(honestly(name_of(9, "zoe")), not(0));
}

#[test]
fn numbers_add_up_what_the_state_holds() {
    let Some(StateAnswer::Numbers(numbers)) = honestly(StateQuestion::Numbers) else {
        panic!("no numbers")
    };
    let of = |m: usize| {
        let people = &numbers.participation[m];
        (
            people.roll,
            people.issued,
            people.checked_in,
            people.ballots,
        )
    };
    assert_eq!([of(0), of(1)], [(5, 4, 3, 2), (3, 2, 2, 1)]);
    assert_eq!(numbers.recorded, [(5, 1), (6, 2)].into());
    assert_eq!(numbers.stations[&(0, 1)], 1);
    assert_eq!((numbers.cells, numbers.shares), (None, 0));
}

#[test]
fn no_question_is_answered_while_any_answer_is_missing_or_broken() {
    let broken: Vec<Answer> = vec![
        Err(SourceFault::Unreachable),
        Err(SourceFault::TooSlow),
        Ok(Vec::new()),
        Ok(b"<html>".to_vec()),
        Ok(envelope(&json!({}))),
        Ok(br#"{"jsonrpc":"2.0","id":-1,"error":{"code":-32603,"message":"no"}}"#.to_vec()),
    ];
    let town = Town::honest();
    for question in questions() {
        let seen = std::cell::RefCell::new(Vec::new());
        ask(&town.card, question.clone(), |request| {
            seen.borrow_mut().push(request.clone());
            town.answer(request)
        });
        for at in seen.into_inner() {
            for broken in &broken {
                let check = ask(&town.card, question.clone(), |request| {
                    match *request == at {
                        true => broken.clone(),
                        false => town.answer(request),
                    }
                });
                blamed(&check, |_| true);
            }
        }
    }
}

#[test]
fn an_unfinished_question_has_no_answer() {
    let town = Town::honest();
    for question in questions() {
        let mut check = StateCheck::new(town.card.clone(), question, now());
        while let Some(request) = check.needs().into_iter().next() {
            assert_eq!(check.answer(), None);
            assert_eq!(check.verdict(), Verdict::Inconclusive);
            check.supply(&request, town.answer(&request));
        }
        assert!(check.answer().is_some());
    }
}

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

#[test]
fn a_trust_card_that_is_too_old_or_a_node_that_is_too_young_answers_nothing() {
    let mut town = Town::honest();
    town.card.trusting_period = 5;
    for question in questions() {
        let check = ask(&town.card, question.clone(), |request| town.answer(request));
        assert_eq!(check.verdict(), Verdict::Inconclusive);
        let young = lied_to(
            question,
            |request| *request == Request::Status,
            |_, _| Ok(envelope(&status(1))),
        );
        assert_eq!(young.answer(), None);
    }
}

#[test]
fn lookups_name_a_municipality_or_a_batch_and_never_a_right_or_a_person() {
    let town = Town::honest();
    let asked = |question: StateQuestion| {
        let seen = std::cell::RefCell::new(Vec::new());
        ask(&town.card, question, |request| {
            seen.borrow_mut().push(request.path());
            town.answer(request)
        });
        seen.into_inner()
    };
    assert_eq!(asked(right(0, 0, 0)), asked(right(0, 0, 2)));
    assert_eq!(asked(name_of(0, "ana")), asked(name_of(0, "zoe")));
}
