//! Conclusions: from a range's facts to the report. Every step is reported, whatever the others found.

use super::Recount;
use super::applied::Applied;
use super::totals::{ClaimedTotals, check_totals};
use crate::election::Election;
use crate::finding::{Doubt, Finding, SourceFault};
use crate::ids::{HeaderHash, Seconds};
use crate::outcome::Outcome;
use crate::report::{Check, CheckId, CheckOutcome, PROFILE, Report};
use crate::share::{Total, combine};
use crate::trust_card::CardAge;

impl Recount {
    /// Concludes with a report.
    ///
    /// `claimed` are the totals to compare with, or why there are none.
    /// `now` matters only while the trust card names no final header: its trusted header must then be within the trusting period.
    /// `fault` is what kept the source from giving the next block, if anything did.
    pub fn finish(
        self,
        claimed: Result<ClaimedTotals, Doubt>,
        now: Seconds,
        fault: Option<SourceFault>,
    ) -> Report {
        let applied = self.applied();
        let (shares, opened) = self.check_shares(&applied.election);
        let (totals_check, totals) = check_totals(&applied.election, opened, claimed);
        let mut checks = vec![
            self.check_headers(now),
            passed(CheckId::RecountBlocks, self.state.transactions),
            self.check_keys(&applied),
            self.check_roll(&applied.recorded),
            self.check_turnout(&applied),
            self.check_outcomes(&applied),
            self.check_ballots(),
            self.check_assets(),
            self.check_ballots_turnout(&applied),
            check_sums(&applied.election),
            shares,
            totals_check,
        ];
        if let Some(doubt) = self.incomplete() {
            withhold(&mut checks, &doubt);
        }
        if fault.is_some() || self.ends_early() {
            withhold_passed(&mut checks);
        }
        if let Some(fault) = fault {
            blame(&mut checks, fault);
        }
        let verdict = Report::judge(&checks);
        let mut refused = self.state.refused.clone();
        refused.extend(&applied.refused);
        refused.sort();
        Report {
            profile: PROFILE,
            trust_card: self.basis.fingerprint,
            range: self.range(),
            final_header: self.final_header(),
            checks,
            standing: None,
            refused,
            participation: self.participation(&applied.recorded),
            totals,
            clock_jumps: self.state.clock_jumps.clone(),
            verdict,
        }
    }

    fn range(&self) -> Option<(u64, u64)> {
        let (first, end) = self.state.bounds?;
        Some((first.height, end.height.saturating_sub(1)))
    }

    /// The header that ends the range, if it is the one that the trust card names as final.
    fn final_header(&self) -> Option<HeaderHash> {
        let named = self.basis.card.final_header?;
        let end = self.state.end()?;
        (end.hash == named.hash).then_some(end.hash)
    }

    /// Why nothing can be concluded from this range alone.
    fn incomplete(&self) -> Option<Doubt> {
        match self.state.bounds {
            None => Some(Doubt::NotReached),
            Some((first, _)) if first.height != 1 => Some(Doubt::BeginsLate {
                first: first.height,
            }),
            Some(_) => None,
        }
    }

    /// The blocks do not reach the header that the trust card names.
    fn ends_early(&self) -> bool {
        let expected = self
            .basis
            .card
            .final_header
            .unwrap_or(self.basis.card.trusted);
        self.state
            .end()
            .is_none_or(|end| end.height < expected.height)
    }

    fn check_headers(&self, now: Seconds) -> Check {
        let card = &self.basis.card;
        let end = self.state.end().map_or(0, |end| end.height);
        let expected = card.final_header.unwrap_or(card.trusted);
        let outcome = if end < expected.height {
            CheckOutcome::Unknown(Doubt::EndsEarly {
                last: end,
                expected: expected.height,
            })
        } else if let CardAge::Expired { age, period } = card.age(now) {
            CheckOutcome::Unknown(Doubt::CardExpired {
                age_seconds: age,
                period_seconds: period,
            })
        } else {
            CheckOutcome::Passed
        };
        check(
            CheckId::RecountHeaders,
            count(self.state.headers.len()),
            outcome,
        )
    }

    fn check_keys(&self, applied: &Applied) -> Check {
        let election = &applied.election;
        let opening = self.basis.card.contract.opening;
        let opened = self.state.end().is_some_and(|end| end.time >= opening);
        let complete = election.complete_key_set();
        let outcome = match (election.contract(), complete) {
            (None, _) if opened => failed(vec![Finding::NotDefined]),
            (None, _) => CheckOutcome::Unknown(Doubt::NotReached),
            (Some(contract), _) if contract.id() != self.basis.card.contract_id() => {
                failed(vec![Finding::NotDefined])
            }
            (Some(_), None) if opened => failed(vec![Finding::KeysIncomplete]),
            (Some(_), None) => CheckOutcome::Unknown(Doubt::NotReached),
            (Some(_), Some(_)) if self.judged_by_another(election) => {
                failed(vec![Finding::SetupDiffers])
            }
            (Some(_), Some(_)) => CheckOutcome::Passed,
        };
        let candidates = election.contract().map_or(0, |c| c.candidates.len());
        check(CheckId::RecountKeys, count(candidates), outcome)
    }

    /// The ballots were judged under a setup that is not the one that the ledger's own transactions give.
    fn judged_by_another(&self, election: &Election) -> bool {
        let digest = election.setup_digest();
        self.state.setup_digest.is_some_and(|used| used != digest)
    }

    fn check_outcomes(&self, applied: &Applied) -> Check {
        let differs = |f: &&Finding| matches!(f, Finding::OutcomeDiffers { .. });
        let mut findings: Vec<_> = self
            .state
            .findings
            .iter()
            .filter(differs)
            .cloned()
            .collect();
        findings.extend(applied.findings.iter().cloned());
        let owed = self.state.owed.iter();
        findings.extend(owed.map(|ballot| Finding::NotSpentBefore {
            asset: ballot.asset,
            code: ballot.code,
        }));
        findings.extend(self.misjudged_as_spoiled(applied));
        settled(CheckId::RecountOutcomes, self.state.transactions, findings)
    }

    /// Ballots that the ledger refused as spoiled and that were not, and those that were and that it refused as spent.
    fn misjudged_as_spoiled(&self, applied: &Applied) -> Vec<Finding> {
        let refused = self.state.refused.iter();
        let misjudged = refused.filter_map(|ballot| {
            let at = (ballot.height, ballot.position);
            let spoiled = applied.is_spoiled(ballot.asset, ballot.code, at);
            match ballot.outcome {
                Outcome::Spoiled if !spoiled => Some(Finding::NotSpoiledBefore {
                    asset: ballot.asset,
                    code: ballot.code,
                }),
                Outcome::AssetSpent if spoiled => Some(Finding::OutcomeDiffers {
                    height: ballot.height,
                    position: ballot.position,
                    recorded: Outcome::AssetSpent.code(),
                    derived: Outcome::Spoiled,
                }),
                _ => None,
            }
        });
        misjudged.collect()
    }

    fn check_ballots(&self) -> Check {
        let invalid = |f: &&Finding| matches!(f, Finding::BallotInvalid { .. });
        let findings = self.state.findings.iter().filter(invalid).cloned();
        settled(
            CheckId::RecountBallots,
            self.state.judged,
            findings.collect(),
        )
    }

    fn check_assets(&self) -> Check {
        let (id, assets) = (CheckId::RecountAssets, self.state.counted.assets());
        let mut findings = self.counted_twice();
        findings.extend(self.spoiled_and_counted());
        match self.unseen_suspicion() {
            Some(height) if findings.is_empty() => {
                let missing = SourceFault::Missing(format!("block {height}"));
                check(id, assets, CheckOutcome::Unknown(Doubt::Source(missing)))
            }
            _ => settled(id, assets, findings),
        }
    }

    fn check_shares(&self, election: &Election) -> (Check, Option<Vec<Vec<Total>>>) {
        let shares: Vec<_> = election.shares().cloned().collect();
        let threshold = self.basis.card.contract.threshold;
        let number = count(shares.len());
        let opened = election.close().and_then(|close| {
            let sums: Vec<_> = close.cells.iter().map(|cell| cell.sum.clone()).collect();
            combine(election.complete_key_set()?, &shares, &sums).ok()
        });
        let outcome = match opened {
            Some(_) => CheckOutcome::Passed,
            None => CheckOutcome::Unknown(Doubt::TooFewShares {
                shares: u32::try_from(number).unwrap_or(u32::MAX),
                threshold,
            }),
        };
        (check(CheckId::RecountShares, number, outcome), opened)
    }
}

fn check_sums(election: &Election) -> Check {
    let id = CheckId::RecountSums;
    match election.close() {
        Some(close) => passed(id, count(close.cells.len())),
        None => check(id, 0, CheckOutcome::Unknown(Doubt::NotClosed)),
    }
}

/// Nothing that rests on a part of the ledger only may be called passed, nor failed: what seems wrong may be right by what is not there.
fn withhold(checks: &mut [Check], doubt: &Doubt) {
    for check in checks {
        check.outcome = CheckOutcome::Unknown(doubt.clone());
    }
}

/// What holds for the part of the ledger that was read is not yet a check passed. What fails in it fails for good.
fn withhold_passed(checks: &mut [Check]) {
    for check in checks {
        if check.outcome == CheckOutcome::Passed {
            check.outcome = CheckOutcome::Unknown(Doubt::NotReached);
        }
    }
}

/// Puts a source's fault where it belongs: the step that it kept from being carried out to the end.
fn blame(checks: &mut [Check], fault: SourceFault) {
    let id = match fault {
        SourceFault::BlockDiffers { .. } => CheckId::RecountBlocks,
        SourceFault::OutcomesDiffer { .. } => CheckId::RecountOutcomes,
        _ => CheckId::RecountHeaders,
    };
    for check in checks.iter_mut().filter(|check| check.id == id) {
        if !matches!(check.outcome, CheckOutcome::Failed(_)) {
            check.outcome = CheckOutcome::Unknown(Doubt::Source(fault.clone()));
        }
    }
}

pub(super) fn check(id: CheckId, count: u64, outcome: CheckOutcome) -> Check {
    Check { id, count, outcome }
}

pub(super) fn passed(id: CheckId, count: u64) -> Check {
    check(id, count, CheckOutcome::Passed)
}

/// Passed if there are no findings; otherwise failed with all of them, sorted and each named once.
pub(super) fn settled(id: CheckId, count: u64, findings: Vec<Finding>) -> Check {
    let outcome = if findings.is_empty() {
        CheckOutcome::Passed
    } else {
        failed(findings)
    };
    check(id, count, outcome)
}

fn failed(mut findings: Vec<Finding>) -> CheckOutcome {
    findings.sort();
    findings.dedup();
    CheckOutcome::Failed(findings)
}

pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
