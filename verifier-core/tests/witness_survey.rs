//! Several nodes at once: what each of them can do, and what follows.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod witness_ledger;

use tendermint::block::CommitSig;
use verifier_core::{
    CommitError, Consensus, LightError, NodeStanding, Request, SourceFault, Survey,
    default_required,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use witness_ledger::ledger_chain::{Act, time};
use witness_ledger::{
    FOUR, NOW, card, forked, hash_at, history, node, other_data, run, silent, survey,
};

const SIGNS: fn(u8) -> Act = |_| Act::Signs;

#[test]
fn nodes_that_show_one_header_agree() {
    let history = history(&FOUR, 9);
    let agreement = survey(&card(&history, &FOUR, 4), &vec![node(&history); 4]);
    assert_eq!(agreement.nodes, vec![NodeStanding::Agrees { latest: 9 }; 4]);
    assert_eq!(agreement.consensus(), Consensus::Enough);
    assert_eq!(
        (agreement.height, agreement.hash),
        (9, Some(hash_at(&history, 9)))
    );
    assert_eq!(agreement.evidence, None);
}

#[test]
fn nobody_stands_anywhere_before_answering() {
    let history = history(&FOUR, 9);
    let survey = Survey::new(&card(&history, &FOUR, 4), NOW, None).unwrap();
    let agreement = survey.agreement();
    assert_eq!(agreement.nodes, vec![NodeStanding::Asked; 4]);
    assert_eq!(
        agreement.consensus(),
        Consensus::TooFew {
            agree: 0,
            required: 3
        }
    );
}

#[test]
fn a_few_blocks_more_or_less_are_no_difference() {
    let history = history(&FOUR, 9);
    let nodes = [9, 8, 9, 7].map(|n| node(&history[..n]));
    let agreement = survey(&card(&history, &FOUR, 4), &nodes);
    assert_eq!(agreement.agreeing(), 4);
    assert_eq!(agreement.height, 7);
}

#[test]
fn a_node_that_is_stuck_is_behind_and_the_others_go_on() {
    let history = history(&FOUR, 60);
    let nodes = [60, 5, 60, 59].map(|n| node(&history[..n]));
    let agreement = survey(&card(&history, &FOUR, 4), &nodes);
    assert_eq!(agreement.nodes[1], NodeStanding::Behind { latest: 5 });
    assert_eq!(agreement.consensus(), Consensus::Enough);
    assert_eq!(agreement.height, 59);
}

#[test]
fn a_stuck_node_does_not_hide_a_fork_above_it() {
    let history = history(&FOUR, 60);
    let fork = forked(&history, 50, &FOUR, 60, other_data, SIGNS);
    let nodes = [node(&history[..5]), node(&history), node(&fork)];
    let agreement = survey(&card(&history, &FOUR, 3), &nodes);
    assert_eq!(agreement.nodes[0], NodeStanding::Behind { latest: 5 });
    assert_eq!(agreement.consensus(), Consensus::Conflict);
}

#[test]
fn a_fork_is_seen_by_those_two_alone_who_have_come_that_far() {
    let history = history(&FOUR, 9);
    let fork = forked(&history, 8, &FOUR, 9, other_data, SIGNS);
    let short = node(&history[..8]);
    let nodes = [short.clone(), short, node(&history), node(&fork)];
    let agreement = survey(&card(&history, &FOUR, 4), &nodes);
    assert_eq!(agreement.height, 8);
    assert_eq!(
        agreement.nodes,
        [
            NodeStanding::Agrees { latest: 8 },
            NodeStanding::Agrees { latest: 8 },
            NodeStanding::Conflicts {
                height: 9,
                hash: hash_at(&history, 9)
            },
            NodeStanding::Conflicts {
                height: 9,
                hash: hash_at(&fork, 9)
            },
        ]
    );
    assert_eq!(agreement.consensus(), Consensus::Conflict);
}

#[test]
fn a_node_that_is_stuck_on_another_history_conflicts() {
    let history = history(&FOUR, 60);
    let fork = forked(&history, 3, &FOUR, 5, other_data, SIGNS);
    let nodes = [node(&history), node(&fork), node(&history), node(&history)];
    let agreement = survey(&card(&history, &FOUR, 4), &nodes);
    assert!(matches!(agreement.nodes[1], NodeStanding::Conflicts { .. }));
    assert_eq!(agreement.consensus(), Consensus::Conflict);
}

#[test]
fn a_silent_node_is_unreachable() {
    let history = history(&FOUR, 9);
    let nodes = [node(&history), silent(), node(&history), node(&history)];
    let agreement = survey(&card(&history, &FOUR, 4), &nodes);
    assert_eq!(
        agreement.nodes[1],
        NodeStanding::Unreachable(SourceFault::Unreachable)
    );
    assert_eq!(agreement.consensus(), Consensus::Enough);
}

#[test]
fn too_few_are_too_few() {
    let history = history(&FOUR, 9);
    let nodes = [node(&history), silent(), node(&history), silent()];
    let agreement = survey(&card(&history, &FOUR, 4), &nodes);
    assert_eq!(
        agreement.consensus(),
        Consensus::TooFew {
            agree: 2,
            required: 3
        }
    );
}

#[test]
fn how_many_must_agree_can_be_said_but_not_beyond_the_card() {
    let history = history(&FOUR, 9);
    let card = card(&history, &FOUR, 4);
    let nodes = [node(&history), silent(), node(&history), node(&history)];
    let consensus = |required| {
        let survey = Survey::new(&card, NOW, None).unwrap().requiring(required);
        run(survey, &nodes).0.consensus()
    };
    assert_eq!(consensus(2), Consensus::Enough);
    assert_eq!(
        consensus(40),
        Consensus::TooFew {
            agree: 3,
            required: 4
        }
    );
}

#[test]
fn more_than_a_third_of_the_municipalities_must_agree_and_at_least_three_of_those_there_are() {
    let cases = [
        (31, 31, 11),
        (4, 4, 3),
        (4, 31, 4),
        (1, 4, 1),
        (20, 9, 4),
        (0, 4, 0),
    ];
    for (nodes, municipalities, required) in cases {
        assert_eq!(default_required(nodes, municipalities), required);
    }
}

#[test]
fn a_card_with_one_node_asks_for_no_more() {
    let history = history(&FOUR, 9);
    let agreement = survey(&card(&history, &FOUR, 1), &[node(&history)]);
    assert_eq!(agreement.required, 1);
    assert_eq!(agreement.consensus(), Consensus::Enough);
}

/// A fork of one block that these sign, beside an honest node.
fn beside_a_fork(act: impl Fn(u8) -> Act) -> verifier_core::Agreement {
    let history = history(&FOUR, 9);
    let fork = forked(&history, 8, &FOUR, 9, other_data, act);
    survey(&card(&history, &FOUR, 2), &[node(&history), node(&fork)])
}

#[test]
fn a_header_with_too_few_signatures_is_its_nodes_fault_and_no_conflict() {
    let agreement = beside_a_fork(|signer| {
        if signer < 3 {
            Act::Signs
        } else {
            Act::IsAbsent
        }
    });
    assert_eq!(agreement.nodes[0], NodeStanding::Agrees { latest: 9 });
    assert_eq!(
        agreement.nodes[1],
        NodeStanding::Faulty(SourceFault::Commit {
            height: 9,
            error: CommitError::NotEnoughPower {
                signed: 2,
                total: 4
            }
        })
    );
    assert_eq!(agreement.evidence, None);
    assert_eq!(
        agreement.consensus(),
        Consensus::TooFew {
            agree: 1,
            required: 2
        }
    );
}

#[test]
fn a_header_with_a_forged_signature_is_its_nodes_fault_and_no_conflict() {
    let history = history(&FOUR, 9);
    let mut fork = forked(&history, 8, &FOUR, 9, other_data, SIGNS);
    let other = history[8].commit.signatures[3].clone();
    fork[8].commit.signatures[3] = other;
    let agreement = survey(&card(&history, &FOUR, 2), &[node(&history), node(&fork)]);
    assert!(matches!(
        agreement.nodes[1],
        NodeStanding::Faulty(SourceFault::Commit {
            error: CommitError::InvalidSignature { index: 3, .. },
            ..
        })
    ));
}

#[test]
fn an_honest_header_with_a_broken_commit_does_not_count_as_agreement() {
    let history = history(&FOUR, 9);
    let mut broken = history.clone();
    broken[8].commit.signatures = vec![CommitSig::BlockIdFlagAbsent; 4];
    let agreement = survey(&card(&history, &FOUR, 2), &[node(&history), node(&broken)]);
    assert!(matches!(agreement.nodes[1], NodeStanding::Faulty(_)));
}

#[test]
fn a_height_that_is_claimed_and_not_shown_counts_for_nothing() {
    let history = history(&FOUR, 9);
    let mut boaster = node(&history);
    boaster.claims = Some(1_000_000);
    let mut nodes = vec![node(&history); 4];
    nodes[2] = boaster;
    let agreement = survey(&card(&history, &FOUR, 4), &nodes);
    assert_eq!(
        agreement.nodes[2],
        NodeStanding::Unreachable(SourceFault::HttpStatus(500))
    );
    assert_eq!((agreement.height, agreement.agreeing()), (9, 3));
}

#[test]
fn another_height_than_the_one_asked_for_is_a_fault() {
    let history = history(&FOUR, 9);
    let mut shifted = history.clone();
    shifted[8] = history[7].clone();
    let mut lying = node(&shifted);
    lying.claims = Some(9);
    let agreement = survey(&card(&history, &FOUR, 2), &[node(&history), lying]);
    assert_eq!(
        agreement.nodes[1],
        NodeStanding::Faulty(SourceFault::Light(LightError::UnexpectedHeight {
            expected: 9,
            actual: 8
        }))
    );
}

#[test]
fn a_node_of_another_chain_is_faulty() {
    let history = history(&FOUR, 9);
    let mut card = card(&history, &FOUR, 1);
    card.chain_id = "another-ledger".into();
    let agreement = survey(&card, &[node(&history)]);
    assert_eq!(
        agreement.nodes[0],
        NodeStanding::Faulty(SourceFault::OtherChain {
            actual: "test-ledger".into(),
            expected: "another-ledger".into()
        })
    );
}

#[test]
fn a_header_ahead_of_the_clock_is_not_agreed_on() {
    let history = history(&FOUR, 9);
    let early = u64::try_from(time(90).unix_timestamp()).unwrap() - 61;
    let survey = Survey::new(&card(&history, &FOUR, 1), early, None).unwrap();
    let agreement = run(survey, &[node(&history)]).0;
    assert!(matches!(
        agreement.nodes[0],
        NodeStanding::Faulty(SourceFault::Light(LightError::FromTheFuture { .. }))
    ));
    let survey = Survey::new(&card(&history, &FOUR, 1), early + 1, None).unwrap();
    let agreement = run(survey, &[node(&history)]).0;
    assert_eq!(agreement.consensus(), Consensus::Enough);
}

#[test]
fn a_conflict_is_followed_back_to_the_last_header_that_both_share() {
    let history = history(&FOUR, 400);
    for common in [1, 2, 137, 398, 399] {
        let fork = forked(&history, common, &FOUR, 400, other_data, SIGNS);
        let survey = Survey::new(&card(&history, &FOUR, 2), NOW, None).unwrap();
        let (agreement, asked) = run(survey, &[node(&history), node(&fork)]);
        let evidence = agreement.evidence.unwrap();
        assert_eq!(evidence.common(), Some(&history[common - 1].header));
        for (side, shown) in evidence.sides().iter().zip([&history, &fork]) {
            assert_eq!(side.first, shown[common]);
            assert_eq!(side.second.as_ref(), shown.get(common + 1));
        }
        assert!(asked < 30, "{asked} requests");
    }
}

#[test]
fn a_conflict_stays_one_when_a_node_falls_silent_on_the_way_back() {
    let history = history(&FOUR, 400);
    let fork = forked(&history, 100, &FOUR, 400, other_data, SIGNS);
    let nodes = [node(&history), node(&fork)];
    let mut survey = Survey::new(&card(&history, &FOUR, 2), NOW, None).unwrap();
    for _ in 0..2 {
        for (node, request) in survey.needs() {
            survey.supply(node, &request, nodes[node].answer(&request));
        }
    }
    assert_eq!(survey.agreement().consensus(), Consensus::Conflict);
    assert_eq!(survey.agreement().evidence, None);
    for (node, request) in survey.needs() {
        survey.supply(node, &request, Err(SourceFault::TooSlow));
    }
    assert_eq!(survey.needs(), []);
    let agreement = survey.agreement();
    assert_eq!(agreement.consensus(), Consensus::Conflict);
    let evidence = agreement.evidence.unwrap();
    assert_eq!((evidence.height(), evidence.common()), (400, None));
}

#[test]
fn an_answer_that_was_not_asked_for_changes_nothing() {
    let history = history(&FOUR, 9);
    let mut survey = Survey::new(&card(&history, &FOUR, 1), NOW, None).unwrap();
    let served = node(&history);
    let request = Request::Commit(9);
    survey.supply(0, &request, served.answer(&request));
    survey.supply(7, &Request::Status, served.answer(&Request::Status));
    assert_eq!(survey.agreement().nodes, [NodeStanding::Asked]);
}

#[test]
fn thirty_one_honest_nodes_are_asked_few_questions_each() {
    let signers: Vec<u8> = (1..=31).collect();
    let history = history(&signers, 30);
    let nodes: Vec<_> = (0..31).map(|n| node(&history[..30 - n % 3])).collect();
    let survey = Survey::new(&card(&history, &signers, 31), NOW, None).unwrap();
    let (agreement, asked) = run(survey, &nodes);
    assert_eq!(agreement.agreeing(), 31);
    assert!(asked <= 31 * 4, "{asked} requests");
}
