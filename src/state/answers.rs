//! The two answers of a receipt's report: whether the ballot is recorded, and whether it is counted. They are different questions.

use verifier_core::{Check, CheckId, CheckOutcome, Report, Standing, Verdict};

/// An answer to a yes-or-no question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
    NotYet,
    Unknown,
}

/// Both answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answers {
    pub recorded: Answer,
    pub counted: Answer,
}

impl Answers {
    /// Nothing is said.
    pub const UNKNOWN: Self = Self {
        recorded: Answer::Unknown,
        counted: Answer::Unknown,
    };
}

/// *Counted* is only ever affirmed of a report in which every check passed; *recorded* also of a ballot that stands on the ledger as refused.
pub fn answers(report: &Report) -> Answers {
    let (recorded, counted) = match (report.verdict, report.standing) {
        (Verdict::Accepted, Some(Standing::Recorded { .. })) => (Answer::Yes, Answer::NotYet),
        (Verdict::Accepted, Some(Standing::Counted { .. })) => (Answer::Yes, Answer::Yes),
        (Verdict::Rejected, Some(Standing::Refused { .. } | Standing::Superseded { .. })) => {
            (found(report), Answer::No)
        }
        (Verdict::Rejected, Some(Standing::Missing)) => (Answer::No, Answer::No),
        (Verdict::Inconclusive, Some(Standing::NotYet)) => (Answer::NotYet, Answer::NotYet),
        _ => (Answer::Unknown, Answer::Unknown),
    };
    Answers { recorded, counted }
}

/// Whether the ballot itself was found in a block whose header is trusted: the checks before this one passed, or it would not have been reached.
fn found(report: &Report) -> Answer {
    let passed = |check: &&Check| check.outcome == CheckOutcome::Passed;
    let ballot = report
        .checks
        .iter()
        .find(|check| check.id == CheckId::ReceiptBallot);
    match ballot.filter(passed) {
        Some(_) => Answer::Yes,
        None => Answer::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use verifier_core::{Hash, PROFILE};

    fn report(verdict: Verdict, standing: Option<Standing>) -> Report {
        Report {
            profile: PROFILE,
            trust_card: Hash([0; 32]),
            range: None,
            final_header: None,
            checks: Vec::new(),
            standing,
            refused: Vec::new(),
            participation: Vec::new(),
            totals: None,
            clock_jumps: Vec::new(),
            verdict,
        }
    }

    #[test]
    fn recorded_and_counted_are_two_answers() {
        let recorded = report(Verdict::Accepted, Some(Standing::Recorded { height: 9 }));
        assert_eq!(
            answers(&recorded),
            Answers {
                recorded: Answer::Yes,
                counted: Answer::NotYet
            }
        );
        let counted = report(Verdict::Accepted, Some(Standing::Counted { height: 9 }));
        assert_eq!(
            answers(&counted),
            Answers {
                recorded: Answer::Yes,
                counted: Answer::Yes
            }
        );
    }

    #[test]
    fn nothing_is_affirmed_unless_every_check_passed() {
        for verdict in [Verdict::Rejected, Verdict::Inconclusive] {
            for standing in [
                Standing::Recorded { height: 9 },
                Standing::Counted { height: 9 },
            ] {
                let Answers { recorded, counted } = answers(&report(verdict, Some(standing)));
                assert_ne!(recorded, Answer::Yes);
                assert_ne!(counted, Answer::Yes);
            }
        }
        let Answers { recorded, .. } = answers(&report(Verdict::Accepted, None));
        assert_eq!(recorded, Answer::Unknown);
    }

    #[test]
    fn a_missing_ballot_is_neither_recorded_nor_counted() {
        let missing = report(Verdict::Rejected, Some(Standing::Missing));
        assert_eq!(
            answers(&missing),
            Answers {
                recorded: Answer::No,
                counted: Answer::No
            }
        );
    }
}
