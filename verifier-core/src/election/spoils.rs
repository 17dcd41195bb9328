//! During the vote: ballots that their voters challenge instead of casting them. Each is named by asset and code, so that nobody can spoil
//! another's.

use super::{Election, check_signatures};
use crate::ids::{AssetId, MunicipalityIndex, Seconds, TrackingCode};
use crate::outcome::Outcome;
use crate::state_key::SpoiledEntry;
use crate::transaction::{Spoil, Transaction};
use std::sync::Arc;

/// A voter may challenge so many ballots.
const SPOILS_PER_ASSET: usize = 16;

impl Election {
    /// Whether the asset is spent does not matter: a ballot counted before stays counted.
    pub(super) fn spoil(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        spoil: &Spoil,
    ) -> Result<(), Outcome> {
        self.check_admission(time, spoil.asset, &spoil.address)?;
        check_signatures(transaction, &[spoil.address])?;
        let spoiled = self.spoiled_of(spoil.asset);
        if spoiled.contains(&spoil.challenged) || spoiled.len() >= SPOILS_PER_ASSET {
            return Err(Outcome::Repeated);
        }
        self.spoiled_before(spoil.asset, spoil.challenged);
        Ok(())
    }

    /// Whether a ballot with this asset and tracking code can no longer count.
    pub fn is_spoiled(&self, asset: AssetId, code: impl FnOnce() -> TrackingCode) -> bool {
        let spoiled = self.spoiled_of(asset);
        !spoiled.is_empty() && spoiled.contains(&code())
    }

    /// The spoiled ballots of a batch, by index and code.
    pub fn spoiled(
        &self,
        municipality: MunicipalityIndex,
        batch: u16,
    ) -> impl Iterator<Item = SpoiledEntry> + '_ {
        let batches = self.progress(municipality).map(|m| &m.spoiled);
        let batch = batches.and_then(|batches| batches.get(&batch));
        batch.into_iter().flat_map(|batch| batch.iter().copied())
    }

    fn spoiled_of(&self, asset: AssetId) -> Vec<TrackingCode> {
        let entry = |byte| SpoiledEntry {
            index: asset.index,
            code: TrackingCode([byte; 32]),
        };
        let batches = self.progress(asset.municipality).map(|m| &m.spoiled);
        let batch = batches.and_then(|batches| batches.get(&asset.batch));
        let entries = batch.map(|batch| batch.range(entry(0)..=entry(u8::MAX)));
        let entries = entries.into_iter().flatten();
        entries.map(|entry| entry.code).collect()
    }

    /// Takes a ballot as spoiled, from somebody who applied its transaction before.
    pub(crate) fn spoiled_before(&mut self, asset: AssetId, code: TrackingCode) {
        let index = asset.index;
        if let Ok(progress) = self.require_progress(asset.municipality) {
            let batch = progress.spoiled.entry(asset.batch).or_default();
            Arc::make_mut(batch).insert(SpoiledEntry { index, code });
        }
    }
}
