//! What is counted, and how it is written down.

use crate::replica::Committed;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use verifier_core::Outcome;

/// What the trustee's duty is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum DutyState {
    /// Nothing to do now.
    #[default]
    Idle,
    /// Something was sent, and is not on the ledger yet.
    Waiting,
    /// Something cannot be sent or made; the log says what.
    Failing,
    /// This municipality's share is on the ledger.
    Done,
    /// The key is not the one that the contract names.
    WrongKey,
}

impl DutyState {
    const ALL: [Self; 5] = [
        Self::Idle,
        Self::Waiting,
        Self::Failing,
        Self::Done,
        Self::WrongKey,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Waiting => "waiting",
            Self::Failing => "failing",
            Self::Done => "done",
            Self::WrongKey => "wrong_key",
        }
    }
}

/// All numbers. Counters begin at 0 when the node starts.
pub struct Metrics {
    database: PathBuf,
    numbers: Mutex<Numbers>,
}

#[derive(Default)]
struct Numbers {
    height: u64,
    ballots: u64,
    outcomes: BTreeMap<Outcome, u64>,
    checked: BTreeMap<Outcome, u64>,
    refused_proposals: u64,
    misbehaviors: u64,
    finalize: Duration,
    commit: Duration,
    duty: DutyState,
}

impl Metrics {
    /// Nothing counted yet. `database` is the file whose size is told.
    pub fn new(database: PathBuf) -> Self {
        Self {
            database,
            numbers: Mutex::default(),
        }
    }

    /// The node goes on from this state.
    pub fn restored(&self, committed: &Committed) {
        self.lock().stand_at(committed);
    }

    /// A transaction was checked for the mempool.
    pub fn checked(&self, code: u32) {
        if let Some(outcome) = Outcome::from_code(code) {
            *self.lock().checked.entry(outcome).or_default() += 1;
        }
    }

    /// A proposed block got no vote.
    pub fn proposal_refused(&self) {
        self.lock().refused_proposals += 1;
    }

    /// CometBFT reported a validator.
    pub fn misbehaved(&self) {
        self.lock().misbehaviors += 1;
    }

    /// A block was computed.
    pub fn finalized(&self, took: Duration) {
        self.lock().finalize = took;
    }

    /// A block was kept.
    pub fn committed(&self, committed: &Committed, outcomes: &[Outcome], took: Duration) {
        let mut numbers = self.lock();
        numbers.stand_at(committed);
        numbers.commit = took;
        for outcome in outcomes {
            *numbers.outcomes.entry(*outcome).or_default() += 1;
        }
    }

    /// How the trustee's duty stands.
    pub fn duty(&self, state: DutyState) {
        self.lock().duty = state;
    }

    /// Prometheus' text.
    pub fn to_text(&self) -> String {
        let numbers = self.lock();
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = numbers.write(&mut text, self.database_bytes());
        text
    }

    fn database_bytes(&self) -> u64 {
        std::fs::metadata(&self.database).map_or(0, |file| file.len())
    }

    fn lock(&self) -> MutexGuard<'_, Numbers> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Numbers {
    fn stand_at(&mut self, committed: &Committed) {
        self.height = committed.height;
        self.ballots = committed.application.tally().ballots().sum();
    }

    fn write(&self, text: &mut String, database: u64) -> std::fmt::Result {
        let mut gauge = |name: &str, help: &str, value: &dyn std::fmt::Display| {
            writeln!(
                text,
                "# HELP chamgwan_{name} {help}\n# TYPE chamgwan_{name} gauge\nchamgwan_{name} {value}"
            )
        };
        gauge("height", "Last committed block.", &self.height)?;
        gauge(
            "ballots_counted",
            "Ballots that count so far.",
            &self.ballots,
        )?;
        gauge("database_bytes", "Size of the database file.", &database)?;
        gauge(
            "finalize_seconds",
            "How long the last block took to compute.",
            &self.finalize.as_secs_f64(),
        )?;
        gauge(
            "commit_seconds",
            "How long the last block took to keep.",
            &self.commit.as_secs_f64(),
        )?;
        let mut counter = |name: &str, help: &str, value: u64| {
            writeln!(
                text,
                "# HELP chamgwan_{name} {help}\n# TYPE chamgwan_{name} counter\nchamgwan_{name} {value}"
            )
        };
        counter(
            "proposals_refused_total",
            "Proposed blocks that got no vote from this node.",
            self.refused_proposals,
        )?;
        counter(
            "misbehaviors_total",
            "Reports of validators that broke the protocol.",
            self.misbehaviors,
        )?;
        by_outcome(
            text,
            "transactions_total",
            "Transactions in blocks.",
            &self.outcomes,
        )?;
        by_outcome(
            text,
            "checked_total",
            "Transactions checked for the mempool.",
            &self.checked,
        )?;
        writeln!(
            text,
            "# HELP chamgwan_duty How the trustee's duty stands.\n# TYPE chamgwan_duty gauge"
        )?;
        for state in DutyState::ALL {
            let here = u8::from(state == self.duty);
            writeln!(text, "chamgwan_duty{{state=\"{}\"}} {here}", state.name())?;
        }
        Ok(())
    }
}

fn by_outcome(
    text: &mut String,
    name: &str,
    help: &str,
    counts: &BTreeMap<Outcome, u64>,
) -> std::fmt::Result {
    writeln!(
        text,
        "# HELP chamgwan_{name} {help}\n# TYPE chamgwan_{name} counter"
    )?;
    for outcome in Outcome::ALL {
        let count = counts.get(outcome).copied().unwrap_or(0);
        writeln!(text, "chamgwan_{name}{{outcome=\"{outcome:?}\"}} {count}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_comment_or_a_name_and_a_number() {
        let metrics = Metrics::new("nowhere".into());
        metrics.checked(Outcome::AssetSpent.code());
        metrics.checked(9_999);
        metrics.duty(DutyState::Waiting);
        let text = metrics.to_text();
        assert!(text.contains("chamgwan_checked_total{outcome=\"AssetSpent\"} 1\n"));
        assert!(text.contains("chamgwan_duty{state=\"waiting\"} 1\n"));
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(name.starts_with("chamgwan_"));
            value.parse::<f64>().unwrap();
        }
    }
}
