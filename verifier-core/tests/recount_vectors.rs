//! Every frozen election and receipt comes to what its file says, and between them every check, finding and doubt comes up.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod frozen;

use frozen::{RECEIPTS, doubts, election, elections, findings, good, receipt, report};
use std::collections::BTreeSet;
use verifier_core::{
    Check, CheckId, CheckOutcome, Doubt, Expected, Finding, Report, Verdict, self_test,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Reports on all vectors.
fn reports() -> Vec<Report> {
    let mut reports: Vec<_> = elections().iter().map(|(_, e)| report(e)).collect();
    let receipts = RECEIPTS.iter().map(|(name, _)| {
        let receipt = receipt(name);
        receipt.check(&election(&receipt.election))
    });
    reports.extend(receipts);
    reports
}

#[test]
fn every_election_comes_to_what_its_file_says() {
    for (name, election) in elections() {
        assert_eq!(
            Expected::of(&report(&election)),
            election.expected,
            "{name}"
        );
    }
}

#[test]
fn every_receipt_comes_to_what_its_file_says() {
    for (name, _) in RECEIPTS {
        let receipt = receipt(name);
        let report = receipt.check(&election(&receipt.election));
        assert_eq!(Expected::of(&report), receipt.expected, "{name}");
    }
}

/// The two elections whose lie is in the state only: a recount rebuilds everything from transactions and does not look at it.
const BESIDE_THE_RECOUNT: [&str; 2] = ["state-misstated", "keys-misstated"];

#[test]
fn no_lie_is_accepted_and_no_honest_election_is_refused() {
    for (name, election) in elections() {
        let honest = name.starts_with("good") || BESIDE_THE_RECOUNT.contains(&name);
        let accepted = report(&election).verdict == Verdict::Accepted;
        assert_eq!(accepted, honest, "{name}");
    }
    let honest = ["counted", "counted-without-height", "recorded"];
    for (name, _) in RECEIPTS {
        let receipt = receipt(name);
        let accepted = receipt.check(&election(&receipt.election)).verdict == Verdict::Accepted;
        assert_eq!(accepted, honest.contains(name), "{name}");
    }
}

#[test]
fn every_check_does_not_pass_in_some_vector() {
    let reports = reports();
    let checks = reports.iter().flat_map(|report| &report.checks);
    let not_passed: BTreeSet<CheckId> = checks
        .filter(|check| {
            let not_reached = CheckOutcome::Unknown(Doubt::NotReached);
            check.outcome != CheckOutcome::Passed
                && (check.outcome != not_reached || check.id == CheckId::RecountTotals)
        })
        .map(|check| check.id)
        .collect();
    // A recount that a source keeps from reading blocks is in the tests on lying sources.
    let elsewhere = [CheckId::ReceiptBlocks, CheckId::RecountBlocks];
    for id in CheckId::of_receipt().chain(CheckId::of_recount()) {
        assert!(
            not_passed.contains(&id) || elsewhere.contains(&id),
            "{id:?}"
        );
    }
}

/// One number per finding; a new one does not compile until it has a number, and then needs a vector.
fn number(finding: &Finding) -> u8 {
    match finding {
        Finding::OtherChain { .. } => 0,
        Finding::OtherGenesis => 1,
        Finding::OtherContract => 2,
        Finding::PromiseNotSigned { .. } => 3,
        Finding::PromiseDeadline => 4,
        Finding::OtherHeight { .. } => 5,
        Finding::OtherBallot => 6,
        Finding::BallotMissing => 7,
        Finding::BallotInvalid { .. } => 8,
        Finding::AssetNotIssued { .. } => 9,
        Finding::AssetSpentBy { .. } => 10,
        Finding::AssetUnspent { .. } => 11,
        Finding::BallotRefused { .. } => 12,
        Finding::OutcomeDiffers { .. } => 13,
        Finding::AssetCountedTwice { .. } => 14,
        Finding::NotSpentBefore { .. } => 15,
        Finding::NotDefined => 16,
        Finding::KeysIncomplete => 17,
        Finding::IssuedExceedsRoll { .. } => 18,
        Finding::TurnoutExceedsRoll { .. } => 19,
        Finding::BallotsExceedTurnout { .. } => 20,
        Finding::Shortfall { .. } => 21,
        Finding::SpoiledBallotCounted { .. } => 22,
        Finding::NotSpoiledBefore { .. } => 23,
        Finding::ClaimsExceedIssuances { .. } => 24,
        Finding::BallotsExceedClaims { .. } => 25,
        // Only where ranges of other setups are put together: see the tests on ranges.
        Finding::SetupDiffers => 26,
        // Another genesis is the source's fault so far.
        Finding::GenesisDiffers => 27,
        // Of questions about the state: see their tests.
        Finding::StateContradicts { .. } => 28,
        // Only where a source gives a block once and not again: see the tests on runs.
        Finding::AssetCountedAgain { .. } => 29,
    }
}

#[test]
fn every_finding_is_found_in_some_vector() {
    let found: BTreeSet<u8> = reports()
        .iter()
        .flat_map(findings)
        .map(|f| number(&f))
        .collect();
    assert_eq!(found, (0..=25).collect());
}

/// One number per doubt; the last two are in the tests on lying sources and on ranges.
fn number_of_doubt(doubt: &Doubt) -> u8 {
    match doubt {
        Doubt::NotReached => 0,
        Doubt::Receipt(_) => 1,
        Doubt::Source(_) => 2,
        Doubt::CardExpired { .. } => 3,
        Doubt::NotYetReached { .. } => 4,
        Doubt::NotYetRecorded { .. } => 5,
        Doubt::NotClosed => 6,
        Doubt::TooFewShares { .. } => 7,
        Doubt::EndsEarly { .. } => 8,
        Doubt::NoTotals => 9,
        Doubt::BeginsLate { .. } => 10,
    }
}

#[test]
fn every_doubt_arises_in_some_vector() {
    let arisen: BTreeSet<u8> = reports()
        .iter()
        .flat_map(doubts)
        .map(|doubt| number_of_doubt(&doubt))
        .collect();
    assert_eq!(arisen, (0..=8).collect());
}

#[test]
fn a_check_that_is_not_passed_never_yields_accepted() {
    let honest = [report(&good()), receipt("counted").check(&good())];
    for report in honest {
        assert_eq!(Report::judge(&report.checks), Verdict::Accepted);
        for at in 0..report.checks.len() {
            let mut checks: Vec<Check> = report.checks.clone();
            checks[at].outcome = CheckOutcome::Unknown(Doubt::NotReached);
            assert_eq!(Report::judge(&checks), Verdict::Inconclusive);
            checks[at].outcome = CheckOutcome::Failed(vec![]);
            assert_eq!(Report::judge(&checks), Verdict::Rejected);
        }
    }
    assert_eq!(Report::judge(&[]), Verdict::Inconclusive);
}

#[test]
fn the_self_test_passes() {
    let report = self_test();
    for case in &report.cases {
        assert_eq!(case.fault, None, "{}", case.name);
    }
    assert!(report.passed());
    assert!(report.cases.len() >= 10);
}

#[test]
fn a_self_test_without_cases_does_not_pass() {
    assert!(!verifier_core::SelfTestReport { cases: vec![] }.passed());
}

/// The list above names every file.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn no_file_is_left_out() {
    for (folder, listed) in [("elections", frozen::ELECTIONS), ("receipts", RECEIPTS)] {
        let path = format!("{}/vectors/{folder}", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(path).unwrap();
        let mut names: Vec<_> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        let mut expected: Vec<_> = listed
            .iter()
            .map(|(name, _)| format!("{name}.json"))
            .collect();
        names.sort();
        expected.sort();
        assert_eq!(names, expected);
    }
}
