//! What a rehearsal came to.

use super::delivery::Delivered;
use super::follower::Recorded;
use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};
use verifier_core::{Height, Outcome};

/// Numbers of a rehearsal, all of them counted from outside the nodes.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Ballots that were sent, bad ones among them.
    pub sent: usize,
    /// Refused by the node that was asked: by outcome.
    pub at_the_door: BTreeMap<String, usize>,
    /// On the ledger: by outcome.
    pub on_the_ledger: BTreeMap<String, usize>,
    /// Taken by a node while another ballot with the same asset was on its way, and never recorded because that one was.
    pub outdone: usize,
    /// Taken by a node and never recorded, though nothing stood against it.
    pub lost: usize,
    /// Not taken by any node in time: their voters know that.
    pub untaken: usize,
    /// From the first ballot's sending to the reading of the block with the last.
    pub voting: Duration,
    /// From a ballot's acceptance to its block: median and 95 of 100.
    pub wait: [Duration; 2],
    pub final_height: Height,
    pub shares: u16,
}

impl Summary {
    /// The ballots' part. Beside how each was delivered stands what the ledger says of it, if anything, and whether another has spent its asset.
    pub fn of_ballots<'a>(
        started: Instant,
        ballots: impl Iterator<Item = (&'a Delivered, Option<&'a Recorded>, bool)>,
    ) -> Self {
        let mut summary = Self::default();
        let mut waits = Vec::new();
        let mut last = started;
        for (delivered, recorded, outdone) in ballots {
            summary.sent += 1;
            match (delivered, recorded) {
                (_, Some(recorded)) => {
                    let outcome = format!("{:?}", recorded.outcome);
                    *summary.on_the_ledger.entry(outcome).or_default() += 1;
                    last = last.max(recorded.seen);
                    if let Delivered::Waiting { since } = delivered {
                        waits.push(recorded.seen.saturating_duration_since(*since));
                    }
                }
                (Delivered::Refused { code }, None) => {
                    let outcome = Outcome::from_code(*code)
                        .map_or_else(|| format!("code {code}"), |o| format!("{o:?}"));
                    *summary.at_the_door.entry(outcome).or_default() += 1;
                }
                (Delivered::Waiting { .. }, None) if outdone => summary.outdone += 1,
                (Delivered::Waiting { .. }, None) => summary.lost += 1,
                (Delivered::Nowhere, None) => summary.untaken += 1,
            }
        }
        waits.sort_unstable();
        let at = |percent: usize| {
            let index = waits.len().saturating_sub(1) * percent / 100;
            waits.get(index).copied().unwrap_or_default()
        };
        summary.voting = last.saturating_duration_since(started);
        summary.wait = [at(50), at(95)];
        summary
    }

    /// How many ballots count.
    pub fn counted(&self) -> usize {
        let ok = format!("{:?}", Outcome::Ok);
        self.on_the_ledger.get(&ok).copied().unwrap_or(0)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.voting.as_secs_f64();
        let counted = u32::try_from(self.counted()).unwrap_or(u32::MAX);
        writeln!(
            f,
            "{} ballots sent, {counted} counted, {} accepted and lost, {} taken by no node, {} accepted and outdone by another with their asset",
            self.sent, self.lost, self.untaken, self.outdone
        )?;
        writeln!(
            f,
            "{:.0} ballots/s accepted end to end: {counted} in {seconds:.1} s from the first sending to the last block",
            f64::from(counted) / seconds.max(f64::EPSILON)
        )?;
        writeln!(
            f,
            "a ballot waits {:.1} s for its block (median; 95 of 100: {:.1} s)",
            self.wait.first().copied().unwrap_or_default().as_secs_f64(),
            self.wait.last().copied().unwrap_or_default().as_secs_f64()
        )?;
        writeln!(f, "on the ledger: {:?}", self.on_the_ledger)?;
        writeln!(f, "refused at the door: {:?}", self.at_the_door)?;
        write!(
            f,
            "{} shares; the final header is at height {}",
            self.shares, self.final_height
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ballot_is_counted_refused_untaken_outdone_or_lost_and_nothing_else() {
        let now = Instant::now();
        let waiting = Delivered::Waiting { since: now };
        let refused = Delivered::Refused {
            code: Outcome::InvalidProof.code(),
        };
        let on_the_ledger = |outcome| Recorded {
            height: 5,
            outcome,
            seen: now + Duration::from_secs(2),
        };
        let (counted, raced) = (
            on_the_ledger(Outcome::Ok),
            on_the_ledger(Outcome::AssetSpent),
        );
        let ballots = [
            (&waiting, Some(&counted), false),
            (&waiting, Some(&raced), false),
            (&refused, None, true),
            (&waiting, None, false),
            // A node that had not read the other's block yet took it.
            (&waiting, None, true),
            // Sent again when it was recorded already: what the ledger says goes.
            (&refused, Some(&counted), false),
            (&Delivered::Nowhere, None, false),
        ];
        let summary = Summary::of_ballots(now, ballots.into_iter());
        assert_eq!((summary.sent, summary.counted()), (7, 2));
        assert_eq!((summary.lost, summary.untaken), (1, 1));
        assert_eq!(summary.outdone, 1);
        assert_eq!(summary.at_the_door.values().sum::<usize>(), 1);
        assert_eq!(summary.voting, Duration::from_secs(2));
    }
}
