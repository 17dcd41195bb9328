//! Counting ballots before and after a fault: by the tests' own book, and by the verifier's recount.

use crate::arena::Arena;
use anyhow::{Context, Result, ensure};
use e2e::{Transport, during, now};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use verifier_core::{CheckId, CheckOutcome, Report, TrustCard};

/// What was accepted and is not on the ledger after this long is sent again, as a voter's device does.
const AGAIN: Duration = Duration::from_secs(4);
/// How long an accepted ballot may take at all.
const PATIENCE: Duration = Duration::from_secs(40);
const ANSWER: Duration = Duration::from_secs(10);

/// The checks of a recount that an election which still runs has to pass.
const WHILE_RUNNING: [CheckId; 7] = [
    CheckId::RecountHeaders,
    CheckId::RecountBlocks,
    CheckId::RecountKeys,
    CheckId::RecountRoll,
    CheckId::RecountOutcomes,
    CheckId::RecountBallots,
    CheckId::RecountAssets,
];

/// Ballots before and after.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub before: usize,
    pub after: usize,
    /// By a node, in between.
    pub accepted: usize,
    /// Of these, sent once more because they did not come.
    pub again: usize,
    /// Of these, never counted.
    pub lost: usize,
    /// Transactions recorded twice, and assets spent twice.
    pub twice: usize,
}

impl Count {
    /// Whether nothing was lost and nothing counted twice.
    pub fn check(&self) -> Result<()> {
        ensure!(self.accepted > 0, "no ballot was accepted: {self:?}");
        ensure!(self.lost == 0 && self.twice == 0, "{self:?}");
        ensure!(self.after == self.before + self.accepted, "{self:?}");
        Ok(())
    }
}

/// The beginning of a count.
pub struct Counting {
    before: usize,
    accepted_before: usize,
}

impl Counting {
    /// Counts the ballots, and lets voters go.
    pub fn begin(arena: &mut Arena) -> Self {
        arena.read();
        let counting = Self {
            before: arena.book.counted(),
            accepted_before: arena.voters.accepted().len(),
        };
        arena.voters.go();
        counting
    }

    /// Lets voters rest, waits for what was accepted, and counts again. Then all nodes must hold one ledger, and the verifier must find the same
    /// number of ballots on the node of the municipality `asked`.
    pub fn end(self, arena: &mut Arena, asked: usize) -> Result<Count> {
        arena.voters.rest();
        let again = self.settle(arena);
        // A recount counts the blocks below the last header.
        let goal = arena.book.height() + 1;
        arena.wait_until("the last ballots are below a header", PATIENCE, |arena| {
            arena.top() >= goal
        })?;
        arena.everybody_catches_up()?;
        arena.is_one_ledger()?;
        let count = self.count(arena, again);
        count.check()?;
        let node = arena.nodes.get(asked).context("no such node")?;
        let report = recount(node.url(), during(arena.card.clone()))?;
        passes(&report, &WHILE_RUNNING)?;
        let ballots: u64 = report.participation.iter().map(|p| p.ballots).sum();
        ensure!(
            ballots == u64::try_from(count.after)?,
            "the recount finds {ballots} ballots, the book {}",
            count.after
        );
        Ok(count)
    }

    fn settle(&self, arena: &mut Arena) -> usize {
        let accepted = arena.voters.accepted();
        let end = Instant::now() + PATIENCE;
        let mut next = Instant::now() + AGAIN;
        let mut again = 0;
        loop {
            arena.read();
            let missing = accepted
                .iter()
                .filter(|ballot| !arena.book.holds(&ballot.code));
            let missing: Vec<usize> = missing.map(|ballot| ballot.number).collect();
            if missing.is_empty() || Instant::now() > end {
                return again;
            }
            if Instant::now() > next {
                again = again.max(missing.len());
                missing
                    .iter()
                    .for_each(|number| arena.voters.send_again(*number));
                next = Instant::now() + AGAIN;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn count(&self, arena: &Arena, again: usize) -> Count {
        let accepted = arena.voters.accepted();
        let since = accepted.get(self.accepted_before..).unwrap_or_default();
        let lost = accepted
            .iter()
            .filter(|ballot| arena.book.effective(&ballot.code).is_none());
        Count {
            before: self.before,
            after: arena.book.counted(),
            accepted: since.len(),
            again,
            lost: lost.count(),
            twice: arena.book.twice(),
        }
    }
}

/// The verifier's recount of what a node tells.
pub fn recount(url: &str, card: TrustCard) -> Result<Report> {
    let run = async { Transport::new(url, ANSWER).recount(card, now()).await };
    let recounted = Runtime::new()?.block_on(run);
    if let Some(fault) = recounted.fault {
        anyhow::bail!("the recount of {url} finds the node at fault: {fault:?}");
    }
    recounted.report.context("the recount gives no report")
}

/// Whether no check failed, and these passed.
pub fn passes(report: &Report, needed: &[CheckId]) -> Result<()> {
    for check in &report.checks {
        let passed = check.outcome == CheckOutcome::Passed;
        let failed = matches!(check.outcome, CheckOutcome::Failed(_));
        ensure!(
            !failed && (passed || !needed.contains(&check.id)),
            "the recount's {check:?}"
        );
    }
    Ok(())
}
