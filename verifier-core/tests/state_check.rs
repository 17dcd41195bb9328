//! Questions about the state: what an honest node's answers come to, and what gives none.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod ledger_chain;
mod town;

use serde_json::json;
use town::ask::{ask, blamed, honestly, lied_to, name_of, questions, right};
use town::{Town, address, anchor, asset, cast, code_of, envelope, now, status};
use verifier_core::{
    Answer, Holder, PublicKey, Request, SourceFault, StateAnswer, StateCheck, StateQuestion,
    Verdict,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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
