//! Before opening: rights given by blind signature. Municipalities record how many people got one; their holders claim them under addresses
//! that nobody can link to those people.

use super::{Election, Progress, check_signatures};
use crate::blind_signature::claim_message;
use crate::claim_keys::{ClaimKeys, countersigner};
use crate::ids::{AssetId, MunicipalityIndex, PublicKey, Seconds};
use crate::outcome::Outcome;
use crate::signature::is_voter_address;
use crate::state_key::RecordedIssuances;
use crate::transaction::{BATCH_LIMIT, CLAIM_BATCHES, Claim, RecordIssuances, Transaction};
use std::sync::Arc;

/// The asset that a municipality's claim of this number gets, counted from 0; nothing beyond 33,554,432 claims.
pub fn claimed_asset(municipality: MunicipalityIndex, number: u32) -> Option<AssetId> {
    let size = u32::try_from(BATCH_LIMIT).ok()?;
    let batch = u16::try_from(number.checked_div(size)?).ok()?;
    Some(AssetId {
        municipality,
        batch: batch.checked_add(CLAIM_BATCHES)?,
        index: u16::try_from(number.checked_rem(size)?).ok()?,
    })
}

impl Election {
    pub(super) fn record_issuances(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        record: &RecordIssuances,
    ) -> Result<(), Outcome> {
        self.require_before_opening(time)?;
        self.require_claim_keys()?;
        let registrar = self.require_municipality(record.municipality)?.registrar;
        check_signatures(transaction, &[registrar])?;
        let progress = self.require_progress(record.municipality)?;
        let count = check_record(record, progress.recorded.records)?;
        let rights = progress.rights().checked_add(count);
        if rights.is_none_or(|rights| rights > progress.roll.unwrap_or(0)) {
            return Err(Outcome::ExceedsRoll);
        }
        progress.record(count);
        Ok(())
    }

    pub(super) fn claim(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        claim: &Claim,
    ) -> Result<(), Outcome> {
        self.require_before_opening(time)?;
        let keys = self.require_claim_keys()?;
        let home = keys.get(usize::from(claim.municipality));
        let next = countersigner(claim.municipality, keys.len());
        let countersign = next.and_then(|next| keys.get(usize::from(next)));
        let (Some(home), Some(countersign)) = (home, countersign) else {
            return Err(Outcome::UnknownMunicipality);
        };
        if !is_voter_address(&claim.address) {
            return Err(Outcome::InvalidElement);
        }
        check_signatures(transaction, &[claim.address])?;
        self.check_blind_signatures(transaction, claim, home, countersign)?;
        if self.claimants.contains(&claim.address) {
            return Err(Outcome::Repeated);
        }
        if self.claimed(claim.municipality) >= self.recorded(claim.municipality).people {
            return Err(Outcome::ExceedsIssuances);
        }
        self.take_claim(claim.municipality, claim.address)
    }

    fn check_blind_signatures(
        &self,
        transaction: &Transaction,
        claim: &Claim,
        home: &ClaimKeys,
        countersign: &ClaimKeys,
    ) -> Result<(), Outcome> {
        let contract = transaction.body.contract;
        let message = claim_message(&self.genesis, &contract, &claim.address);
        let both = claim
            .home
            .verify(&home.home, &message)
            .and_then(|()| claim.countersign.verify(&countersign.countersign, &message));
        both.map_err(|_| Outcome::InvalidProof)
    }

    fn take_claim(
        &mut self,
        municipality: MunicipalityIndex,
        address: PublicKey,
    ) -> Result<(), Outcome> {
        let progress = self.require_progress(municipality)?;
        let asset = claimed_asset(municipality, progress.claimed);
        asset.ok_or(Outcome::ExceedsIssuances)?;
        match progress.claim_batches.last_mut() {
            Some(batch) if batch.len() < BATCH_LIMIT => Arc::make_mut(batch).push(address),
            _ => progress.claim_batches.push(Arc::new(vec![address])),
        }
        progress.claimed = progress.claimed.saturating_add(1);
        self.claimants.insert(address);
        Ok(())
    }

    fn require_claim_keys(&self) -> Result<&[ClaimKeys], Outcome> {
        match self.require_contract()?.claim_keys.as_slice() {
            [] => Err(Outcome::NoClaims),
            keys => Ok(keys),
        }
    }

    /// What a municipality has recorded as given by blind signature.
    pub fn recorded(&self, municipality: MunicipalityIndex) -> RecordedIssuances {
        self.progress(municipality)
            .map_or_else(RecordedIssuances::default, |m| m.recorded)
    }

    /// The number of rights of a municipality that were claimed.
    pub fn claimed(&self, municipality: MunicipalityIndex) -> u32 {
        self.progress(municipality).map_or(0, |m| m.claimed)
    }

    /// The asset that the last claim of a municipality got.
    pub fn last_claimed(&self, municipality: MunicipalityIndex) -> Option<AssetId> {
        claimed_asset(municipality, self.claimed(municipality).checked_sub(1)?)
    }

    /// Takes a record as made, from somebody who applied its transaction before.
    pub(crate) fn recorded_before(&mut self, municipality: MunicipalityIndex, people: u32) {
        if let Ok(progress) = self.require_progress(municipality) {
            progress.record(people);
        }
    }

    /// Takes a right as claimed, likewise.
    pub(crate) fn claimed_before(&mut self, municipality: MunicipalityIndex, address: PublicKey) {
        // What was claimed before named a municipality that there is.
        let _ = self.take_claim(municipality, address);
    }
}

impl Progress {
    /// People who have a right so far, in whichever way.
    pub(super) fn rights(&self) -> u32 {
        self.issued.saturating_add(self.recorded.people)
    }

    fn record(&mut self, people: u32) {
        self.recorded.records = self.recorded.records.saturating_add(1);
        self.recorded.people = self.recorded.people.saturating_add(people);
    }
}

/// The record is the municipality's next, neither empty nor too large, its commitments sorted and distinct. Gives how many they are.
fn check_record(record: &RecordIssuances, next: u16) -> Result<u32, Outcome> {
    let commitments = &record.roll_commitments;
    let size = (1..=BATCH_LIMIT).contains(&commitments.len());
    // The last number is never given, so that there always is a next one.
    let follows = record.sequence == next && next < u16::MAX;
    if follows && size && commitments.is_sorted_by(|a, b| a < b) {
        u32::try_from(commitments.len()).map_err(|_| Outcome::InvalidBatch)
    } else {
        Err(Outcome::InvalidBatch)
    }
}
