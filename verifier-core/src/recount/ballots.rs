//! The transactions of one block: ballots in the window are judged at once, in one batch; the rest is kept for the end.

use super::Recount;
use super::authenticate::{Authenticated, LedgerBlock};
use super::state::{Event, State};
use crate::ballot::{CheckedBallot, check_batch};
use crate::finding::Finding;
use crate::outcome::Outcome;
use crate::report::RefusedBallot;
use crate::transaction::{Action, Ballot, Transaction};

/// Stands for an outcome that the ledger does not give. No outcome has this code.
const NO_OUTCOME: u32 = u32::MAX;

/// A ballot in the window, where it stands and what the ledger says of it.
struct Placed<'a> {
    position: u32,
    transaction: &'a Transaction,
    ballot: &'a Ballot,
    recorded: u32,
}

/// Counts an authenticated block's transactions into the recount.
pub(super) fn count_block(
    recount: &mut Recount,
    at: &Authenticated,
    block: &LedgerBlock<'_>,
    decoded: &[Option<Transaction>],
) {
    let in_window = recount.basis.card.contract.accepts_ballots_at(at.time);
    let mut ballots = Vec::new();
    let outcomes = block.results.iter().map(|result| result.code);
    let recorded = outcomes.chain(core::iter::repeat(NO_OUTCOME));
    let transactions = block.transactions.iter().zip(recorded).zip(decoded);
    for (position, ((bytes, recorded), transaction)) in (0u32..).zip(transactions) {
        recount.state.transactions = recount.state.transactions.saturating_add(1);
        match transaction {
            Some(transaction) => match &transaction.body.action {
                Action::Cast(ballot) if in_window => ballots.push(Placed {
                    position,
                    transaction,
                    ballot,
                    recorded,
                }),
                _ => recount.state.events.push(Event {
                    height: at.height,
                    position,
                    time: at.time,
                    transaction: bytes.to_vec(),
                    recorded,
                }),
            },
            None => recount
                .state
                .compare(at.height, position, recorded, Outcome::Malformed),
        }
    }
    recount.state.refuse_surplus(at.height, block);
    let verdicts = judge(recount, at, &ballots);
    for (placed, verdict) in ballots.iter().zip(verdicts) {
        recount.state.settle(at, placed, verdict);
    }
}

/// What each ballot's outcome should be, but for whether its asset is unspent.
fn judge(
    recount: &mut Recount,
    at: &Authenticated,
    ballots: &[Placed<'_>],
) -> Vec<Result<CheckedBallot, Outcome>> {
    // Blocks with ballots in the window are only taken once there is a setup.
    let Some(setup) = recount.setup.clone() else {
        return Vec::new();
    };
    if !ballots.is_empty() {
        recount.state.setup_digest = Some(setup.digest);
    }
    let admitted: Vec<_> = ballots
        .iter()
        .map(|placed| setup.election.admit(at.time, placed.transaction))
        .collect();
    let candidates: Vec<_> = ballots
        .iter()
        .zip(&admitted)
        .filter(|(_, admitted)| admitted.is_ok())
        .map(|(placed, _)| placed.transaction)
        .collect();
    let mut proofs = match &setup.keys {
        Some(keys) => check_batch(keys, &candidates),
        None => Vec::new(),
    }
    .into_iter();
    admitted
        .into_iter()
        .map(|admitted| {
            admitted?;
            let proof = proofs.next().ok_or(Outcome::KeysIncomplete)?;
            proof.map_err(|error| error.outcome())
        })
        .collect()
}

impl State {
    /// Compares the ledger's code for a transaction with the outcome derived anew.
    pub(super) fn compare(&mut self, height: u64, position: u32, recorded: u32, derived: Outcome) {
        if recorded != derived.code() {
            self.findings.push(Finding::OutcomeDiffers {
                height,
                position,
                recorded,
                derived,
            });
        }
    }

    /// Outcomes beyond the last transaction are outcomes of nothing.
    fn refuse_surplus(&mut self, height: u64, block: &LedgerBlock<'_>) {
        let results = (0u32..).zip(&block.results);
        for (position, result) in results.skip(block.transactions.len()) {
            self.findings.push(Finding::OutcomeDiffers {
                height,
                position,
                recorded: result.code,
                derived: Outcome::Malformed,
            });
        }
    }

    /// Takes a judged ballot into the state. What the ledger counts and proves is summed, even where the asset is counted before: that is a failure of its own.
    fn settle(
        &mut self,
        at: &Authenticated,
        placed: &Placed<'_>,
        verdict: Result<CheckedBallot, Outcome>,
    ) {
        self.judged = self.judged.saturating_add(1);
        let code = placed.transaction.body.tracking_code();
        let refused = |outcome| RefusedBallot {
            height: at.height,
            position: placed.position,
            code,
            asset: placed.ballot.asset,
            outcome,
        };
        match verdict {
            Ok(checked) if placed.recorded == Outcome::Ok.code() => {
                self.counted
                    .entry(placed.ballot.asset)
                    .or_default()
                    .push(code);
                self.tally.add(&checked);
            }
            Ok(_) if placed.recorded == Outcome::AssetSpent.code() => {
                let ballot = refused(Outcome::AssetSpent);
                self.refused.push(ballot);
                self.owe(ballot);
            }
            Ok(_) => self.compare(at.height, placed.position, placed.recorded, Outcome::Ok),
            Err(derived) => {
                self.compare(at.height, placed.position, placed.recorded, derived);
                if placed.recorded == derived.code() {
                    self.refused.push(refused(derived));
                } else if placed.recorded == Outcome::Ok.code() {
                    self.findings.push(Finding::BallotInvalid {
                        code,
                        height: at.height,
                        derived,
                    });
                }
            }
        }
    }
}
