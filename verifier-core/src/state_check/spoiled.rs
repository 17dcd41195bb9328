//! Whether a challenged ballot can never be cast: its batch's list of spoiled ballots.
//!
//! Everybody who challenged with a right of the same batch asks the same.

use super::{Blamed, Conclusion, StateAnswer};
use crate::finding::SourceFault;
use crate::ids::{AssetId, TrackingCode};
use crate::ledger::TrustedHeader;
use crate::report::CheckId;
use crate::request::{Answer, Request};
use crate::state_key::{self, SpoiledEntry};
use crate::state_values::{StateValues, query};
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
pub(super) struct SpoilSearch {
    asset: AssetId,
    code: TrackingCode,
    pub missing: BTreeSet<Request>,
    values: StateValues,
    spoiled: Vec<u8>,
}

impl SpoilSearch {
    pub fn new(anchor: TrustedHeader, asset: AssetId, code: TrackingCode) -> Self {
        let values = StateValues::under(anchor);
        let missing = [
            values.request(state_key::spoiled(asset.municipality, asset.batch)),
            Request::Spoiled {
                municipality: asset.municipality,
                batch: asset.batch,
                height: values.height(),
            },
        ];
        Self {
            asset,
            code,
            missing: missing.into(),
            values,
            spoiled: Vec::new(),
        }
    }

    pub fn supply(&mut self, request: &Request, answer: Answer) -> Result<(), Blamed> {
        let id = match request {
            Request::State { .. } => CheckId::StateValues,
            _ => CheckId::StateLists,
        };
        self.take(request, answer).map_err(|fault| (id, fault))?;
        self.missing.remove(request);
        Ok(())
    }

    fn take(&mut self, request: &Request, answer: Answer) -> Result<(), SourceFault> {
        let bytes = answer?;
        match request {
            Request::State { key, .. } => self.values.take(key, &bytes)?,
            Request::Spoiled { .. } => self.spoiled = query(&bytes)?.value,
            _ => {}
        }
        Ok(())
    }

    pub fn conclude(&self) -> Result<Conclusion, Blamed> {
        let asset = self.asset;
        let spoiled = self
            .values
            .open_spoiled(asset.municipality, asset.batch, &self.spoiled)
            .map_err(|fault| (CheckId::StateLists, fault))?;
        let own = SpoiledEntry {
            index: asset.index,
            code: self.code,
        };
        let answer = match spoiled.contains(&own) {
            true => StateAnswer::Spoiled { asset },
            false => StateAnswer::NotSpoiled { asset },
        };
        Ok(Conclusion {
            values: self.values.count(),
            entries: u64::try_from(spoiled.len()).unwrap_or(u64::MAX),
            findings: Vec::new(),
            answer,
        })
    }
}
