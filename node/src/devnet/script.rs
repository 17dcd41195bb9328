//! The script: every transaction of the election, made when its block comes.
//!
//! What a transaction needs is drawn from the seed or read from the ledger, so that a devnet that was stopped goes on as if it had not been.
//! What is remembered between blocks only saves time.

use super::casts::{Casts, Device};
use super::key_files;
use super::keys::{self, TrusteeSecrets};
use super::offices::Offices;
use super::people;
use super::schedule::{Pacing, Schedule, Work};
use super::seed::Seed;
use rayon::prelude::*;
use std::sync::OnceLock;
use verifier_core::prove::{self, BallotProver, ProveError, TrusteeKeys};
use verifier_core::{Action, DealKey, Election, EncryptedSum, GenesisHash, KeySet, Transaction};

/// People on a live election's rolls beyond those whom the script plays.
const ROOM: u32 = 2_000;

/// Why the script could not go on.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    #[error(transparent)]
    Prove(#[from] ProveError),
    #[error("there is no municipality {0}")]
    Municipality(u16),
    #[error("there is no cast {0}")]
    Cast(usize),
    #[error("the keys are not complete")]
    Keys,
    #[error("the sums are not closed")]
    NotClosed,
}

/// Everything that the devnet knows of its election.
pub struct Script {
    pub offices: Offices,
    pub schedule: Schedule,
    pub trustees: Vec<TrusteeSecrets>,
    pub casts: Casts,
    /// Every trustee's shares, once the dealings are all there. A devnet's dealings are good, so that there is one attempt.
    opened: OnceLock<Vec<TrusteeKeys>>,
}

impl Script {
    /// The transactions of a block, from the election as it is before it.
    pub fn transactions(
        &self,
        height: u64,
        election: &Election,
    ) -> Result<Vec<Transaction>, ScriptError> {
        let work = self.schedule.work(height);
        let mut transactions = self.trustees_work(work, election)?;
        let others = work.par_iter().map(|work| self.others_work(work, election));
        for made in others.collect::<Result<Vec<_>, ScriptError>>()? {
            transactions.extend(made);
        }
        Ok(transactions)
    }

    /// What registrars, observers and voters do.
    fn others_work(
        &self,
        work: &Work,
        election: &Election,
    ) -> Result<Vec<Transaction>, ScriptError> {
        Ok(match work {
            Work::Define => vec![self.offices.define()],
            Work::CertifyRolls => self.offices.certify_rolls(),
            Work::Issue {
                municipality,
                batch,
            } => vec![self.offices.issue(*municipality, *batch)?],
            Work::Casts(casts) if casts.is_empty() => Vec::new(),
            Work::Casts(casts) => self.cast(casts.clone(), &self.device(election)?)?,
            Work::Turnout { round } => self.offices.certify_turnout(*round, election),
            Work::Close if election.close().is_some() => Vec::new(),
            Work::Close => vec![self.offices.close()],
            Work::Deal { .. } | Work::Ready { .. } | Work::Share { .. } => Vec::new(),
        })
    }

    /// A casting device; the keys must be complete.
    pub fn device(&self, election: &Election) -> Result<Device, ScriptError> {
        let keys = election.complete_key_set().ok_or(ScriptError::Keys)?;
        Ok(Device {
            seed: self.offices.seed,
            genesis: self.offices.genesis,
            contract: self.offices.contract.id(),
            prover: BallotProver::new(keys.ballot_keys()),
        })
    }

    fn cast(
        &self,
        casts: std::ops::Range<usize>,
        device: &Device,
    ) -> Result<Vec<Transaction>, ScriptError> {
        let make = |index: usize| {
            let cast = self.casts.all.get(index).ok_or(ScriptError::Cast(index))?;
            Ok(device.cast(cast)?)
        };
        casts.into_par_iter().map(make).collect()
    }

    /// What trustees do: deal, show that they are ready, open the sums. Each of them on its own, on all cores.
    fn trustees_work(
        &self,
        work: &[Work],
        election: &Election,
    ) -> Result<Vec<Transaction>, ScriptError> {
        let keys = |work: &Work| matches!(work, Work::Ready { .. } | Work::Share { .. });
        if work.iter().any(keys) {
            self.open_dealings(election.key_set().ok_or(ScriptError::Keys)?, election)?;
        }
        let transactions = work.par_iter().map(|work| match work {
            Work::Deal { trustee } => Some(self.deal(*trustee)),
            Work::Ready { trustee } => Some(self.ready(*trustee, election)),
            Work::Share { trustee } => Some(self.share(*trustee, election)),
            _ => None,
        });
        transactions.flatten().collect()
    }

    fn deal(&self, trustee: u16) -> Result<Transaction, ScriptError> {
        let mut rng = self.offices.seed.rng("deal", &[trustee.into()]);
        let deal = prove::deal(
            &self.offices.genesis,
            &self.offices.contract,
            0,
            trustee,
            &mut rng,
        )?;
        self.signed(Action::DealKey(deal), trustee)
    }

    fn ready(&self, trustee: u16, election: &Election) -> Result<Transaction, ScriptError> {
        let key_set = election.key_set().ok_or(ScriptError::Keys)?;
        let keys = self.trustee_keys(trustee)?;
        let ready = prove::prove_ready(
            key_set,
            keys,
            &mut self.offices.seed.rng("ready", &[trustee.into()]),
        );
        self.signed(Action::KeyReady(ready), trustee)
    }

    fn share(&self, trustee: u16, election: &Election) -> Result<Transaction, ScriptError> {
        let key_set = election.complete_key_set().ok_or(ScriptError::Keys)?;
        let close = election.close().ok_or(ScriptError::NotClosed)?;
        let sums: Vec<EncryptedSum> = close.cells.iter().map(|cell| cell.sum.clone()).collect();
        let keys = self.trustee_keys(trustee)?;
        let share = prove::decrypt_sums(
            key_set,
            close.code,
            &sums,
            keys,
            &mut self.offices.seed.rng("share", &[trustee.into()]),
        );
        self.signed(Action::Share(share), trustee)
    }

    /// A trustee's shares; [`Self::open_dealings`] must have come before.
    fn trustee_keys(&self, trustee: u16) -> Result<&TrusteeKeys, ScriptError> {
        let opened = self.opened.get().ok_or(ScriptError::Keys)?;
        opened
            .get(usize::from(trustee))
            .ok_or(ScriptError::Municipality(trustee))
    }

    /// Opens every trustee's shares from the ledger's dealings, once the key set is there.
    fn open_dealings(&self, key_set: &KeySet, election: &Election) -> Result<(), ScriptError> {
        if self.opened.get().is_some() {
            return Ok(());
        }
        let trustees: Vec<(u16, &TrusteeSecrets)> = (0..).zip(&self.trustees).collect();
        let dealings: Option<Vec<DealKey>> = trustees
            .iter()
            .map(|(dealer, _)| election.dealing(*dealer).cloned())
            .collect();
        let dealings = dealings.ok_or(ScriptError::Keys)?;
        let open = |(trustee, keys): (u16, &TrusteeSecrets)| {
            Ok(TrusteeKeys::receive(
                key_set,
                &self.offices.contract,
                &dealings,
                trustee,
                &keys.encryption,
            )?)
        };
        let opened = trustees
            .into_par_iter()
            .map(open)
            .collect::<Result<Vec<_>, ScriptError>>()?;
        self.opened.get_or_init(|| opened);
        Ok(())
    }

    /// A trustee's transaction.
    fn signed(&self, action: Action, trustee: u16) -> Result<Transaction, ScriptError> {
        Ok(self
            .offices
            .signed(action, &[&self.trustee(trustee)?.signing]))
    }

    fn trustee(&self, index: u16) -> Result<&TrusteeSecrets, ScriptError> {
        self.trustees
            .get(usize::from(index))
            .ok_or(ScriptError::Municipality(index))
    }
}

impl Script {
    /// Draws an election: keys, people, casts and schedule. The ledger's genesis follows from it, and is filled in by [`super::Devnet`].
    pub fn draw(settings: &super::Settings, genesis_time: u64) -> Self {
        let seed = Seed(settings.seed);
        let municipalities = match settings.live {
            None => keys::draw_all(seed, settings.municipalities),
            Some(_) => key_files::draw_all(seed, settings.municipalities),
        };
        let mut electorates = people::electorates(seed, settings.municipalities, settings.ballots);
        if settings.live.is_some() {
            electorates
                .iter_mut()
                .for_each(|people| people.make_room(ROOM));
        }
        let casts = Casts::draw(
            seed,
            &electorates,
            settings.candidates,
            settings.invalid,
            settings.fault,
        );
        let pacing = Pacing {
            interval: settings.interval,
            per_block: settings.per_block,
            live: settings.live,
        };
        let (timely, late) = (casts.timely(), casts.late);
        let schedule = Schedule::new(genesis_time, pacing, &electorates, timely, late);
        let contract = keys::contract(&municipalities, settings.candidates, &schedule);
        let (keys, trustees) = municipalities
            .into_iter()
            .map(|municipality| (municipality.offices, municipality.trustee))
            .unzip();
        Self {
            offices: Offices {
                seed,
                chain_id: format!("chamgwan-devnet-{}", settings.seed),
                genesis: GenesisHash([0; 32]),
                contract,
                keys,
                electorates,
            },
            schedule,
            trustees,
            casts,
            opened: OnceLock::new(),
        }
    }
}
