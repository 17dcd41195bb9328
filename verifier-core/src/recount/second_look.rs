//! A second look: what names the ballots of an asset that was counted more than once, and tells whether a ballot that counts is one that was
//! challenged before. The state keeps only where they are, and two bytes of their codes.

use super::applied::Place;
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
    /// Blocks that were asked for, and whether they were had.
    done: BTreeMap<Height, Look>,
    /// Per asset counted more than once, its counted ballots.
    named: BTreeMap<AssetId, BTreeMap<Place, TrackingCode>>,
    /// Ballots that count although they were challenged before.
    spoiled: BTreeSet<(AssetId, TrackingCode)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Seen,
    /// No source gives the block.
    Impossible,
}

impl Recount {
    /// The heights of blocks that hold ballots of an asset counted more than once, or a ballot that may have been challenged before, and
    /// have not been looked at again.
    pub fn second_looks(&self) -> Vec<Height> {
        let twice = self.state.counted.more_than_once();
        let heights = twice.flat_map(|(_, heights)| heights);
        let heights = heights.chain(self.suspicions().map(|(height, _)| height));
        let heights: BTreeSet<Height> = heights.collect();
        let done = |height: &Height| self.looks.done.contains_key(height);
        heights.into_iter().filter(|h| !done(h)).collect()
    }

    /// Blocks in which a ballot counts whose asset and tag are those of one that was challenged there or before.
    fn suspicions(&self) -> impl Iterator<Item = (Height, AssetId)> + '_ {
        let spoils = self.applied.iter().flat_map(|applied| applied.spoils());
        spoils.flat_map(|(asset, code, (since, _))| {
            let blocks = self.state.counted.perhaps_at(asset, code);
            blocks
                .filter(move |height| *height >= since)
                .map(move |height| (height, asset))
        })
    }

    /// The first block that would have to be looked at again, and was not.
    pub(super) fn unseen_suspicion(&self) -> Option<Height> {
        let seen = |height: &Height| self.looks.done.get(height) == Some(&Look::Seen);
        let unseen = self.suspicions().map(|(height, _)| height);
        unseen.filter(|height| !seen(height)).min()
    }

    /// Looks at a block again.
    ///
    /// # Errors
    /// If it is not the block that was counted.
    pub fn look_again(&mut self, block: &LedgerBlock<'_>) -> Result<(), SourceFault> {
        let height = self.check_counted(block)?;
        let Some(setup) = self.setup.clone() else {
            return Ok(());
        };
        let twice = self.assets_counted_twice_at(height);
        let suspicions = self.suspicions().filter(|(at, _)| *at == height);
        let mut wanted: BTreeSet<AssetId> = suspicions.map(|(_, asset)| asset).collect();
        wanted.extend(&twice);
        let time = Link::of(&block.header.header).time;
        for (position, (bytes, result)) in
            (0u32..).zip(block.transactions.iter().zip(&block.results))
        {
            if result.code == Outcome::Ok.code()
                && let Some((asset, code)) = counted_ballot(&setup, time, bytes, &wanted)
            {
                self.name(asset, code, (height, position), twice.contains(&asset));
            }
        }
        self.looks.done.insert(height, Look::Seen);
        Ok(())
    }

    /// Notes a counted ballot of an asset that was looked for.
    fn name(&mut self, asset: AssetId, code: TrackingCode, at: Place, twice: bool) {
        if twice {
            let named = self.looks.named.entry(asset).or_default();
            named.insert(at, code);
        }
        let applied = self.applied.as_ref();
        if applied.is_some_and(|applied| applied.is_spoiled(asset, code, at)) {
            self.looks.spoiled.insert((asset, code));
        }
    }

    /// The height of a block that was counted.
    fn check_counted(&self, block: &LedgerBlock<'_>) -> Result<Height, SourceFault> {
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
        Ok(this.height)
    }

    /// Gives up looking at a block that no source gives.
    pub fn cannot_look(&mut self, height: Height) {
        self.looks.done.entry(height).or_insert(Look::Impossible);
    }

    fn assets_counted_twice_at(&self, height: Height) -> BTreeSet<AssetId> {
        let twice = self.state.counted.more_than_once();
        let here = twice.filter(|(_, heights)| heights.contains(&height));
        here.map(|(asset, _)| asset).collect()
    }

    /// The ballots that count although they were challenged before.
    pub(super) fn spoiled_and_counted(&self) -> impl Iterator<Item = Finding> + '_ {
        let spoiled = self.looks.spoiled.iter();
        spoiled.map(|(asset, code)| Finding::SpoiledBallotCounted {
            asset: *asset,
            code: *code,
        })
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
