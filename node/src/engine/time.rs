//! BFT time: a header's time is the median of the times in the commit before it, weighted by power.

use super::validators::Validators;
use tendermint::Time;
use tendermint::block::{Commit, CommitSig};

/// Nanoseconds since 1970-01-01T00:00:00Z.
pub type Nanoseconds = i128;

/// The time of the header after `commit`, or `None` if nobody signed.
pub fn header_time(commit: &Commit, validators: &Validators) -> Option<Time> {
    let votes = commit
        .signatures
        .iter()
        .zip(validators.in_order())
        .filter_map(|(signature, validator)| match signature {
            CommitSig::BlockIdFlagCommit { timestamp, .. }
            | CommitSig::BlockIdFlagNil { timestamp, .. } => Some((*timestamp, validator.power())),
            CommitSig::BlockIdFlagAbsent => None,
        })
        .collect();
    weighted_median(votes)
}

/// CometBFT's weighted median: the first time at which half of the power, rounded down, is reached.
pub fn weighted_median(mut votes: Vec<(Time, u64)>) -> Option<Time> {
    votes.sort();
    let mut remaining = votes.iter().map(|(_, power)| power).sum::<u64>() / 2;
    for (time, power) in votes {
        if remaining <= power {
            return Some(time);
        }
        remaining -= power;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_unix_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn half_of_the_power_decides_the_time() {
        let votes = vec![(at(3), 10), (at(1), 10), (at(2), 10)];
        assert_eq!(weighted_median(votes), Some(at(2)));
        let votes = vec![(at(3), 31), (at(1), 10), (at(2), 10)];
        assert_eq!(weighted_median(votes), Some(at(3)));
        assert_eq!(weighted_median(vec![]), None);
    }
}
