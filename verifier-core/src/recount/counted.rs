//! The assets that the ledger counts in a range: eight bytes a ballot.

use crate::ids::{AssetId, Height, MunicipalityIndex, TrackingCode};
use crate::transaction::CLAIM_BATCHES;
use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

/// Per batch, a sorted list of index, height and tag. An index that stands there twice was counted twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Counted {
    batches: BTreeMap<(MunicipalityIndex, u16), Vec<Entry>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
struct Entry {
    index: u16,
    /// Big-endian, so that entries sort by height; bytes, so that an entry takes eight of them.
    height: [u8; 4],
    tag: Tag,
}

/// The first two bytes of a tracking code: enough to know nearly always that a ballot is another one.
type Tag = [u8; 2];

fn tag(code: &TrackingCode) -> Tag {
    let [first, second, ..] = code.0;
    [first, second]
}

impl Counted {
    /// Notes a counted ballot. No block above height 2³² − 1 is ever authenticated.
    pub fn insert(&mut self, asset: AssetId, height: Height, code: &TrackingCode) {
        let entry = Entry {
            index: asset.index,
            height: u32::try_from(height).unwrap_or(u32::MAX).to_be_bytes(),
            tag: tag(code),
        };
        let batch = self.batches.entry((asset.municipality, asset.batch));
        let batch = batch.or_default();
        let at = batch.partition_point(|other| *other <= entry);
        batch.insert(at, entry);
    }

    pub fn contains(&self, asset: AssetId) -> bool {
        let batch = self.batches.get(&(asset.municipality, asset.batch));
        batch.is_some_and(|batch| {
            let found = batch.binary_search_by_key(&asset.index, |entry| entry.index);
            found.is_ok()
        })
    }

    /// The blocks in which a ballot of this asset counts that may have this code.
    pub fn perhaps_at(
        &self,
        asset: AssetId,
        code: TrackingCode,
    ) -> impl Iterator<Item = Height> + '_ {
        let batch = self.batches.get(&(asset.municipality, asset.batch));
        let entries = batch.map_or(&[][..], Vec::as_slice);
        let first = entries.partition_point(|entry| entry.index < asset.index);
        let wanted = tag(&code);
        let of_asset = entries.iter().skip(first);
        of_asset
            .take_while(move |entry| entry.index == asset.index)
            .filter(move |entry| entry.tag == wanted)
            .map(Entry::height)
    }

    /// The number of ballots with claimed rights of a municipality.
    pub fn claimed(&self, municipality: MunicipalityIndex) -> u64 {
        let batches = (municipality, CLAIM_BATCHES)..=(municipality, u16::MAX);
        let ballots = self.batches.range(batches).map(|(_, batch)| batch.len());
        u64::try_from(ballots.sum::<usize>()).unwrap_or(u64::MAX)
    }

    pub fn merge(&mut self, later: Self) {
        for (batch, entries) in later.batches {
            let mine = self.batches.entry(batch).or_default();
            mine.extend(entries);
            mine.sort(); // two sorted runs, which this joins in one pass
        }
    }

    /// The number of assets, each once.
    pub fn assets(&self) -> u64 {
        let assets = self.batches.values().map(|batch| {
            let first_of_each = batch.chunk_by(|a, b| a.index == b.index);
            first_of_each.fold(0u64, |sum, _| sum.saturating_add(1))
        });
        assets.fold(0, u64::saturating_add)
    }

    /// The assets that are counted more than once, with the heights of all their ballots.
    pub fn more_than_once(&self) -> impl Iterator<Item = (AssetId, Vec<Height>)> + '_ {
        self.batches
            .iter()
            .flat_map(|((municipality, batch), entries)| {
                entries
                    .chunk_by(|a, b| a.index == b.index)
                    .filter(|same| same.len() > 1)
                    .filter_map(move |same| {
                        let asset = AssetId {
                            municipality: *municipality,
                            batch: *batch,
                            index: same.first()?.index,
                        };
                        Some((asset, same.iter().map(Entry::height).collect()))
                    })
            })
    }

    /// Whether every list is as [`Counted::insert`] keeps it.
    pub fn is_sorted(&self) -> bool {
        self.batches
            .values()
            .all(|batch| !batch.is_empty() && batch.is_sorted())
    }
}

impl Entry {
    fn height(&self) -> Height {
        u32::from_be_bytes(self.height).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn asset(batch: u16, index: u16) -> AssetId {
        AssetId {
            municipality: 1,
            batch,
            index,
        }
    }

    #[test]
    fn names_what_is_counted_twice_in_whatever_order_it_came() {
        let ballots = [
            (0, 7, 300),
            (0, 2, 5),
            (1, 7, 6),
            (0, 7, 4),
            (0, 9, 4),
            (0, 7, 300),
        ];
        let mut whole = Counted::default();
        let (mut left, mut right) = (Counted::default(), Counted::default());
        for (at, (batch, index, height)) in ballots.into_iter().enumerate() {
            let code = TrackingCode([u8::try_from(at).unwrap(); 32]);
            whole.insert(asset(batch, index), height, &code);
            let half = if at < 3 { &mut left } else { &mut right };
            half.insert(asset(batch, index), height, &code);
        }
        left.merge(right);
        assert_eq!(left, whole);
        assert!(whole.is_sorted());
        assert_eq!(whole.assets(), 4);
        let again: Vec<_> = whole.more_than_once().collect();
        assert_eq!(again, [(asset(0, 7), vec![4, 300, 300])]);
        assert!(whole.contains(asset(1, 7)) && !whole.contains(asset(1, 2)));
        assert!(!whole.contains(asset(2, 7)));
    }

    #[test]
    fn finds_ballots_by_asset_and_tag() {
        let code = |byte| TrackingCode([byte; 32]);
        let mut counted = Counted::default();
        for (index, height, byte) in [(6, 1, 1), (7, 2, 1), (7, 3, 2), (7, 900, 1), (8, 4, 1)] {
            counted.insert(asset(CLAIM_BATCHES, index), height, &code(byte));
        }
        counted.insert(asset(0, 7), 5, &code(1));
        let found: Vec<_> = counted
            .perhaps_at(asset(CLAIM_BATCHES, 7), code(1))
            .collect();
        assert_eq!(found, [2, 900]);
        assert_eq!(
            counted.perhaps_at(asset(CLAIM_BATCHES, 7), code(3)).count(),
            0
        );
        assert_eq!(counted.perhaps_at(asset(1, 7), code(1)).count(), 0);
        assert_eq!((counted.claimed(1), counted.claimed(0)), (5, 0));
    }

    #[test]
    fn takes_eight_bytes_a_ballot() {
        assert_eq!(size_of::<Entry>(), 8);
    }
}
