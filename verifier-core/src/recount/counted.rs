//! The assets that the ledger counts in a range: six bytes a ballot.

use crate::ids::{AssetId, Height, MunicipalityIndex};
use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

/// Per batch, a sorted list of index and height. An index that stands there twice was counted twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Counted {
    batches: BTreeMap<(MunicipalityIndex, u16), Vec<Entry>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
struct Entry {
    index: u16,
    /// Big-endian, so that entries sort by height; bytes, so that an entry takes six of them.
    height: [u8; 4],
}

impl Counted {
    /// Notes a counted ballot. No block above height 2³² − 1 is ever authenticated.
    pub fn insert(&mut self, asset: AssetId, height: Height) {
        let entry = Entry {
            index: asset.index,
            height: u32::try_from(height).unwrap_or(u32::MAX).to_be_bytes(),
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
                        let height = |entry: &Entry| Height::from(u32::from_be_bytes(entry.height));
                        Some((asset, same.iter().map(height).collect()))
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
            whole.insert(asset(batch, index), height);
            let half = if at < 3 { &mut left } else { &mut right };
            half.insert(asset(batch, index), height);
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
    fn takes_six_bytes_a_ballot() {
        assert_eq!(size_of::<Entry>(), 6);
    }
}
