//! Whether a voting right is spent: its batch's list of addresses, and its batch's list of spent rights.
//!
//! Everybody with a right of the same batch asks the same.

use super::{Blamed, Conclusion, Holder, StateAnswer};
use crate::finding::{Finding, SourceFault};
use crate::ids::{AssetId, MunicipalityIndex};
use crate::ledger::TrustedHeader;
use crate::report::CheckId;
use crate::request::{Answer, Request};
use crate::state_key;
use crate::state_values::{StateValues, query};
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
pub(super) struct RightSearch {
    municipality: MunicipalityIndex,
    batch: u16,
    holder: Holder,
    pub missing: BTreeSet<Request>,
    values: StateValues,
    addresses: Vec<u8>,
    spent: Vec<u8>,
}

impl RightSearch {
    pub fn new(
        anchor: TrustedHeader,
        municipality: MunicipalityIndex,
        batch: u16,
        holder: Holder,
    ) -> Self {
        let values = StateValues::under(anchor);
        let height = values.height();
        let missing = [
            values.request(state_key::issue(municipality, batch)),
            values.request(state_key::spent(municipality, batch)),
            Request::Batch {
                municipality,
                batch,
            },
            Request::Spent {
                municipality,
                batch,
                height,
            },
        ];
        Self {
            municipality,
            batch,
            holder,
            missing: missing.into(),
            values,
            addresses: Vec::new(),
            spent: Vec::new(),
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
            Request::Batch { .. } => self.addresses = query(&bytes)?.value,
            Request::Spent { .. } => self.spent = query(&bytes)?.value,
            _ => {}
        }
        Ok(())
    }

    pub fn conclude(&self) -> Result<Conclusion, Blamed> {
        let (municipality, batch) = (self.municipality, self.batch);
        let lists = |fault| (CheckId::StateLists, fault);
        let addresses = self
            .values
            .open_addresses(municipality, batch, &self.addresses)
            .map_err(lists)?;
        let spent = self
            .values
            .open_spent(municipality, batch, &self.spent)
            .map_err(lists)?;
        let index = match self.holder {
            Holder::Index(index) => Some(index).filter(|i| usize::from(*i) < addresses.len()),
            Holder::Address(address) => addresses
                .iter()
                .position(|other| *other == address)
                .and_then(|index| u16::try_from(index).ok()),
        };
        let answer = index.map_or(StateAnswer::NoSuchRight, |index| {
            let asset = AssetId {
                municipality,
                batch,
                index,
            };
            match spent.iter().find(|entry| entry.index == index) {
                Some(entry) => StateAnswer::SpentBy {
                    asset,
                    code: entry.code,
                    height: entry.height,
                },
                None => StateAnswer::Unspent { asset },
            }
        });
        let indices = spent.iter().map(|entry| entry.index);
        let entries = u64::try_from(addresses.len() + spent.len()).unwrap_or(u64::MAX);
        Ok(Conclusion {
            values: self.values.count(),
            entries,
            findings: misplaced(municipality, batch, addresses.len(), indices)
                .into_iter()
                .collect(),
            answer,
        })
    }
}

/// A list of spent rights is in ascending order and names rights of its batch only.
pub(super) fn misplaced(
    municipality: MunicipalityIndex,
    batch: u16,
    rights: usize,
    spent: impl Iterator<Item = u16> + Clone,
) -> Option<Finding> {
    let within = spent.clone().all(|index| usize::from(index) < rights);
    (!within || !spent.is_sorted_by(|a, b| a < b)).then(|| Finding::StateContradicts {
        key: state_key::spent(municipality, batch),
    })
}
