//! Before opening: the candidates' keys, dealt by every trustee, complained about, confirmed.

use super::{Culprit, Election, check_signatures};
use crate::ids::Seconds;
use crate::keys::{KeySet, check_complaint, check_dealing, check_ready};
use crate::outcome::Outcome;
use crate::transaction::{Complain, DealKey, KeyReady, Transaction};
use std::sync::Arc;

impl Election {
    pub(super) fn deal_key(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        deal: &DealKey,
    ) -> Result<(), Outcome> {
        self.require_before_opening(time)?;
        let trustee = self.require_municipality(deal.dealer)?.trustee;
        check_signatures(transaction, &[trustee])?;
        if deal.attempt != self.attempt {
            return Err(Outcome::WrongAttempt);
        }
        if self.dealing(deal.dealer).is_some() {
            return Err(Outcome::Repeated);
        }
        check_dealing(self.require_contract()?, self.attempt, deal).map_err(|e| e.outcome())?;
        self.require_progress(deal.dealer)?.dealt = Some(Arc::new(deal.clone()));
        self.derive_key_set()
    }

    /// Once every trustee has dealt, the candidate addresses follow. Dealings that give an address no key can have start a new attempt.
    fn derive_key_set(&mut self) -> Result<(), Outcome> {
        let dealings: Option<Vec<DealKey>> = self
            .municipalities
            .iter()
            .map(|m| m.dealt.as_deref().cloned())
            .collect();
        let (Some(dealings), Some((_, contract))) = (dealings, &self.defined) else {
            return Ok(());
        };
        match KeySet::derive(self.genesis, contract, self.attempt, &dealings) {
            Ok(key_set) => self.key_set = Some(Arc::new(key_set)),
            Err(_) => self.start_attempt(),
        }
        Ok(())
    }

    pub(super) fn key_ready(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        ready: &KeyReady,
    ) -> Result<(), Outcome> {
        self.require_before_opening(time)?;
        let trustee = self.require_municipality(ready.trustee)?.trustee;
        check_signatures(transaction, &[trustee])?;
        let key_set = self.key_set.as_ref().ok_or(Outcome::KeysIncomplete)?;
        if ready.key_set != key_set.id() {
            return Err(Outcome::WrongAttempt);
        }
        check_ready(key_set, ready).map_err(|e| e.outcome())?;
        let progress = self.require_progress(ready.trustee)?;
        if progress.ready {
            return Err(Outcome::Repeated);
        }
        progress.ready = true;
        Ok(())
    }

    pub(super) fn complain(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        complain: &Complain,
    ) -> Result<(), Outcome> {
        self.require_before_opening(time)?;
        if self.complete_key_set().is_some() {
            // Every trustee has shown that its shares are good: a late complaint could only hold up the election.
            return Err(Outcome::OutsideWindow);
        }
        let trustee = self.require_municipality(complain.recipient)?.trustee;
        self.require_municipality(complain.dealer)?;
        check_signatures(transaction, &[trustee])?;
        if complain.attempt != self.attempt {
            return Err(Outcome::WrongAttempt);
        }
        let deal = self.dealing(complain.dealer);
        let deal = deal.ok_or(Outcome::KeysIncomplete)?;
        check_complaint(&self.genesis, self.require_contract()?, deal, complain)
            .map_err(|e| e.outcome())?;
        self.culprits.push(Culprit {
            attempt: self.attempt,
            dealer: complain.dealer,
        });
        self.start_attempt();
        Ok(())
    }

    fn start_attempt(&mut self) {
        self.attempt = self.attempt.saturating_add(1);
        self.key_set = None;
        for progress in self.municipalities.iter_mut().map(Arc::make_mut) {
            progress.dealt = None;
            progress.ready = false;
        }
    }
}
