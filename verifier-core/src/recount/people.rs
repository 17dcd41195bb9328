//! Conclusions about people: roll ≥ rights ≥ turnout ≥ ballots, and ballots with claimed rights ≤ claims ≤ rights given.

use super::Recount;
use super::applied::Applied;
use super::conclude::{check, count, settled};
use super::recorded::Recorded;
use crate::finding::{Doubt, Finding};
use crate::report::{Check, CheckId, CheckOutcome, Participation};

impl Recount {
    pub(super) fn check_roll(&self, recorded: &Recorded) -> Check {
        let mut findings = Vec::new();
        let mut rights = 0u64;
        for municipality in recorded.municipalities() {
            let (roll, given) = (recorded.roll(municipality), recorded.given(municipality));
            let issued = recorded.issued(municipality).saturating_add(given);
            rights = rights.saturating_add(issued.into());
            if issued > roll {
                findings.push(Finding::IssuedExceedsRoll {
                    municipality,
                    issued,
                    roll,
                });
            }
            let claimed = recorded.claimed(municipality);
            if claimed > given {
                findings.push(Finding::ClaimsExceedIssuances {
                    municipality,
                    claimed,
                    recorded: given,
                });
            }
        }
        settled(CheckId::RecountRoll, rights, findings)
    }

    pub(super) fn check_turnout(&self, applied: &Applied) -> Check {
        let recorded = &applied.recorded;
        let mut findings = applied.turnout.clone();
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

    pub(super) fn check_ballots_turnout(&self, applied: &Applied) -> Check {
        let id = CheckId::RecountBallotsTurnout;
        let counted: u64 = self.state.tally.ballots().sum();
        if applied.election.close().is_none() {
            return check(id, counted, CheckOutcome::Unknown(Doubt::NotClosed));
        }
        let mut findings = Vec::new();
        for (municipality, ballots) in (0u16..).zip(self.state.tally.ballots()) {
            let with_claims = self.state.counted.claimed(municipality);
            let claimed = applied.recorded.claimed(municipality);
            if with_claims > u64::from(claimed) {
                findings.push(Finding::BallotsExceedClaims {
                    municipality,
                    ballots: with_claims,
                    claimed,
                });
            }
            let at_stations = ballots.saturating_sub(with_claims);
            let checked_in = applied.recorded.checked_in(municipality);
            findings.extend(self.turnout_differs(municipality, at_stations, checked_in));
        }
        settled(id, counted, findings)
    }

    /// Ballots with issued rights are no more than people checked in, and not many fewer.
    fn turnout_differs(&self, municipality: u16, ballots: u64, checked_in: u32) -> Option<Finding> {
        let tolerance = self.basis.card.contract.turnout_tolerance;
        let missing = u64::from(checked_in).saturating_sub(ballots);
        if ballots > u64::from(checked_in) {
            Some(Finding::BallotsExceedTurnout {
                municipality,
                ballots,
                checked_in,
            })
        } else if missing > u64::from(tolerance) {
            Some(Finding::Shortfall {
                municipality,
                missing,
                tolerance,
            })
        } else {
            None
        }
    }

    fn municipalities(&self) -> impl Iterator<Item = u16> {
        (0u16..).take(self.basis.card.contract.municipalities.len())
    }

    pub(super) fn participation(&self, recorded: &Recorded) -> Vec<Participation> {
        self.municipalities()
            .zip(self.state.tally.ballots())
            .map(|(m, ballots)| Participation {
                roll: recorded.roll(m),
                issued: recorded.issued(m),
                recorded: recorded.given(m),
                claimed: recorded.claimed(m),
                checked_in: recorded.checked_in(m),
                ballots,
                claimed_ballots: self.state.counted.claimed(m),
            })
            .collect()
    }
}
