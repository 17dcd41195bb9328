//! Questions put to the small ledger's node, and what is to come of them.

use super::{Town, commitment, envelope, now};
use data_encoding::BASE64;
use serde_json::{Value, json};
use verifier_core::{
    Answer, CheckId, CheckOutcome, Doubt, Finding, Holder, Request, SourceFault, StateAnswer,
    StateCheck, StateQuestion, TrustCard, Verdict,
};

pub fn right(municipality: u16, batch: u16, index: u16) -> StateQuestion {
    StateQuestion::Right {
        municipality,
        batch,
        holder: Holder::Index(index),
    }
}

pub fn name_of(municipality: u16, person: &str) -> StateQuestion {
    StateQuestion::Name {
        municipality,
        commitment: commitment(person),
    }
}

pub fn ask(
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

pub fn honestly(question: StateQuestion) -> Option<StateAnswer> {
    let town = Town::honest();
    let check = ask(&town.card, question, |request| town.answer(request));
    check.answer().cloned()
}

/// Every kind of question.
pub fn questions() -> Vec<StateQuestion> {
    vec![right(0, 0, 2), name_of(0, "zoe"), StateQuestion::Numbers]
}

/// Nothing is answered, nothing is held against the election, and the fault is the source's.
pub fn blamed(check: &StateCheck, fits: impl Fn(&SourceFault) -> bool) {
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

pub fn rejected(check: &StateCheck, expected: &[Finding]) {
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
pub fn lied_to(
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

pub fn changed(answer: Answer, change: impl Fn(&mut Value)) -> Answer {
    let mut value: Value = serde_json::from_slice(&answer?).unwrap();
    change(&mut value["result"]);
    Ok(value.to_string().into_bytes())
}

pub fn state(request: &Request, expected: &str) -> bool {
    matches!(request, Request::State { key, .. } if key == expected)
}

pub fn list(bytes: Vec<u8>) -> Answer {
    let value = BASE64.encode(&bytes);
    Ok(envelope(
        &json!({ "response": { "code": 0, "height": "0", "value": value } }),
    ))
}
