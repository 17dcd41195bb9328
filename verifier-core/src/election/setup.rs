//! Before opening: the contract, the rolls, the issued assets.

use super::{Election, check_signatures};
use crate::contract::Contract;
use crate::ids::Seconds;
use crate::keys::check_encryption_keys;
use crate::outcome::Outcome;
use crate::transaction::{BATCH_LIMIT, CLAIM_BATCHES, CertifyRoll, Define, Issue, Transaction};
use std::sync::Arc;

impl Election {
    pub(super) fn define(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        define: &Define,
    ) -> Result<(), Outcome> {
        let contract = &define.contract;
        let id = contract.id();
        if transaction.body.genesis != self.genesis || transaction.body.contract != id {
            return Err(Outcome::WrongElection);
        }
        if self.defined.is_some() {
            return Err(Outcome::Repeated);
        }
        if time >= contract.opening {
            return Err(Outcome::OutsideWindow);
        }
        self.check_registrars(contract)?;
        check_approvals(transaction, define)?;
        check_encryption_keys(contract).map_err(|e| e.outcome())?;
        let municipalities = contract.municipalities.iter();
        self.municipalities = municipalities.map(|_| Arc::default()).collect();
        self.defined = Some((id, Arc::new(contract.clone())));
        Ok(())
    }

    /// The contract's registrars are those of the genesis.
    fn check_registrars(&self, contract: &Contract) -> Result<(), Outcome> {
        let named = contract.municipalities.iter().map(|m| &m.registrar);
        if named.eq(&self.registrars) {
            Ok(())
        } else {
            Err(Outcome::NotApproved)
        }
    }

    pub(super) fn certify_roll(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        roll: &CertifyRoll,
    ) -> Result<(), Outcome> {
        self.require_before_opening(time)?;
        let registrar = self.require_municipality(roll.municipality)?.registrar;
        check_signatures(transaction, &[registrar])?;
        let progress = self.require_progress(roll.municipality)?;
        if progress.roll.is_some() {
            return Err(Outcome::Repeated);
        }
        progress.roll = Some(roll.people);
        Ok(())
    }

    pub(super) fn issue(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        issue: &Issue,
    ) -> Result<(), Outcome> {
        self.require_before_opening(time)?;
        let registrar = self.require_municipality(issue.municipality)?.registrar;
        check_signatures(transaction, &[registrar])?;
        let progress = self.require_progress(issue.municipality)?;
        check_batch(issue, progress.batches.len())?;
        let count = u32::try_from(issue.addresses.len()).map_err(|_| Outcome::InvalidBatch)?;
        let rights = progress.rights().checked_add(count);
        if rights.is_none_or(|rights| rights > progress.roll.unwrap_or(0)) {
            return Err(Outcome::ExceedsRoll);
        }
        progress.issued = progress.issued.saturating_add(count);
        progress.batches.push(issue.addresses.as_slice().into());
        Ok(())
    }
}

/// The batch is the municipality's next and no batch of claims, neither empty nor too large, with one commitment an address, sorted and distinct.
fn check_batch(issue: &Issue, batches: usize) -> Result<(), Outcome> {
    let size = issue.addresses.len();
    let commitments = &issue.roll_commitments;
    let next = usize::from(issue.batch) == batches && issue.batch < CLAIM_BATCHES;
    let sorted = commitments.is_sorted_by(|a, b| a < b);
    if next && (1..=BATCH_LIMIT).contains(&size) && commitments.len() == size && sorted {
        Ok(())
    } else {
        Err(Outcome::InvalidBatch)
    }
}

/// More than 2/3 of the municipalities approve, each named once and in order, and each has signed.
fn check_approvals(transaction: &Transaction, define: &Define) -> Result<(), Outcome> {
    let contract = &define.contract;
    let approvals = &define.approvals;
    let enough = approvals.len() * 3 > contract.municipalities.len() * 2;
    if !enough || !approvals.is_sorted_by(|a, b| a < b) {
        return Err(Outcome::NotApproved);
    }
    let registrars: Option<Vec<_>> = approvals
        .iter()
        .map(|index| contract.municipality(*index).map(|m| m.registrar))
        .collect();
    check_signatures(
        transaction,
        &registrars.ok_or(Outcome::UnknownMunicipality)?,
    )
}
