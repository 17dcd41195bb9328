//! Ranges of heights: however they are cut, put together, saved and resumed, the recount is the same; what does not belong together is refused.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod frozen;

use frozen::{doubts, election, findings, good, ledger_blocks, recount};
use std::collections::BTreeMap;
use std::sync::Arc;
use verifier_core::{
    AddError, CheckId, CheckOutcome, Doubt, Finding, FrozenElection, LedgerBlock, Recount, Report,
    Setup, SourceFault, StateError, Verdict,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const NOW: u64 = 1_780_001_260;

/// A recount of everything, one block after another.
fn whole(election: &FrozenElection, blocks: &[LedgerBlock<'_>]) -> Recount {
    let mut whole = recount(election);
    // In one election the chain breaks on the way.
    let _ = blocks.iter().try_for_each(|block| whole.add_block(block));
    whole
}

/// What ballots are judged by.
fn setup(whole: &Recount) -> Option<Arc<Setup>> {
    whole.setup()
}

/// A recount of the blocks at these positions.
fn range(
    whole: &Recount,
    election: &FrozenElection,
    blocks: &[LedgerBlock<'_>],
    from: usize,
) -> Recount {
    let mut range = match setup(whole) {
        Some(setup) if from > 0 => recount(election).range_with(setup),
        _ => recount(election),
    };
    for block in blocks {
        range.add_block(block).unwrap();
    }
    range
}

fn finish(recount: Recount) -> Report {
    recount.finish(Err(Doubt::NoTotals), NOW, None)
}

fn merged(left: &Recount, right: &Recount) -> Recount {
    let mut merged = left.clone();
    merged.merge(right.clone()).unwrap();
    merged
}

/// Every way to cut the heights into two and into three ranges, and every order to put them together.
fn check_partitions(name: &str, election: &FrozenElection) {
    let mut blocks = ledger_blocks(election);
    let whole = whole(election, &blocks);
    let last = usize::try_from(whole.progress().last.unwrap()).unwrap();
    blocks.truncate(last);
    let saved = whole.save();
    let digest = finish(whole.clone()).digest();
    let mut ranges = BTreeMap::new();
    for from in 0..last {
        for to in from + 1..=last {
            let range = range(&whole, election, &blocks[from..to], from);
            ranges.insert((from, to), range);
        }
    }
    for one in 1..last {
        let (left, right) = (&ranges[&(0, one)], &ranges[&(one, last)]);
        let two = merged(left, right);
        assert_eq!(two.save(), saved, "{name}: 1–{one}–{last}");
        assert_eq!(finish(two).digest(), digest, "{name}: 1–{one}–{last}");
        for other in one + 1..last {
            let parts = [
                &ranges[&(0, one)],
                &ranges[&(one, other)],
                &ranges[&(other, last)],
            ];
            let from_left = merged(&merged(parts[0], parts[1]), parts[2]);
            let from_right = merged(parts[0], &merged(parts[1], parts[2]));
            assert_eq!(from_left.save(), saved, "{name}: 1–{one}–{other}–{last}");
            assert_eq!(from_right.save(), saved, "{name}: 1–{one}–{other}–{last}");
        }
    }
}

/// Honest, with a complaint, and lies whose parts lie on both sides of a cut.
const CUT: [&str; 9] = [
    "good",
    "good-complaint",
    "asset-counted-twice",
    "refused-as-spent",
    "later-ballot-preferred",
    "outcome-left-out",
    "good-claims",
    "spoil-counted",
    "spoil-invented",
];

#[test]
fn every_partition_of_honest_and_bad_elections_gives_the_same_state() {
    for name in CUT {
        check_partitions(name, &election(name));
    }
}

/// The others too, where it takes seconds rather than minutes.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_partition_of_every_other_election_gives_the_same_state() {
    for (name, election) in frozen::elections() {
        if !CUT.contains(&name) {
            check_partitions(name, &election);
        }
    }
}

#[test]
fn a_recount_resumed_at_any_height_ends_the_same() {
    for name in [
        "good",
        "good-complaint",
        "asset-counted-twice",
        "later-ballot-preferred",
        "spoil-counted",
        "claims-address-twice",
    ] {
        let election = election(name);
        let blocks = ledger_blocks(&election);
        let whole = whole(&election, &blocks).save();
        let mut before = recount(&election);
        for (at, block) in blocks.iter().enumerate() {
            before.add_block(block).unwrap();
            let mut resumed = recount(&election).resume(&before.save(), None).unwrap();
            assert_eq!(resumed.save(), before.save());
            assert_eq!(resumed.progress(), before.progress());
            for block in &blocks[at + 1..] {
                resumed.add_block(block).unwrap();
            }
            assert_eq!(resumed.save(), whole, "{name} at {at}");
        }
    }
}

#[test]
fn ranges_that_do_not_touch_or_overlap_are_refused() {
    let election = good();
    let blocks = ledger_blocks(&election);
    let whole = whole(&election, &blocks);
    let part = |from: usize, to: usize| range(&whole, &election, &blocks[from..to], from);
    for (left, right) in [
        ((0, 3), (4, 6)),
        ((0, 4), (3, 6)),
        ((3, 6), (0, 3)),
        ((0, 3), (0, 3)),
    ] {
        let mut first = part(left.0, left.1);
        let before = first.save();
        let refused = first.merge(part(right.0, right.1));
        assert!(
            matches!(refused, Err(StateError::NotAdjacent { .. })),
            "{refused:?}"
        );
        assert_eq!(first.save(), before);
    }
}

#[test]
fn a_range_of_another_fork_or_card_is_refused() {
    let (good, other) = (good(), election("share-forged"));
    // The two ledgers part in block 8. Under one card without final header, both are signed well.
    let unfinished = |mut election: FrozenElection| {
        election.card.final_header = None;
        election
    };
    let (good_open, other_open) = (unfinished(good.clone()), unfinished(other));
    let (blocks, others) = (ledger_blocks(&good_open), ledger_blocks(&other_open));
    let full = whole(&good_open, &blocks);
    let left = range(&full, &good_open, &blocks[..7], 0);
    let mut right = recount(&good_open).range_with(full.setup().unwrap());
    right.add_block(&others[7]).unwrap();
    let mut forked = left.clone();
    assert_eq!(
        forked.merge(right),
        Err(StateError::OtherBlock { height: 8 })
    );
    assert_eq!(
        left.clone().add_block(&others[7]),
        Err(AddError::Source(SourceFault::BrokenChain { height: 8 }))
    );
    let finished = whole(&good, &ledger_blocks(&good));
    assert_eq!(
        left.clone().merge(finished.clone()),
        Err(StateError::OtherCard)
    );
    let resumed = recount(&good).resume(&left.save(), None);
    assert!(matches!(resumed, Err(StateError::OtherCard)));
}

#[test]
fn ballots_are_judged_by_the_ledgers_own_setup_or_the_recount_fails() {
    let (good, other) = (good(), election("good-complaint"));
    let mut mine = good.clone();
    // Keys of another attempt, under the same card.
    mine.card.final_header = None;
    let mut foreign = other.clone();
    foreign.card.final_header = None;
    let foreign_setup = whole(&foreign, &ledger_blocks(&foreign)).setup().unwrap();
    let blocks = ledger_blocks(&mine);
    let whole = whole(&mine, &blocks);
    let mut later = recount(&mine).range_with(foreign_setup.clone());
    for block in &blocks[3..] {
        later.add_block(block).unwrap();
    }
    let mut joined = range(&whole, &mine, &blocks[..3], 0);
    joined.merge(later.clone()).unwrap();
    let report = finish(joined);
    assert_eq!(report.verdict, Verdict::Rejected);
    assert!(findings(&report).contains(&Finding::SetupDiffers));
    // Two setups do not merge, nor does a state resume under another one.
    let mut left = range(&whole, &mine, &blocks[..4], 0);
    let mut right = recount(&mine).range_with(foreign_setup.clone());
    for block in &blocks[4..] {
        right.add_block(block).unwrap();
    }
    assert_eq!(left.merge(right), Err(StateError::OtherSetup));
    let saved = whole.save();
    let resumed = recount(&mine).resume(&saved, Some(foreign_setup));
    assert!(matches!(resumed, Err(StateError::OtherSetup)));
    let middle = range(&whole, &mine, &blocks[3..], 3).save();
    assert!(matches!(
        recount(&mine).resume(&middle, None),
        Err(StateError::OtherSetup)
    ));
}

#[test]
fn a_range_that_begins_late_needs_a_setup_and_concludes_nothing() {
    let election = good();
    let blocks = ledger_blocks(&election);
    let whole = whole(&election, &blocks);
    let mut late = recount(&election);
    assert_eq!(
        late.add_block(&blocks[3]),
        Err(AddError::NeedsSetup { height: 4 })
    );
    assert_eq!(late.save(), recount(&election).save());
    for from in 1..blocks.len() {
        let report = finish(range(&whole, &election, &blocks[from..], from));
        assert_eq!(report.verdict, Verdict::Inconclusive);
        let first = u64::try_from(from).unwrap() + 1;
        assert!(doubts(&report).contains(&Doubt::BeginsLate { first }));
        assert!(
            report
                .checks
                .iter()
                .all(|c| c.outcome != CheckOutcome::Passed)
        );
    }
    let nothing = finish(recount(&election));
    assert_eq!(nothing.verdict, Verdict::Inconclusive);
    assert!(
        nothing
            .checks
            .iter()
            .all(|c| c.outcome != CheckOutcome::Passed)
    );
}

#[test]
fn a_range_that_ends_early_is_never_accepted() {
    let election = good();
    let blocks = ledger_blocks(&election);
    let mut recount = recount(&election);
    for block in &blocks[..blocks.len() - 1] {
        recount.add_block(block).unwrap();
        let report = finish(recount.clone());
        assert_eq!(report.verdict, Verdict::Inconclusive);
        assert!(
            doubts(&report)
                .iter()
                .any(|d| matches!(d, Doubt::EndsEarly { .. }))
        );
    }
}

/// The voter's second ballot was refused in block 5 for the first in block 4: an obligation that only the blocks before can discharge.
#[test]
fn an_obligation_that_is_never_discharged_fails() {
    let election = election("later-ballot-preferred");
    let blocks = ledger_blocks(&election);
    let report = finish(whole(&election, &blocks));
    let outcomes = report
        .checks
        .iter()
        .find(|c| c.id == CheckId::RecountOutcomes);
    assert!(matches!(
        &outcomes.unwrap().outcome,
        CheckOutcome::Failed(findings) if matches!(findings[..], [Finding::NotSpentBefore { .. }])
    ));
}

#[test]
fn a_block_is_taken_once_in_its_order_and_not_beyond_the_end() {
    let election = good();
    let blocks = ledger_blocks(&election);
    let mut recount = recount(&election);
    for block in &blocks {
        recount.add_block(block).unwrap();
        let before = recount.save();
        for other in &blocks {
            let height = other.header.header.height.value();
            if Some(height) != recount.progress().last.map(|last| last + 1) {
                assert!(recount.add_block(other).is_err());
                assert_eq!(recount.save(), before);
            }
        }
    }
    // Under a card whose final header is block 8, block 8 itself is no part of the election.
    let mut shorter = election.clone();
    let eighth = &blocks[7].header.header;
    let named = shorter.card.final_header.as_mut().unwrap();
    named.height = 8;
    named.hash = verifier_core::HeaderHash(verifier_core::header_hash(eighth).0);
    let mut recount = frozen::recount(&shorter);
    for block in &blocks[..7] {
        recount.add_block(block).unwrap();
    }
    assert!(matches!(
        recount.add_block(&blocks[7]),
        Err(AddError::Source(SourceFault::Malformed(_)))
    ));
}

#[test]
fn a_saved_state_with_any_bit_flipped_never_panics() {
    let election = good();
    let blocks = ledger_blocks(&election);
    let saved = whole(&election, &blocks[..5]).save();
    let mut resumed = 0;
    for bit in (0..saved.len() * 8).step_by(61) {
        let mut flipped = saved.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok(mut recount) = recount(&election).resume(&flipped, None) {
            resumed += 1;
            if resumed % 8 == 0 {
                let _ = recount.add_block(&blocks[5]);
                let _ = finish(recount);
            }
        }
    }
    assert!(resumed > 0);
    for cut in (0..saved.len()).step_by(97) {
        assert!(recount(&election).resume(&saved[..cut], None).is_err());
    }
}

#[test]
fn counters_at_their_limit_do_not_overflow() {
    let election = good();
    let blocks = ledger_blocks(&election);
    let whole = whole(&election, &blocks);
    let saved = whole.save();
    // Eight bytes of ones in the place of every counter, one after another.
    let mut resumed = 0;
    for at in (0..saved.len().saturating_sub(8)).step_by(67) {
        let mut huge = saved.clone();
        huge[at..at + 8].fill(0xff);
        let Ok(state) = recount(&election).resume(&huge, None) else {
            continue;
        };
        resumed += 1;
        if resumed % 16 == 0 {
            let _ = finish(state);
        }
    }
    assert!(resumed > 0);
}
