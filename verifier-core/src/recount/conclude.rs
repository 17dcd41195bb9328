//! Conclusions: from a range's facts to the report. Every step is reported, whatever the others found.

use super::Recount;
use super::totals::{ClaimedTotals, check_totals};
use crate::election::Election;
use crate::finding::{Doubt, Finding, SourceFault};
use crate::ids::{AssetId, HeaderHash, Seconds, TrackingCode};
use crate::outcome::Outcome;
use crate::report::{Check, CheckId, CheckOutcome, PROFILE, Participation, RefusedBallot, Report};
use crate::share::{Total, combine};
use crate::transaction::{Action, Transaction};
use crate::trust_card::CardAge;
use std::collections::BTreeMap;

/// What replaying a range's events gives.
struct Replayed {
    election: Election,
    /// What the ledger took as done, whether or not it should have.
    recorded: Recorded,
    findings: Vec<Finding>,
    refused: Vec<RefusedBallot>,
    /// Findings that concern turnout certificates.
    turnout: Vec<Finding>,
}

/// People and assets per municipality, from the transactions that the ledger says took effect.
#[derive(Default)]
struct Recorded {
    rolls: BTreeMap<u16, u32>,
    issued: BTreeMap<u16, u32>,
    stations: BTreeMap<(u16, u16), u32>,
}

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
        let replayed = self.replay_all();
        let (shares, opened) = self.check_shares(&replayed.election);
        let (totals_check, totals) = check_totals(&replayed.election, opened, claimed);
        let mut checks = vec![
            self.check_headers(now),
            passed(CheckId::RecountBlocks, self.state.transactions),
            self.check_keys(&replayed),
            self.check_roll(&replayed.recorded),
            self.check_turnout(&replayed),
            self.check_outcomes(&replayed),
            self.check_ballots(),
            self.check_assets(),
            self.check_ballots_turnout(&replayed),
            check_sums(&replayed.election),
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
        refused.extend(&replayed.refused);
        refused.sort();
        Report {
            profile: PROFILE,
            trust_card: self.basis.fingerprint,
            range: self.range(),
            final_header: self.final_header(),
            checks,
            standing: None,
            refused,
            participation: self.participation(&replayed.recorded),
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

    fn replay_all(&self) -> Replayed {
        let mut replayed = Replayed {
            election: self.basis.new_election(),
            recorded: Recorded::default(),
            findings: Vec::new(),
            refused: Vec::new(),
            turnout: Vec::new(),
        };
        for event in &self.state.events {
            let derived = self.replay(&mut replayed.election, event);
            let decoded = Transaction::decode(&event.transaction).ok();
            if event.recorded == Outcome::Ok.code() {
                replayed.recorded.note(decoded.as_ref());
            }
            // A ballot among the events is outside the window, so that the election never finds it good.
            replayed.settle(event, decoded.as_ref(), derived);
        }
        replayed
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
        check(CheckId::RecountHeaders, self.state.headers, outcome)
    }

    fn check_keys(&self, replayed: &Replayed) -> Check {
        let election = &replayed.election;
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

    fn check_roll(&self, recorded: &Recorded) -> Check {
        let mut findings = Vec::new();
        for (municipality, issued) in &recorded.issued {
            let roll = recorded.roll(*municipality);
            if *issued > roll {
                findings.push(Finding::IssuedExceedsRoll {
                    municipality: *municipality,
                    issued: *issued,
                    roll,
                });
            }
        }
        let issued = recorded.issued.values().map(|n| u64::from(*n)).sum();
        settled(CheckId::RecountRoll, issued, findings)
    }

    fn check_turnout(&self, replayed: &Replayed) -> Check {
        let recorded = &replayed.recorded;
        let mut findings = replayed.turnout.clone();
        for municipality in self.municipalities() {
            let (checked_in, roll) = (
                recorded.checked_in(municipality),
                recorded.roll(municipality),
            );
            if checked_in > roll {
                findings.push(Finding::TurnoutExceedsRoll {
                    municipality,
                    checked_in,
                    roll,
                });
            }
        }
        settled(
            CheckId::RecountTurnout,
            count(recorded.stations.len()),
            findings,
        )
    }

    fn check_outcomes(&self, replayed: &Replayed) -> Check {
        let differs = |f: &&Finding| matches!(f, Finding::OutcomeDiffers { .. });
        let mut findings: Vec<_> = self
            .state
            .findings
            .iter()
            .filter(differs)
            .cloned()
            .collect();
        findings.extend(replayed.findings.iter().cloned());
        findings.extend(
            self.state
                .owed
                .iter()
                .map(|ballot| Finding::NotSpentBefore {
                    asset: ballot.asset,
                    code: ballot.code,
                }),
        );
        settled(CheckId::RecountOutcomes, self.state.transactions, findings)
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
        let twice = self.state.counted.iter().flat_map(counted_twice);
        settled(
            CheckId::RecountAssets,
            count(self.state.counted.len()),
            twice.collect(),
        )
    }

    fn check_ballots_turnout(&self, replayed: &Replayed) -> Check {
        let id = CheckId::RecountBallotsTurnout;
        let counted: u64 = self.state.tally.ballots().sum();
        if replayed.election.close().is_none() {
            return check(id, counted, CheckOutcome::Unknown(Doubt::NotClosed));
        }
        let tolerance = self.basis.card.contract.turnout_tolerance;
        let mut findings = Vec::new();
        for (municipality, ballots) in (0u16..).zip(self.state.tally.ballots()) {
            let checked_in = replayed.recorded.checked_in(municipality);
            if ballots > u64::from(checked_in) {
                findings.push(Finding::BallotsExceedTurnout {
                    municipality,
                    ballots,
                    checked_in,
                });
            }
            let missing = u64::from(checked_in).saturating_sub(ballots);
            if missing > u64::from(tolerance) {
                findings.push(Finding::Shortfall {
                    municipality,
                    missing,
                    tolerance,
                });
            }
        }
        settled(id, counted, findings)
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

    fn municipalities(&self) -> impl Iterator<Item = u16> {
        (0u16..).take(self.basis.card.contract.municipalities.len())
    }

    fn participation(&self, recorded: &Recorded) -> Vec<Participation> {
        self.municipalities()
            .zip(self.state.tally.ballots())
            .map(|(m, ballots)| Participation {
                roll: recorded.roll(m),
                issued: recorded.issued.get(&m).copied().unwrap_or(0),
                checked_in: recorded.checked_in(m),
                ballots,
            })
            .collect()
    }
}

impl Replayed {
    fn settle(
        &mut self,
        event: &super::state::Event,
        transaction: Option<&Transaction>,
        derived: Outcome,
    ) {
        let action = transaction.map(|t| &t.body.action);
        if event.recorded != derived.code() {
            let finding = Finding::OutcomeDiffers {
                height: event.height,
                position: event.position,
                recorded: event.recorded,
                derived,
            };
            if matches!(action, Some(Action::CertifyTurnout(_))) {
                self.turnout.push(finding.clone());
            }
            self.findings.push(finding);
        } else if let (Some(transaction), Some(Action::Cast(ballot))) = (transaction, action) {
            self.refused.push(RefusedBallot {
                height: event.height,
                position: event.position,
                code: transaction.body.tracking_code(),
                asset: ballot.asset,
                outcome: derived,
            });
        }
    }
}

impl Recorded {
    fn note(&mut self, transaction: Option<&Transaction>) {
        match transaction.map(|t| &t.body.action) {
            Some(Action::CertifyRoll(roll)) => {
                self.rolls.insert(roll.municipality, roll.people);
            }
            Some(Action::Issue(issue)) => {
                let size = u32::try_from(issue.addresses.len()).unwrap_or(u32::MAX);
                let issued = self.issued.entry(issue.municipality).or_default();
                *issued = issued.saturating_add(size);
            }
            Some(Action::CertifyTurnout(turnout)) => {
                let station = (turnout.municipality, turnout.station);
                self.stations.insert(station, turnout.checked_in);
            }
            _ => {}
        }
    }

    fn roll(&self, municipality: u16) -> u32 {
        self.rolls.get(&municipality).copied().unwrap_or(0)
    }

    fn checked_in(&self, municipality: u16) -> u32 {
        self.stations
            .range((municipality, 0)..=(municipality, u16::MAX))
            .fold(0, |sum, (_, people)| sum.saturating_add(*people))
    }
}

fn check_sums(election: &Election) -> Check {
    let id = CheckId::RecountSums;
    match election.close() {
        Some(close) => passed(id, count(close.cells.len())),
        None => check(id, 0, CheckOutcome::Unknown(Doubt::NotClosed)),
    }
}

/// The first ballot of an asset against each further one.
fn counted_twice((asset, codes): (&AssetId, &Vec<TrackingCode>)) -> impl Iterator<Item = Finding> {
    let (asset, first) = (*asset, codes.first().copied());
    let further: Vec<_> = codes.iter().skip(1).copied().collect();
    further.into_iter().filter_map(move |second| {
        first.map(|first| Finding::AssetCountedTwice {
            asset,
            first,
            second,
        })
    })
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
fn settled(id: CheckId, count: u64, findings: Vec<Finding>) -> Check {
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
