//! What the plan says of the election, and of the consensus' patience.

use super::fields::{FieldError, Fields};
use super::values::{self, Moment};
use std::time::Duration;
use verifier_core::{Name, Seconds};

const SECOND: Duration = Duration::from_secs(1);

/// How patient the consensus is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long validators wait for a proposal before they ask the next proposer.
    pub propose: Duration,
    /// The same for votes.
    pub vote: Duration,
    /// The pause after a block, in which late votes are still taken in.
    pub commit: Duration,
}

/// What is voted on, and when.
#[derive(Clone, Debug)]
pub struct ElectionPlan {
    pub title: Name,
    pub candidates: Vec<Name>,
    pub opening: Moment,
    pub closing: Moment,
    pub grace: Seconds,
    pub threshold: Option<u16>,
    pub minimum_cell: u32,
    pub turnout_tolerance: u32,
    /// Whether rights are given to phones too.
    pub phones: bool,
}

impl Pace {
    pub(super) fn read(network: &mut Fields) -> Result<Self, FieldError> {
        let mut pace = |field, default: Duration| {
            let read = network.optional(
                field,
                "a duration such as \"1 s\" or \"500 ms\"",
                values::duration,
            );
            Ok::<_, FieldError>(read?.unwrap_or(default))
        };
        Ok(Self {
            propose: pace("propose", SECOND * 3)?,
            vote: pace("vote", SECOND)?,
            commit: pace("pause", SECOND)?,
        })
    }
}

impl ElectionPlan {
    pub(super) fn read(mut table: Fields) -> Result<Self, FieldError> {
        const NAME: &str = "the name in both languages: { ko = \"…\", en = \"…\" }";
        const MOMENT: &str = "a date and time with its offset, for example 2027-03-03T06:00:00+09:00 (in rehearsals also \"in 60 s\")";
        let plan = Self {
            title: table.required("title", NAME, values::name)?,
            candidates: table.required(
                "candidates",
                "a list of names, each { ko = \"…\", en = \"…\" }, abstention among them",
                values::names,
            )?,
            opening: table.required("opening", MOMENT, values::moment)?,
            closing: table.required("closing", MOMENT, values::moment)?,
            grace: table.required(
                "grace",
                "for how long after closing ballots that were promised before may still be recorded, for example \"10 min\"",
                values::seconds,
            )?,
            threshold: table
                .optional(
                    "threshold",
                    "how many municipalities open the result together, for example 21",
                    values::number,
                )?
                .map(|threshold| u16::try_from(threshold).unwrap_or(u16::MAX)),
            minimum_cell: table
                .optional(
                    "minimum_cell",
                    "the fewest ballots that are counted by themselves, for example 10",
                    values::number,
                )?
                .unwrap_or(10),
            turnout_tolerance: table
                .optional(
                    "turnout_tolerance",
                    "by how many people turnout may exceed the ballots, for example 5",
                    values::number,
                )?
                .unwrap_or(5),
            phones: table
                .optional("phones", "true or false", values::flag)?
                .unwrap_or(false),
        };
        table.finish()?;
        Ok(plan)
    }
}
