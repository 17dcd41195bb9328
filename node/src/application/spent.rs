//! Spent assets, per batch.

use crate::storage::SpentAsset;
use std::collections::{BTreeMap, BTreeSet};
use verifier_core::encode;
use verifier_core::state_key::{self, SpentEntry};

/// Which assets counted ballots have spent.
#[derive(Clone, Debug, Default)]
pub struct SpentTables {
    batches: BTreeMap<(u16, u16), BTreeMap<u16, SpentEntry>>,
}

impl SpentTables {
    /// Marks an asset as spent, unless it already is. Says whether it was free.
    pub fn spend(&mut self, spent: SpentAsset) -> bool {
        let asset = spent.asset;
        let batch = self
            .batches
            .entry((asset.municipality, asset.batch))
            .or_default();
        if batch.contains_key(&asset.index) {
            return false;
        }
        let entry = SpentEntry {
            index: asset.index,
            height: spent.height,
            code: spent.code,
        };
        batch.insert(asset.index, entry);
        true
    }

    /// The state writes for the batches in which these assets lie.
    pub fn writes(&self, spent: &[SpentAsset]) -> Vec<(String, Vec<u8>)> {
        let touched: BTreeSet<(u16, u16)> = spent
            .iter()
            .map(|s| (s.asset.municipality, s.asset.batch))
            .collect();
        touched
            .into_iter()
            .filter_map(|key| Some((key, self.batches.get(&key)?)))
            .map(|((municipality, batch), entries)| {
                let entries: Vec<SpentEntry> = entries.values().copied().collect();
                (
                    state_key::spent(municipality, batch),
                    encode(&state_key::spent_value(&entries)),
                )
            })
            .collect()
    }
}
