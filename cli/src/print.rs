//! A report as text.

use verifier_core::{CellTotals, Check, CheckOutcome, Contract, Report, Standing, Verdict};

/// Prints checks, refused ballots, totals, the verdict to give and the digest; names are those of the contract.
pub fn print(report: &Report, contract: &Contract, verdict: Verdict) {
    for check in &report.checks {
        print_check(check);
    }
    println!();
    if let Some(standing) = &report.standing {
        println!("Your ballot: {}", describe(standing));
    }
    for ballot in &report.refused {
        println!(
            "Refused ballot {} in block {}: {:?}",
            ballot.code, ballot.height, ballot.outcome
        );
    }
    for jump in &report.clock_jumps {
        println!(
            "The ledger's clock jumps by {} s before block {}",
            jump.seconds, jump.height
        );
    }
    if let Some(cells) = &report.totals {
        print_totals(cells, contract);
    }
    println!("Verdict: {}", name(verdict));
    println!("Digest:  {}", report.digest());
}

fn print_check(check: &Check) {
    let id = check.id.as_str();
    match &check.outcome {
        CheckOutcome::Passed => println!("  passed   {id} ({})", check.count),
        CheckOutcome::Failed(findings) => {
            println!("  FAILED   {id}");
            for finding in findings {
                println!("           {finding}");
            }
        }
        CheckOutcome::Unknown(doubt) => println!("  unknown  {id}: {doubt}"),
    }
}

fn print_totals(cells: &[CellTotals], contract: &Contract) {
    for cell in cells {
        let names: Vec<_> = cell
            .municipalities
            .iter()
            .filter_map(|index| contract.municipality(*index))
            .map(|municipality| municipality.name.en.as_str())
            .collect();
        println!(
            "{:>7} ballots  {:?}  {}",
            cell.ballots,
            cell.votes,
            names.join(" + ")
        );
    }
    println!();
    for (number, candidate) in contract.candidates.iter().enumerate() {
        let votes: u64 = cells.iter().filter_map(|cell| cell.votes.get(number)).sum();
        println!("{votes:>7} votes    {}", candidate.en);
    }
    println!();
}

fn describe(standing: &Standing) -> String {
    match standing {
        Standing::Recorded { height } => format!("recorded in block {height}; not yet counted"),
        Standing::Counted { height } => format!("recorded in block {height} and counted"),
        Standing::Refused { height, outcome } => {
            format!("in block {height}, but refused: {outcome:?}")
        }
        Standing::Superseded { height, by } => {
            format!("not counted: another ballot of your address, {by}, counts in block {height}")
        }
        Standing::Missing => "on no block although its deadline has passed".into(),
        Standing::NotYet => "on no block yet".into(),
    }
}

fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted => "accepted",
        Verdict::Rejected => "REJECTED",
        Verdict::Inconclusive => "inconclusive",
    }
}
