//! The self-test: frozen elections and receipts, honest ones and lies, run through the same machines as everything else.
//!
//! A page runs it at start. If one lie is accepted, or is refused for another reason than it should be, nothing that the page says can be relied on.

mod frozen;

pub use frozen::{Expected, ExpectedCheck, FrozenBlock, FrozenElection, FrozenReceipt};

use crate::report::Report;

macro_rules! embedded {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../vectors/", $folder, "/", $name, ".json")))),*]
    };
}

/// The election that the others are variants of.
const GOOD: &str = include_str!("../../vectors/elections/good.json");
const ELECTIONS: &[(&str, &str)] = embedded!("elections":
    "asset-counted-twice",
    "many-votes-counted",
    "share-forged",
    "totals-misstated",
);
const RECEIPTS: &[(&str, &str)] = embedded!("receipts":
    "counted",
    "superseded",
    "missing",
    "promise-forged",
    "mistyped",
);

/// One frozen case and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfTestCase {
    pub name: &'static str,
    /// The lie that is told, or that none is.
    pub about: String,
    /// The verdict that it must come to.
    pub expected: String,
    /// How the verification differs from what it must come to, if it does.
    pub fault: Option<String>,
}

/// All cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfTestReport {
    pub cases: Vec<SelfTestCase>,
}

impl SelfTestReport {
    /// Whether there are cases and each came to what it must.
    pub fn passed(&self) -> bool {
        !self.cases.is_empty() && self.cases.iter().all(|case| case.fault.is_none())
    }
}

/// Runs the embedded elections and receipts.
pub fn self_test() -> SelfTestReport {
    let good = match FrozenElection::parse(GOOD, None) {
        Ok(good) => good,
        Err(error) => {
            return SelfTestReport {
                cases: vec![unreadable("good", error.to_string())],
            };
        }
    };
    let mut cases = vec![recount("good", &good)];
    for (name, json) in ELECTIONS {
        cases.push(match FrozenElection::parse(json, Some(&good)) {
            Ok(election) => recount(name, &election),
            Err(error) => unreadable(name, error.to_string()),
        });
    }
    for (name, json) in RECEIPTS {
        cases.push(match FrozenReceipt::parse(json) {
            Ok(receipt) => check(name, &receipt, &good),
            Err(error) => unreadable(name, error.to_string()),
        });
    }
    SelfTestReport { cases }
}

fn recount(name: &'static str, election: &FrozenElection) -> SelfTestCase {
    let report = election.recount(|request| election.answer(request));
    judge(name, &election.about, &election.expected, report)
}

fn check(name: &'static str, receipt: &FrozenReceipt, election: &FrozenElection) -> SelfTestCase {
    let report = receipt.check(election);
    judge(name, &receipt.about, &receipt.expected, Some(report))
}

fn judge(
    name: &'static str,
    about: &str,
    expected: &Expected,
    report: Option<Report>,
) -> SelfTestCase {
    let fault = match report.as_ref().map(Expected::of) {
        Some(actual) if actual == *expected => None,
        Some(actual) => Some(format!("{actual:?} instead of {expected:?}")),
        None => Some("there is no report".into()),
    };
    SelfTestCase {
        name,
        about: about.into(),
        expected: expected.verdict.clone(),
        fault,
    }
}

fn unreadable(name: &'static str, error: String) -> SelfTestCase {
    SelfTestCase {
        name,
        about: String::new(),
        expected: String::new(),
        fault: Some(error),
    }
}
