//! From opening on: turnout, the close of the sums, the trustees' shares.

use super::{Close, Election, Station, check_signatures};
use crate::ids::{Seconds, TrackingCode};
use crate::outcome::Outcome;
use crate::share::check_share;
use crate::tally::Tally;
use crate::transaction::{CertifyTurnout, Share, Transaction};
use std::sync::Arc;

impl Election {
    pub(super) fn certify_turnout(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        turnout: &CertifyTurnout,
    ) -> Result<(), Outcome> {
        // No end: whoever closes the sums must not be able to shut a last certificate out.
        if time < self.require_contract()?.opening {
            return Err(Outcome::OutsideWindow);
        }
        let municipality = self.require_municipality(turnout.municipality)?;
        check_signatures(
            transaction,
            &[municipality.registrar, municipality.observer],
        )?;
        let progress = self.require_progress(turnout.municipality)?;
        let before = progress.stations.get(&turnout.station);
        check_chain(before, turnout)?;
        let so_far = before.map_or(0, |station| station.checked_in);
        let total = (progress.checked_in().saturating_sub(so_far)).checked_add(turnout.checked_in);
        if total.is_none_or(|total| total > progress.roll.unwrap_or(0)) {
            return Err(Outcome::ExceedsTurnout);
        }
        let station = Station {
            sequence: turnout.sequence,
            code: transaction.body.tracking_code(),
            checked_in: turnout.checked_in,
        };
        progress.stations.insert(turnout.station, station);
        Ok(())
    }

    pub(super) fn close_sums(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        tally: &Tally,
    ) -> Result<(), Outcome> {
        let contract = self.require_contract()?;
        if time < contract.deadline() {
            return Err(Outcome::OutsideWindow);
        }
        if self.close.is_some() {
            return Err(Outcome::Repeated);
        }
        self.complete_key_set().ok_or(Outcome::KeysIncomplete)?;
        let close = Close {
            code: transaction.body.tracking_code(),
            cells: tally.cells(contract.minimum_cell),
        };
        self.close = Some(Arc::new(close));
        Ok(())
    }

    pub(super) fn add_share(
        &mut self,
        transaction: &Transaction,
        share: &Share,
    ) -> Result<(), Outcome> {
        let trustee = self.require_municipality(share.trustee)?.trustee;
        check_signatures(transaction, &[trustee])?;
        let close = self.close.as_ref().ok_or(Outcome::NotClosed)?;
        let key_set = self.complete_key_set().ok_or(Outcome::KeysIncomplete)?;
        let sums: Vec<_> = close.cells.iter().map(|cell| cell.sum.clone()).collect();
        let checked = check_share(key_set, close.code, &sums, share).map_err(|e| e.outcome())?;
        let progress = self.require_progress(share.trustee)?;
        if progress.share.is_some() {
            return Err(Outcome::Repeated);
        }
        progress.share = Some(checked);
        Ok(())
    }
}

/// The certificate is the station's next, names the one before and does not shrink.
fn check_chain(before: Option<&Station>, turnout: &CertifyTurnout) -> Result<(), Outcome> {
    let chained = match before {
        None => turnout.sequence == 0 && turnout.previous == TrackingCode([0; 32]),
        Some(station) => {
            station.sequence.checked_add(1) == Some(turnout.sequence)
                && turnout.previous == station.code
                && turnout.checked_in >= station.checked_in
        }
    };
    if chained {
        Ok(())
    } else {
        Err(Outcome::BrokenChain)
    }
}
