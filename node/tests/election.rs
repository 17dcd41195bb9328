//! A whole election, checked by the code that voters run.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use node::devnet::{Devnet, Until, export};
use std::collections::BTreeMap;
use std::path::Path;
use support::{NOW, ask, card, routes, run};
use verifier_core::{
    CheckId, CheckOutcome, LoneRecount, Origin, Outcome, Receipt, ReceiptCheck, Report, Request,
    Standing, Verdict, answer_from_export, export_file,
};

fn recount(devnet: &Devnet, mut fetch: impl FnMut(&Request) -> Vec<u8>) -> Report {
    let mut run = LoneRecount::new(card(devnet), NOW, Origin::Node);
    while !run.is_over() {
        for request in run.needs() {
            let answer = fetch(&request);
            run.supply(&request, Ok(answer));
        }
        while run.step() {}
    }
    assert_eq!(run.fault(), None);
    run.finish().unwrap()
}

fn check(devnet: &Devnet, receipt: &str, mut fetch: impl FnMut(&Request) -> Vec<u8>) -> Report {
    let mut check = ReceiptCheck::new(card(devnet), receipt, NOW);
    loop {
        let needs = check.needs();
        if needs.is_empty() {
            return check.report();
        }
        for request in needs {
            let answer = fetch(&request);
            check.supply(&request, Ok(answer));
        }
    }
}

#[test]
fn a_recount_of_the_served_blocks_accepts_and_confirms_the_totals() {
    let devnet = run(Until::Result);
    let routes = routes(&devnet);
    let report = recount(&devnet, |request| ask(&routes, 3, request));
    assert_eq!(report.verdict, Verdict::Accepted, "{}", report.to_json());
    assert_eq!(report.totals, devnet.totals().map(|totals| totals.cells));
    let votes: u64 = report
        .totals
        .unwrap()
        .iter()
        .flat_map(|cell| cell.votes.clone())
        .sum();
    assert_eq!(votes, 60);
    let mut refused: Vec<Outcome> = report.refused.iter().map(|ballot| ballot.outcome).collect();
    refused.sort();
    let expected = [
        Outcome::InvalidSignature,
        Outcome::OutsideWindow,
        Outcome::InvalidProof,
        Outcome::NotIssued,
        Outcome::AssetSpent,
    ];
    assert_eq!(refused, expected);
}

#[test]
fn an_exported_folder_gives_the_same_report_as_the_node() {
    let devnet = run(Until::Result);
    let routes = routes(&devnet);
    let folder = tempfile::tempdir().unwrap();
    export(&devnet, folder.path(), 3).unwrap();
    let from_node = recount(&devnet, |request| ask(&routes, 0, request));
    let from_folder = recount(&devnet, |request| {
        let file = std::fs::read(folder.path().join(export_file(request).unwrap())).unwrap();
        answer_from_export(request, &file).unwrap()
    });
    assert_eq!(from_folder.verdict, Verdict::Accepted);
    assert_eq!(from_folder.digest(), from_node.digest());
}

#[test]
fn receipts_of_counted_ballots_are_accepted_and_others_say_why_not() {
    let devnet = run(Until::Result);
    let routes = routes(&devnet);
    let counted: BTreeMap<String, bool> = receipts_by_file(&devnet);
    for (receipt, good) in counted {
        let report = check(&devnet, &receipt, |request| ask(&routes, 1, request));
        let expected = if good {
            Verdict::Accepted
        } else {
            Verdict::Rejected
        };
        assert_eq!(report.verdict, expected, "{}", report.to_json());
        assert_eq!(
            matches!(report.standing, Some(Standing::Counted { .. })),
            good
        );
    }
}

/// Every sample receipt, and whether its ballot counts.
fn receipts_by_file(devnet: &Devnet) -> BTreeMap<String, bool> {
    let counted: Vec<_> = (1..=devnet.ledger.height())
        .flat_map(|height| spent_at(devnet, height))
        .collect();
    let receipts = devnet.receipts(20).unwrap();
    let all: BTreeMap<String, bool> = receipts
        .into_iter()
        .map(|(_, text)| {
            let code = Receipt::parse(&text).unwrap().tracking_code;
            let counts = counted.contains(&code);
            (text, counts)
        })
        .collect();
    assert_eq!(all.values().filter(|good| !**good).count(), 5);
    all
}

fn spent_at(devnet: &Devnet, height: u64) -> Vec<verifier_core::TrackingCode> {
    let batches =
        (0..5u16).map(|municipality| devnet.store.spent(municipality, 0, height).unwrap());
    batches.flatten().map(|spent| spent.code).collect()
}

#[test]
fn before_the_close_a_ballot_is_recorded_and_not_yet_counted() {
    let devnet = run(Until::Voting);
    let routes = routes(&devnet);
    let (_, receipt) = devnet.receipts(3).unwrap().remove(0);
    let report = check(&devnet, &receipt, |request| ask(&routes, 2, request));
    assert!(
        matches!(report.standing, Some(Standing::Recorded { .. })),
        "{}",
        report.to_json()
    );
    assert!(devnet.totals().is_none());
    assert!(card(&devnet).final_header.is_none());
}

#[test]
fn the_same_seed_writes_the_same_folder() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for folder in &folders {
        export(&run(Until::Result), folder.path(), 10).unwrap();
    }
    let [first, second] = folders.map(|folder| contents(folder.path(), folder.path()));
    assert!(first.len() > 60);
    assert_eq!(first, second);
}

fn contents(root: &Path, folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(contents(root, &path));
        } else {
            files.insert(
                path.strip_prefix(root).unwrap().display().to_string(),
                std::fs::read(&path).unwrap(),
            );
        }
    }
    files
}

#[test]
fn the_reports_rows_are_all_there() {
    let devnet = run(Until::Result);
    let routes = routes(&devnet);
    let report = recount(&devnet, |request| ask(&routes, 0, request));
    let ids: Vec<CheckId> = report.checks.iter().map(|check| check.id).collect();
    assert_eq!(ids, CheckId::of_recount().collect::<Vec<_>>());
    assert!(
        report
            .checks
            .iter()
            .all(|check| check.outcome == CheckOutcome::Passed)
    );
}
