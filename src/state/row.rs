//! Results in the form in which they are drawn: sentences in both languages, nothing to look up.

use verifier_core::{
    Anchor, CellTotals, CheckId, ClockJump, Hash, Height, Participation, RefusedBallot, Verdict,
};

/// A sentence in both languages, with what the library said, for experts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub ko: String,
    pub en: String,
    pub technical: Option<String>,
}

/// A check's outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    Passed,
    Failed,
    Unknown,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub id: CheckId,
    pub count: u64,
    pub outcome: RowOutcome,
    /// The first few; a ledger full of bad ballots has thousands.
    pub reasons: Vec<Reason>,
}

/// A recount's report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recounted {
    pub verdict: Verdict,
    pub digest: Hash,
    pub range: Option<(Height, Height)>,
    pub rows: Vec<Row>,
    pub refused: Vec<RefusedBallot>,
    pub participation: Vec<Participation>,
    pub totals: Option<Vec<CellTotals>>,
    pub clock_jumps: Vec<ClockJump>,
    /// The last header verified, from which everything hangs.
    pub anchor: Option<Anchor>,
    /// The whole report, with its digest, as a file.
    pub json: String,
}
