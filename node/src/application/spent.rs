//! Spent assets, per batch.

use crate::storage::SpentAsset;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use verifier_core::state_key::{self, SpentEntry};
use verifier_core::{AssetId, TrackingCode, encode};

/// Which assets counted ballots have spent. A clone shares the batches that it does not touch.
#[derive(Clone, Debug, Default)]
pub struct SpentTables {
    batches: BTreeMap<(u16, u16), Arc<BTreeMap<u16, SpentEntry>>>,
}

impl SpentTables {
    /// Whether an asset is spent.
    pub fn contains(&self, asset: AssetId) -> bool {
        self.by(asset).is_some()
    }

    /// The ballot that spent an asset.
    pub fn by(&self, asset: AssetId) -> Option<TrackingCode> {
        let batch = self.batches.get(&(asset.municipality, asset.batch))?;
        Some(batch.get(&asset.index)?.code)
    }

    /// Marks an asset as spent, unless it already is. Says whether it was free.
    pub fn spend(&mut self, spent: SpentAsset) -> bool {
        let asset = spent.asset;
        if self.contains(asset) {
            return false;
        }
        let batch = self
            .batches
            .entry((asset.municipality, asset.batch))
            .or_default();
        let entry = SpentEntry {
            index: asset.index,
            height: spent.height,
            code: spent.code,
        };
        Arc::make_mut(batch).insert(asset.index, entry);
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
            .filter_map(|key| Some(write(key, self.batches.get(&key)?)))
            .collect()
    }

    /// The state writes that all batches together come from.
    pub fn all_writes(&self) -> impl Iterator<Item = (String, Vec<u8>)> + '_ {
        self.batches
            .iter()
            .map(|(key, entries)| write(*key, entries))
    }
}

fn write(
    (municipality, batch): (u16, u16),
    entries: &BTreeMap<u16, SpentEntry>,
) -> (String, Vec<u8>) {
    let entries: Vec<SpentEntry> = entries.values().copied().collect();
    (
        state_key::spent(municipality, batch),
        encode(&state_key::spent_value(&entries)),
    )
}
