//! A report as files: JSON for programs, CSV for spreadsheets. Both carry the digest that any other recount must arrive at.

use super::row::{Recounted, RowOutcome};
use serde_json::{Value, json};
use verifier_core::{Contract, Report};

/// The report with its digest as JSON.
pub fn json(report: &Report) -> String {
    let mut value = serde_json::to_value(report).unwrap_or(Value::Null);
    if let Value::Object(fields) = &mut value {
        fields.insert("digest".into(), json!(report.digest().to_string()));
    }
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

/// Checks, totals and municipalities, one table below the other, with a byte order mark so that spreadsheets read Korean.
pub fn csv(report: &Recounted, contract: &Contract) -> String {
    let mut table = String::from("\u{feff}");
    row(&mut table, ["digest", &report.digest.to_string()]);
    table.push_str("\r\n");
    checks(&mut table, report);
    totals(&mut table, report, contract);
    participation(&mut table, report, contract);
    table
}

fn checks(table: &mut String, report: &Recounted) {
    row(table, ["check", "count", "outcome"]);
    for check in &report.rows {
        let outcome = match check.outcome {
            RowOutcome::Passed => "passed",
            RowOutcome::Failed => "failed",
            RowOutcome::Unknown => "unknown",
        };
        row(
            table,
            [check.id.as_str(), &check.count.to_string(), outcome],
        );
    }
    table.push_str("\r\n");
}

fn totals(table: &mut String, report: &Recounted, contract: &Contract) {
    let Some(cells) = &report.totals else {
        return;
    };
    row(table, ["candidate_ko", "candidate_en", "votes"]);
    for (candidate, votes) in contract.candidates.iter().zip(votes(cells)) {
        row(table, [&candidate.ko, &candidate.en, &votes.to_string()]);
    }
    table.push_str("\r\n");
}

fn participation(table: &mut String, report: &Recounted, contract: &Contract) {
    if report.participation.is_empty() {
        return;
    }
    row(
        table,
        [
            "municipality_ko",
            "municipality_en",
            "roll",
            "issued",
            "checked_in",
            "ballots",
        ],
    );
    for (municipality, people) in contract.municipalities.iter().zip(&report.participation) {
        row(
            table,
            [
                &municipality.name.ko,
                &municipality.name.en,
                &people.roll.to_string(),
                &people.issued.to_string(),
                &people.checked_in.to_string(),
                &people.ballots.to_string(),
            ],
        );
    }
}

/// Each candidate's votes over all cells.
pub fn votes(cells: &[verifier_core::CellTotals]) -> Vec<u64> {
    let mut sums = Vec::new();
    for cell in cells {
        if sums.len() < cell.votes.len() {
            sums.resize(cell.votes.len(), 0_u64);
        }
        for (sum, votes) in sums.iter_mut().zip(&cell.votes) {
            *sum = sum.saturating_add(*votes);
        }
    }
    sums
}

fn row<const N: usize>(table: &mut String, fields: [&str; N]) {
    let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    table.push_str(&fields.join(","));
    table.push_str("\r\n");
}

/// Names come from the ledger: one that a spreadsheet would take for a formula is led by an apostrophe.
fn quoted(field: &str) -> String {
    let guard = if field.starts_with(['=', '+', '-', '@']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", field.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use verifier_core::CellTotals;

    #[test]
    fn votes_are_added_over_cells() {
        let cell = |votes: Vec<u64>| CellTotals {
            municipalities: vec![0],
            ballots: votes.iter().sum(),
            votes,
        };
        assert_eq!(votes(&[cell(vec![1, 2]), cell(vec![10, 20])]), [11, 22]);
        assert!(votes(&[]).is_empty());
    }

    #[test]
    fn a_name_cannot_become_a_formula() {
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
        assert_eq!(quoted("a \"b\""), "\"a \"\"b\"\"\"");
    }
}
