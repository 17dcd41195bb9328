//! A second look: what names the ballots of an asset that was counted more than once. The state keeps only where they are.

use super::authenticate::{LedgerBlock, check_contents};
use super::state::Link;
use super::{Recount, rules::Setup};
use crate::ballot::check_ballot;
use crate::finding::{Finding, SourceFault};
use crate::ids::{AssetId, Height, TrackingCode};
use crate::outcome::Outcome;
use crate::transaction::{Action, Transaction};
use std::collections::{BTreeMap, BTreeSet};

/// What second looks have found so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Looks {
    /// Blocks that have been looked at, or cannot be had.
    done: BTreeSet<Height>,
    /// Per asset, its counted ballots by height and position.
    named: BTreeMap<AssetId, BTreeMap<(Height, u32), TrackingCode>>,
}

impl Recount {
    /// The heights of blocks that hold ballots of an asset counted more than once, and have not been looked at again.
    pub fn second_looks(&self) -> Vec<Height> {
        let heights = self.state.counted.more_than_once();
        let heights: BTreeSet<Height> = heights.flat_map(|(_, heights)| heights).collect();
        heights.difference(&self.looks.done).copied().collect()
    }

    /// Looks at a block again.
    ///
    /// # Errors
    /// If it is not the block that was counted.
    pub fn look_again(&mut self, block: &LedgerBlock<'_>) -> Result<(), SourceFault> {
        let (this, next) = (Link::of(&block.header.header), Link::of(&block.next.header));
        for link in [&this, &next] {
            if self.state.header_hash(link.height) != Some(link.hash) {
                let height = link.height;
                return Err(SourceFault::BrokenChain { height });
            }
        }
        if this.height.checked_add(1) != Some(next.height) {
            return Err(SourceFault::BrokenChain {
                height: next.height,
            });
        }
        check_contents(block, this.height)?;
        let Some(setup) = self.setup.clone() else {
            return Ok(());
        };
        let wanted: BTreeSet<AssetId> = self.assets_counted_twice_at(this.height);
        for (position, (bytes, result)) in
            (0u32..).zip(block.transactions.iter().zip(&block.results))
        {
            if result.code == Outcome::Ok.code()
                && let Some((asset, code)) = counted_ballot(&setup, this.time, bytes, &wanted)
            {
                let named = self.looks.named.entry(asset).or_default();
                named.insert((this.height, position), code);
            }
        }
        self.looks.done.insert(this.height);
        Ok(())
    }

    /// Gives up looking at a block that no source gives.
    pub fn cannot_look(&mut self, height: Height) {
        self.looks.done.insert(height);
    }

    fn assets_counted_twice_at(&self, height: Height) -> BTreeSet<AssetId> {
        let twice = self.state.counted.more_than_once();
        let here = twice.filter(|(_, heights)| heights.contains(&height));
        here.map(|(asset, _)| asset).collect()
    }

    /// The first ballot of each asset against each further one: by their codes, or where these are not known by their blocks.
    pub(super) fn counted_twice(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (asset, heights) in self.state.counted.more_than_once() {
            let codes = self.looks.named.get(&asset);
            let codes: Vec<TrackingCode> = codes
                .into_iter()
                .flat_map(BTreeMap::values)
                .copied()
                .collect();
            if let ([first, further @ ..], true) = (codes.as_slice(), codes.len() == heights.len())
            {
                findings.extend(further.iter().map(|second| Finding::AssetCountedTwice {
                    asset,
                    first: *first,
                    second: *second,
                }));
            } else if let [first, further @ ..] = heights.as_slice() {
                findings.extend(further.iter().map(|second| Finding::AssetCountedAgain {
                    asset,
                    first: *first,
                    second: *second,
                }));
            }
        }
        findings
    }
}

/// Asset and code of a transaction that the ledger took as done, if it is a ballot that counts and of one of these assets.
fn counted_ballot(
    setup: &Setup,
    time: u64,
    bytes: &[u8],
    wanted: &BTreeSet<AssetId>,
) -> Option<(AssetId, TrackingCode)> {
    let transaction = Transaction::decode(bytes).ok()?;
    let Action::Cast(ballot) = &transaction.body.action else {
        return None;
    };
    let asset = ballot.asset;
    let election = (transaction.body.genesis, transaction.body.contract);
    let admitted =
        setup.rules.admit(time, election).is_ok() && setup.issued(asset, &ballot.address);
    if !wanted.contains(&asset) || !admitted {
        return None;
    }
    let checked = check_ballot(setup.rules.keys.as_ref()?, &transaction).ok()?;
    Some((asset, checked.code()))
}
