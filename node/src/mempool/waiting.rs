//! Ballots that wait for their block, by the asset they would spend.
//!
//! Two ballots with one asset may wait: then the ledger says publicly that one of them lost. More may not, or one voter could fill every
//! node's memory with ballots that are all valid. After each block CometBFT hands over anew what still waits, so that nothing has to be
//! forgotten one by one.

use std::collections::{BTreeMap, BTreeSet};
use verifier_core::{AssetId, Hash};

/// So many ballots may race for one asset.
const RACING: usize = 2;

/// The assets of waiting ballots.
#[derive(Default)]
pub struct Waiting {
    ballots: BTreeMap<AssetId, BTreeSet<Hash>>,
}

impl Waiting {
    /// Notes that a ballot waits. Says whether it may.
    pub fn admit(&mut self, asset: AssetId, ballot: Hash) -> bool {
        let racing = self.ballots.entry(asset).or_default();
        if racing.len() >= RACING && !racing.contains(&ballot) {
            return false;
        }
        racing.insert(ballot);
        true
    }

    /// Whether a ballot waits.
    pub fn contains(&self, asset: AssetId, ballot: Hash) -> bool {
        let racing = self.ballots.get(&asset);
        racing.is_some_and(|racing| racing.contains(&ballot))
    }

    /// Forgets everything, for a block was made.
    pub fn clear(&mut self) {
        self.ballots.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ballots_may_race_for_an_asset_and_no_third() {
        let asset = |index| AssetId {
            municipality: 0,
            batch: 0,
            index,
        };
        let mut waiting = Waiting::default();
        for ballot in [1, 2] {
            assert!(waiting.admit(asset(0), Hash([ballot; 32])));
        }
        assert!(!waiting.admit(asset(0), Hash([3; 32])));
        assert!(waiting.admit(asset(0), Hash([1; 32])));
        assert!(waiting.admit(asset(1), Hash([3; 32])));
        assert!(waiting.contains(asset(0), Hash([2; 32])));
        assert!(!waiting.contains(asset(0), Hash([3; 32])));
        waiting.clear();
        assert!(!waiting.contains(asset(0), Hash([2; 32])));
        assert!(waiting.admit(asset(0), Hash([3; 32])));
    }
}
