//! The generator of `verifier-core/vectors`: frozen elections and receipts, honest ones and one for each lie.
//!
//! The embedded engine builds the headers and signs the commits; what stands in the blocks, and what the validators say of it, is up to
//! each lie. The same seed gives the same bytes: the test below compares them with the files. To write the files anew:
//! `WRITE_VECTORS=1 cargo test -p node --test vectors`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../../../verifier-core/tests/claim_keys/mod.rs"]
mod claim_keys;
mod claims;
mod files;
mod ledger;
mod lies;
mod plan;
mod receipts;
mod spoils;
mod world;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use verifier_core::{CheckOutcome, Doubt, Expected, FrozenElection, FrozenReceipt, Report};
use world::{Options, World};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../verifier-core/vectors")
}

/// Path below the folder, and content, of every file.
fn generate() -> BTreeMap<String, String> {
    let world = World::new(&Options::default());
    let mut made = BTreeMap::new();
    let mut elections: BTreeMap<&str, FrozenElection> = BTreeMap::new();
    let mut rows = Vec::new();
    let mut wrong: Vec<String> = Vec::new();
    for case in lies::all(&world) {
        let draft = files::election(&case);
        let good = elections.get(case.base());
        let frozen = FrozenElection::parse(&draft.json(good, None), good).unwrap();
        let report = frozen.recount(|request| frozen.answer(request)).unwrap();
        wrong.extend(check_election(&case, &report));
        let expected = Expected::of(&report);
        let json = draft.json(good, Some(&expected));
        rows.push(files::row("elections", case.name, case.about, &expected));
        elections.insert(case.name, FrozenElection::parse(&json, good).unwrap());
        made.insert(format!("elections/{}.json", case.name), json);
    }
    for case in receipts::all(&world) {
        let mut frozen = FrozenReceipt {
            about: case.about.into(),
            election: case.election.into(),
            receipt: case.text.clone(),
            latest: case.latest,
            now: case.now,
            expected: files::nothing_expected(),
        };
        let report = frozen.check(&elections[case.election]);
        wrong.extend(check_receipt(&case, &report));
        frozen.expected = Expected::of(&report);
        rows.push(files::row(
            "receipts",
            case.name,
            case.about,
            &frozen.expected,
        ));
        let json = format!("{}\n", serde_json::to_string(&frozen).unwrap());
        made.insert(format!("receipts/{}.json", case.name), json);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    made.insert("README.md".into(), files::readme(&rows));
    made
}

/// In what a report is not what the case says by hand.
fn check_election(case: &lies::Case, report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    for check in &report.checks {
        let outlook = case.expected.iter().find(|(id, _)| *id == check.id);
        let fits = match (outlook.map(|(_, outlook)| outlook), &check.outcome) {
            (None, CheckOutcome::Passed) => true,
            (Some(lies::Outlook::Failed(expected)), CheckOutcome::Failed(actual)) => {
                let mut expected = expected.clone();
                expected.sort();
                *actual == expected
            }
            (Some(lies::Outlook::FailedWith(expected)), CheckOutcome::Failed(actual)) => {
                expected.iter().all(|finding| actual.contains(finding))
            }
            (Some(lies::Outlook::Unknown(expected)), CheckOutcome::Unknown(actual)) => {
                actual == expected
            }
            _ => false,
        };
        if !fits {
            wrong.push(format!(
                "{}: {:?} is {:?}",
                case.name, check.id, check.outcome
            ));
        }
    }
    wrong
}

fn check_receipt(case: &receipts::Case, report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    if report.standing != case.standing {
        wrong.push(format!("{}: {:?}", case.name, report.standing));
    }
    let last = case.expected.iter().map(|(id, _)| *id).max();
    for check in &report.checks {
        let listed = case.expected.iter().find(|(id, _)| *id == check.id);
        let beyond = case.ends && last.is_some_and(|last| check.id > last);
        let not_reached = CheckOutcome::Unknown(Doubt::NotReached);
        let expected = match listed.map(|(_, outlook)| outlook) {
            Some(receipts::Outlook::Failed(finding)) => CheckOutcome::Failed(vec![finding.clone()]),
            Some(receipts::Outlook::Unknown(doubt)) => CheckOutcome::Unknown(doubt.clone()),
            None if beyond || (case.ends && check.outcome == not_reached) => not_reached,
            None => CheckOutcome::Passed,
        };
        if check.outcome != expected {
            wrong.push(format!(
                "{}: {:?} is {:?}",
                case.name, check.id, check.outcome
            ));
        }
    }
    wrong
}

#[test]
fn the_generator_gives_the_committed_vectors_byte_for_byte() {
    let made = generate();
    let write = std::env::var_os("WRITE_VECTORS").is_some();
    let mut differing = Vec::new();
    for (name, content) in &made {
        let path = folder().join(name);
        if write {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, content).unwrap();
        } else if std::fs::read_to_string(&path).ok().as_ref() != Some(content) {
            differing.push(name);
        }
    }
    assert!(differing.is_empty(), "not as generated: {differing:?}");
    for sub in ["elections", "receipts"] {
        for file in std::fs::read_dir(folder().join(sub)).unwrap() {
            let name = format!("{sub}/{}", file.unwrap().file_name().to_string_lossy());
            assert!(made.contains_key(&name), "{name} is not generated");
        }
    }
    let size: usize = made.values().map(String::len).sum();
    assert!(size < 1024 * 1024, "{size} bytes");
}
