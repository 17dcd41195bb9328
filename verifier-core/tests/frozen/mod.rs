//! The frozen elections and receipts of `vectors/`, compiled in, so that the same tests run where there are no files.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use verifier_core::rpc::{BlockAnswer, BlockResults, CommitAnswer, GenesisAnswer, decode_answer};
use verifier_core::{
    CheckOutcome, Doubt, Finding, FrozenElection, FrozenReceipt, LedgerBlock, Recount, Report,
    Request, SourceFault,
};

macro_rules! included {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../vectors/", $folder, "/", $name, ".json")))),*]
    };
}

pub const ELECTIONS: &[(&str, &str)] = included!("elections":
    "good", "good-empty-cell", "good-complaint",
    "asset-counted-twice", "ballot-counted-twice", "invalid-proof-counted", "shifted-components-counted", "many-votes-counted",
    "swapped-components-counted", "wrong-signature-counted", "not-issued-counted", "other-election-counted", "garbage-accepted",
    "early-ballot-counted", "late-ballot-counted", "valid-ballot-refused", "refused-as-spent", "later-ballot-preferred",
    "refused-for-another-reason", "contract-swapped", "dealing-forged", "define-not-approved", "keys-incomplete", "key-ready-forged",
    "issued-exceeds-roll", "roll-grown", "issued-after-opening", "turnout-exceeds-roll", "turnout-chain-broken",
    "turnout-not-countersigned", "ballots-exceed-turnout", "shortfall", "totals-misstated", "cells-misstated", "share-forged",
    "share-repeated", "too-few-shares", "closed-too-early", "closed-twice", "never-closed", "outcome-left-out", "state-misstated",
    "keys-misstated", "clock-turned-back",
    "good-claims", "claims-bad-signature", "claims-other-role", "claims-exceed-issuances", "claims-address-twice", "claims-exceed-roll",
    "claims-refused", "claims-late",
    "spoil-counted", "spoil-refused", "spoil-invented", "spoil-too-late", "spoil-as-spent",
);

/// The election that a file is a variant of.
fn base_of(name: &str) -> Option<&'static str> {
    if name == "good" {
        None
    } else if name.starts_with("claims-") || name.starts_with("spoil-") {
        Some("good-claims")
    } else {
        Some("good")
    }
}

pub const RECEIPTS: &[(&str, &str)] = included!("receipts":
    "counted", "counted-without-height", "recorded", "not-yet", "not-yet-reached", "superseded", "superseded-unrecorded", "refused",
    "missing", "forged-copy", "late", "batch-never-issued", "empty", "mistyped", "no-receipt", "other-alphabet", "too-long", "other-chain",
    "other-genesis", "other-contract", "promise-forged", "promise-of-nobody", "promise-too-late", "other-height", "other-mark",
    "card-expired", "source-too-old", "invalid-proof-counted", "unspent-in-state", "spent-by-another-in-state", "keys-in-state",
    "source-without-state",
);

pub fn good() -> FrozenElection {
    FrozenElection::parse(ELECTIONS[0].1, None).unwrap()
}

pub fn election(name: &str) -> FrozenElection {
    let (_, json) = ELECTIONS.iter().find(|(other, _)| *other == name).unwrap();
    let base = base_of(name).map(election);
    FrozenElection::parse(json, base.as_ref()).unwrap()
}

/// Name and content of every election.
pub fn elections() -> Vec<(&'static str, FrozenElection)> {
    let mut parsed: Vec<(&'static str, FrozenElection)> = Vec::new();
    for (name, json) in ELECTIONS {
        let base = base_of(name).and_then(|base| parsed.iter().find(|(other, _)| *other == base));
        let election = FrozenElection::parse(json, base.map(|(_, election)| election)).unwrap();
        parsed.push((name, election));
    }
    parsed
}

pub fn receipt(name: &str) -> FrozenReceipt {
    let (_, json) = RECEIPTS.iter().find(|(other, _)| *other == name).unwrap();
    FrozenReceipt::parse(json).unwrap()
}

pub fn report(election: &FrozenElection) -> Report {
    election
        .recount(|request| election.answer(request))
        .unwrap()
}

/// A recount with no blocks yet.
pub fn recount(election: &FrozenElection) -> Recount {
    let genesis: GenesisAnswer =
        decode_answer(&election.answer(&Request::Genesis).unwrap()).unwrap();
    Recount::new(election.card.clone(), &genesis.genesis).unwrap()
}

/// The blocks as a recount takes them, from the first; the final header only stands behind the last. Their transactions stay until the tests end.
pub fn ledger_blocks(election: &FrozenElection) -> Vec<LedgerBlock<'static>> {
    let last = u64::try_from(election.blocks.len()).unwrap();
    (1..last)
        .map(|height| ledger_block(election, height))
        .collect()
}

fn ledger_block(election: &FrozenElection, height: u64) -> LedgerBlock<'static> {
    let answer = |request: Request| election.answer(&request).unwrap();
    let header = |height| {
        let answer: CommitAnswer = decode_answer(&answer(Request::Commit(height))).unwrap();
        answer.signed_header
    };
    let block: BlockAnswer = decode_answer(&answer(Request::Block(height))).unwrap();
    let results: BlockResults = decode_answer(&answer(Request::BlockResults(height))).unwrap();
    let transactions = block.block.data.into_iter().map(|bytes| &*bytes.leak());
    LedgerBlock {
        header: header(height),
        next: header(height + 1),
        transactions: transactions.collect(),
        results: results.results,
    }
}

/// The source's faults that a report names.
pub fn source_faults(report: &Report) -> Vec<SourceFault> {
    let outcomes = report.checks.iter().map(|check| &check.outcome);
    outcomes
        .filter_map(|outcome| match outcome {
            CheckOutcome::Unknown(Doubt::Source(fault)) => Some(fault.clone()),
            _ => None,
        })
        .collect()
}

pub fn findings(report: &Report) -> Vec<Finding> {
    let outcomes = report.checks.iter().map(|check| &check.outcome);
    outcomes
        .filter_map(|outcome| match outcome {
            CheckOutcome::Failed(findings) => Some(findings.clone()),
            _ => None,
        })
        .flatten()
        .collect()
}

pub fn doubts(report: &Report) -> Vec<Doubt> {
    let outcomes = report.checks.iter().map(|check| &check.outcome);
    outcomes
        .filter_map(|outcome| match outcome {
            CheckOutcome::Unknown(doubt) => Some(doubt.clone()),
            _ => None,
        })
        .collect()
}
