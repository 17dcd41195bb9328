//! Turns checks and reports into what is drawn: every finding and doubt becomes its sentence.

use super::faults::technical;
use super::{Both, DoubtText, FindingText};
use crate::state::report_file;
use crate::state::row::{Reason, Recounted, Row, RowOutcome};
use verifier_core::{Anchor, Check, CheckOutcome, Doubt, Finding, Report, TrustCard};

/// At most this many reasons are written out.
const REASONS_SHOWN: usize = 20;

/// A check as it is drawn.
pub fn row(check: &Check, card: &TrustCard) -> Row {
    let (outcome, reasons) = match &check.outcome {
        CheckOutcome::Passed => (RowOutcome::Passed, Vec::new()),
        CheckOutcome::Failed(findings) => (RowOutcome::Failed, findings_of(findings, card)),
        CheckOutcome::Unknown(doubt) => (RowOutcome::Unknown, vec![doubt_of(doubt, card)]),
    };
    Row {
        id: check.id,
        count: check.count,
        outcome,
        reasons,
    }
}

/// A recount's report as it is drawn.
pub fn recounted(report: &Report, card: &TrustCard, anchor: Option<Anchor>) -> Recounted {
    Recounted {
        verdict: report.verdict,
        digest: report.digest(),
        range: report.range,
        rows: report.checks.iter().map(|check| row(check, card)).collect(),
        refused: report.refused.clone(),
        participation: report.participation.clone(),
        totals: report.totals.clone(),
        clock_jumps: report.clock_jumps.clone(),
        anchor,
        json: report_file::json(report),
    }
}

fn findings_of(findings: &[Finding], card: &TrustCard) -> Vec<Reason> {
    let shown = findings.iter().take(REASONS_SHOWN);
    shown
        .map(|finding| reason(FindingText(finding, &card.contract).into(), None))
        .collect()
}

fn doubt_of(doubt: &Doubt, card: &TrustCard) -> Reason {
    let said = match doubt {
        Doubt::Source(fault) => technical(fault, card),
        _ => None,
    };
    reason(DoubtText(doubt).into(), said)
}

/// The first thing that is wrong with a check that did not pass.
pub fn trouble_reason(outcome: &CheckOutcome, card: &TrustCard) -> Reason {
    match outcome {
        CheckOutcome::Failed(findings) => findings_of(findings, card).into_iter().next(),
        CheckOutcome::Unknown(doubt) => Some(doubt_of(doubt, card)),
        CheckOutcome::Passed => None,
    }
    .unwrap_or_else(|| doubt_of(&Doubt::NotReached, card))
}

/// A sentence with what the library said.
pub fn reason(sentence: Both, technical: Option<String>) -> Reason {
    Reason {
        ko: sentence.ko.to_string(),
        en: sentence.en.to_string(),
        technical,
    }
}

impl From<&Reason> for Both {
    fn from(reason: &Reason) -> Self {
        Self::new(reason.ko.clone(), reason.en.clone())
    }
}
