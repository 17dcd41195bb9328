//! The totals that a node claims: found by search in what the trustees' shares open.

use super::block::Application;
use verifier_core::{CellTotals, ClaimedTotals, combine};

impl Application {
    /// The totals; `None` until enough trustees have opened the sums.
    pub fn totals(&self) -> Option<ClaimedTotals> {
        let close = self.election.close()?;
        let shares: Vec<_> = self.election.shares().cloned().collect();
        let sums: Vec<_> = close.cells.iter().map(|cell| cell.sum.clone()).collect();
        let opened = combine(self.election.complete_key_set()?, &shares, &sums).ok()?;
        let cells = close.cells.iter().zip(opened).map(|(cell, totals)| {
            let votes = totals.iter().map(|total| total.find(cell.ballots));
            Some(CellTotals {
                municipalities: cell.municipalities.clone(),
                ballots: cell.ballots,
                votes: votes.collect::<Option<_>>()?,
            })
        });
        Some(ClaimedTotals {
            cells: cells.collect::<Option<_>>()?,
        })
    }
}
