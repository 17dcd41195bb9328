//! Totals: what somebody claims, compared with what the trustees' shares prove.

use super::conclude::{check, count, passed};
use crate::election::Election;
use crate::encoding::EncodingError;
use crate::finding::{Doubt, SourceFault};
use crate::report::{CellTotals, Check, CheckId, CheckOutcome};
use crate::share::Total;
use crate::tally::Cell;
use serde::{Deserialize, Serialize};

/// Claimed totals are at most 1 MiB of JSON.
const TOTALS_LIMIT: usize = 1024 * 1024;

/// The totals that somebody claims, per cell. Nothing is believed of them: they are compared with what the shares prove.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimedTotals {
    pub cells: Vec<CellTotals>,
}

impl ClaimedTotals {
    /// Reads claimed totals from JSON.
    pub fn parse(bytes: &[u8]) -> Result<Self, EncodingError> {
        if bytes.len() > TOTALS_LIMIT {
            return Err(EncodingError::TooLarge {
                actual: bytes.len(),
                limit: TOTALS_LIMIT,
            });
        }
        serde_json::from_slice(bytes).map_err(|e| EncodingError::Malformed(e.to_string()))
    }
}

/// Compares claimed totals with the opened sums: every t_j·B, and Σ t_j with the ballots counted.
pub(super) fn check_totals(
    election: &Election,
    opened: Option<Vec<Vec<Total>>>,
    claimed: Result<ClaimedTotals, Doubt>,
) -> (Check, Option<Vec<CellTotals>>) {
    let id = CheckId::RecountTotals;
    let unknown = |doubt| (check(id, 0, CheckOutcome::Unknown(doubt)), None);
    let (Some(close), Some(opened)) = (election.close(), opened) else {
        return unknown(Doubt::NotReached);
    };
    let claimed = match claimed {
        Ok(claimed) => claimed,
        Err(doubt) => return unknown(doubt),
    };
    let fault = compare_totals(&close.cells, &opened, &claimed.cells);
    if let Some(fault) = fault {
        return unknown(Doubt::Source(fault));
    }
    let votes = claimed.cells.iter().map(|cell| cell.votes.len()).sum();
    (passed(id, count(votes)), Some(claimed.cells))
}

fn compare_totals(
    cells: &[Cell],
    opened: &[Vec<Total>],
    claimed: &[CellTotals],
) -> Option<SourceFault> {
    let same_cells = cells.len() == claimed.len()
        && cells.iter().zip(claimed).all(|(cell, claim)| {
            cell.municipalities == claim.municipalities && cell.ballots == claim.ballots
        });
    if !same_cells || cells.len() != opened.len() {
        return Some(SourceFault::CellsDiffer);
    }
    for (number, (points, claim)) in opened.iter().zip(claimed).enumerate() {
        let proven = points.len() == claim.votes.len()
            && points
                .iter()
                .zip(&claim.votes)
                .all(|(total, votes)| total.is(*votes));
        let sum = claim
            .votes
            .iter()
            .try_fold(0u64, |sum, votes| sum.checked_add(*votes));
        if !proven || sum != Some(claim.ballots) {
            return Some(SourceFault::TotalsDiffer { cell: number });
        }
    }
    None
}
