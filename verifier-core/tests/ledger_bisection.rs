//! Bisection: which headers it asks for on the way to one further on, and what it makes of the answers.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod ledger_chain;

use ledger_chain::{Act, Signers, chain, now, options, sign, steady_chain, trust};
use verifier_core::{Bisection, CommitError, LightBlock, LightError, Progress, TrustedHeader};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const FOUR: [u8; 4] = [1, 2, 3, 4];

/// Runs a bisection over a chain that answers honestly; gives the heights that it asked for.
fn bisect(blocks: &[LightBlock], target: u64) -> (Vec<u64>, Result<TrustedHeader, LightError>) {
    let mut bisection = Bisection::new(trust(&blocks[0]), target, options()).unwrap();
    let mut asked = Vec::new();
    let mut progress = bisection.progress();
    loop {
        match progress {
            Progress::Done(header) => return (asked, Ok(*header)),
            Progress::Need(height) => {
                asked.push(height);
                let index = usize::try_from(height).unwrap() - 1;
                match bisection.supply(blocks[index].clone(), now()) {
                    Ok(next) => progress = next,
                    Err(error) => return (asked, Err(error)),
                }
            }
        }
    }
}

#[test]
fn a_bisection_over_a_steady_set_needs_one_block() {
    let blocks = steady_chain(&FOUR, 40);
    let (asked, outcome) = bisect(&blocks, 40);
    assert_eq!(asked, [40]);
    assert_eq!(outcome.unwrap().height(), 40);
}

#[test]
fn a_bisection_over_a_set_that_changes_completely_finds_the_change() {
    let mut sets = vec![vec![1, 2, 3]; 9];
    sets.extend(vec![vec![4, 5, 6]; 8]);
    let blocks = chain(&sets);
    let (asked, outcome) = bisect(&blocks, 16);
    assert_eq!(outcome.unwrap().height(), 16);
    assert_eq!(asked, [16, 8, 12, 10, 9]);
}

#[test]
fn a_bisection_follows_a_set_that_changes_at_every_height() {
    let sets: Vec<Signers> = (0..12)
        .map(|h| vec![3 * h + 1, 3 * h + 2, 3 * h + 3])
        .collect();
    let blocks = chain(&sets);
    let (asked, outcome) = bisect(&blocks, 11);
    assert_eq!(outcome.unwrap().height(), 11);
    assert_eq!(asked.len(), 10);
}

#[test]
fn a_bisection_to_where_it_stands_needs_nothing() {
    let blocks = steady_chain(&FOUR, 1);
    let (asked, outcome) = bisect(&blocks, 1);
    assert!(asked.is_empty());
    assert_eq!(outcome.unwrap(), trust(&blocks[0]));
}

#[test]
fn a_bisection_does_not_look_below_its_trusted_header() {
    let blocks = steady_chain(&FOUR, 2);
    assert_eq!(
        Bisection::new(trust(&blocks[1]), 1, options()).unwrap_err(),
        LightError::TargetBelowTrusted {
            trusted: 2,
            target: 1
        }
    );
}

#[test]
fn a_block_of_a_height_that_was_not_asked_for_is_not_taken() {
    let blocks = steady_chain(&FOUR, 5);
    let mut bisection = Bisection::new(trust(&blocks[0]), 5, options()).unwrap();
    assert_eq!(
        bisection.supply(blocks[3].clone(), now()),
        Err(LightError::UnexpectedHeight {
            expected: 5,
            actual: 4
        })
    );
    assert_eq!(bisection.progress(), Progress::Need(5));
}

#[test]
fn after_a_lie_the_same_height_can_be_had_from_another_source() {
    let blocks = steady_chain(&FOUR, 5);
    let mut lie = blocks[4].clone();
    lie.signed_header = sign(lie.signed_header.header, &FOUR, |s| {
        if s == 1 { Act::Signs } else { Act::VotesNil }
    });
    let mut bisection = Bisection::new(trust(&blocks[0]), 5, options()).unwrap();
    assert!(matches!(
        bisection.supply(lie, now()),
        Err(LightError::Commit(CommitError::NotEnoughPower { .. }))
    ));
    assert_eq!(bisection.progress(), Progress::Need(5));
    assert!(matches!(
        bisection.supply(blocks[4].clone(), now()),
        Ok(Progress::Done(_))
    ));
}
