//! Several nodes at once: which header they are compared at, and what they said on an earlier visit.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod witness_ledger;

use verifier_core::{Consensus, NodeStanding, SourceFault, Survey};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use witness_ledger::ledger_chain::Act;
use witness_ledger::{
    FOUR, NOW, anchor, card, forked, hash_at, history, node, other_data, run, survey,
};

const SIGNS: fn(u8) -> Act = |_| Act::Signs;

#[test]
fn history_that_is_not_the_one_of_the_last_visit_was_rewritten() {
    let history = history(&FOUR, 9);
    let rewritten = forked(&history, 3, &FOUR, 12, other_data, SIGNS);
    let card = card(&history, &FOUR, 2);
    let known = Some(anchor(&history, 9));
    let survey = Survey::new(&card, NOW, known).unwrap();
    let agreement = run(survey, &[node(&rewritten), node(&rewritten)]).0;
    let standing = NodeStanding::Rewrote {
        known: hash_at(&history, 9),
        told: hash_at(&rewritten, 9),
    };
    assert_eq!(agreement.nodes, vec![standing; 2]);
    assert_eq!(agreement.consensus(), Consensus::Rewritten);
}

#[test]
fn one_node_that_rewrites_is_told_from_the_one_that_does_not() {
    let history = history(&FOUR, 12);
    let rewritten = forked(&history, 3, &FOUR, 12, other_data, SIGNS);
    let known = Some(anchor(&history, 9));
    let survey = Survey::new(&card(&history, &FOUR, 2), NOW, known).unwrap();
    let agreement = run(survey, &[node(&history), node(&rewritten)]).0;
    assert!(matches!(agreement.nodes[0], NodeStanding::Conflicts { .. }));
    assert!(matches!(agreement.nodes[1], NodeStanding::Rewrote { .. }));
    assert_eq!(agreement.consensus(), Consensus::Conflict);
    assert_eq!(agreement.evidence.unwrap().height(), 4);
}

#[test]
fn an_unsigned_tale_about_the_last_visit_rewrites_nothing() {
    let history = history(&FOUR, 9);
    let tale = forked(&history, 3, &FOUR, 9, other_data, |_| Act::IsAbsent);
    let known = Some(anchor(&history, 9));
    let survey = Survey::new(&card(&history, &FOUR, 1), NOW, known).unwrap();
    let agreement = run(survey, &[node(&tale)]).0;
    assert!(matches!(agreement.nodes[0], NodeStanding::Faulty(_)));
}

#[test]
fn a_history_that_goes_on_from_the_last_visit_is_the_same() {
    let history = history(&FOUR, 40);
    let known = Some(anchor(&history, 9));
    let survey = Survey::new(&card(&history, &FOUR, 2), NOW, known).unwrap();
    let agreement = run(survey, &[node(&history), node(&history)]).0;
    assert_eq!(agreement.consensus(), Consensus::Enough);
    assert_eq!(agreement.height, 40);
}

#[test]
fn nodes_are_compared_at_the_header_that_a_check_relied_on() {
    let history = history(&FOUR, 12);
    let survey = Survey::new(&card(&history, &FOUR, 2), NOW, None).unwrap();
    let survey = survey.relying_on(anchor(&history, 10));
    let agreement = run(survey, &[node(&history), node(&history[..9])]).0;
    assert_eq!(agreement.nodes[0], NodeStanding::Agrees { latest: 12 });
    assert_eq!(agreement.nodes[1], NodeStanding::Behind { latest: 9 });
    assert_eq!(
        (agreement.height, agreement.hash),
        (10, Some(hash_at(&history, 10)))
    );
}

#[test]
fn a_node_cannot_tell_one_history_to_a_check_and_another_to_a_survey() {
    let history = history(&FOUR, 12);
    let fork = forked(&history, 3, &FOUR, 12, other_data, SIGNS);
    let survey = Survey::new(&card(&history, &FOUR, 2), NOW, None).unwrap();
    let survey = survey.relying_on(anchor(&fork, 10));
    let agreement = run(survey, &[node(&history), node(&history)]).0;
    let standing = NodeStanding::Conflicts {
        height: 10,
        hash: hash_at(&history, 10),
    };
    assert_eq!(agreement.nodes, vec![standing; 2]);
    assert_eq!(agreement.consensus(), Consensus::Conflict);
}

#[test]
fn with_a_final_header_the_nodes_are_compared_there_whatever_the_clock_says() {
    let history = history(&FOUR, 12);
    let mut card = card(&history, &FOUR, 3);
    card.final_header = Some(anchor(&history, 9));
    let survey = Survey::new(&card, 0, None).unwrap();
    let nodes = [node(&history), node(&history[..8]), node(&history[..9])];
    let agreement = run(survey, &nodes).0;
    assert_eq!(agreement.height, 9);
    assert_eq!(agreement.nodes[0], NodeStanding::Agrees { latest: 12 });
    assert_eq!(agreement.nodes[1], NodeStanding::Behind { latest: 8 });
    assert_eq!(agreement.nodes[2], NodeStanding::Agrees { latest: 9 });
}

#[test]
fn who_shows_the_final_header_of_the_card_is_not_the_one_who_conflicts() {
    let history = history(&FOUR, 9);
    let fork = forked(&history, 3, &FOUR, 9, other_data, SIGNS);
    let mut card = card(&history, &FOUR, 2);
    card.final_header = Some(anchor(&history, 9));
    let agreement = survey(&card, &[node(&fork), node(&history)]);
    assert_eq!(
        agreement.nodes[0],
        NodeStanding::Conflicts {
            height: 4,
            hash: hash_at(&fork, 4)
        }
    );
    assert_eq!(agreement.nodes[1], NodeStanding::Agrees { latest: 9 });
    assert_eq!(agreement.consensus(), Consensus::Conflict);
    assert_eq!(agreement.evidence.unwrap().height(), 4);
}

#[test]
fn a_final_header_that_is_not_the_cards_is_a_fault_where_nobody_shows_the_cards() {
    let history = history(&FOUR, 9);
    let fork = forked(&history, 3, &FOUR, 9, other_data, SIGNS);
    let mut card = card(&history, &FOUR, 1);
    card.final_header = Some(anchor(&history, 9));
    let agreement = survey(&card, &[node(&fork)]);
    assert_eq!(
        agreement.nodes[0],
        NodeStanding::Faulty(SourceFault::NotTheTrustedHeader { height: 9 })
    );
}

#[test]
fn a_node_that_has_pruned_the_compared_header_says_so() {
    let history = history(&FOUR, 12);
    let mut card = card(&history, &FOUR, 1);
    card.final_header = Some(anchor(&history, 9));
    let mut pruned = node(&history);
    pruned.earliest = 10;
    let agreement = survey(&card, &[pruned]);
    assert_eq!(
        agreement.nodes[0],
        NodeStanding::Faulty(SourceFault::Missing("header 9".into()))
    );
}
