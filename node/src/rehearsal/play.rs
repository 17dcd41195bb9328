//! The whole election, step by step.

use super::delivery::{Delivered, Delivery};
use super::follower::Follower;
use super::receipts;
use super::setup::office_keys;
use super::summary::Summary;
use super::voting::Prepared;
use crate::client::{Client, ClientError};
use crate::devnet::{Casts, Offices, ScriptError, Seed, TURNOUT_ROUNDS, electorates};
use crate::home::{HomeError, KeyFileError};
use crate::network::{CardError, Description, DescriptionError, trust_card, with_final_header};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use verifier_core::prove::ProveError;
use verifier_core::{GenesisState, Outcome, Seconds, TRUST_CARD_FILE, Transaction, TrustCard};

/// The trust card while the election runs, without the final header.
pub const RUNNING_CARD_FILE: &str = "trust-card-running.json";
/// How often the ledger is read.
pub(super) const GLANCE: Duration = Duration::from_millis(100);
/// What was accepted and is not recorded after this long is sent again, to another node.
pub(super) const AGAIN: Duration = Duration::from_secs(10);
/// How long the network has for its first block, and after the deadline for closing, shares and totals.
pub(super) const PATIENCE: Duration = Duration::from_secs(300);

/// What is played.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Ballots that should count.
    pub ballots: u32,
    /// More ballots, which must not.
    pub invalid: usize,
    /// The people, their choices and their addresses follow from it.
    pub seed: u64,
    /// Receipts that are handed out, beside those of ballots that the ledger refused.
    pub receipts: usize,
    /// Connections over which ballots are sent at the same time.
    pub senders: usize,
    /// Ballots a second, if not as many as the network takes.
    pub rate: Option<u32>,
    /// People on each roll beyond those who are played: they may be given rights from outside.
    pub room: u32,
}

/// Why a rehearsal came to no result.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    #[error(transparent)]
    Description(#[from] DescriptionError),
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error(transparent)]
    Key(#[from] KeyFileError),
    #[error(transparent)]
    Script(#[from] ScriptError),
    #[error(transparent)]
    Prove(#[from] ProveError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Card(#[from] CardError),
    #[error("{path}: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error("waited {seconds} s in vain for {what}")]
    Late { what: &'static str, seconds: u64 },
    #[error("{what} was not taken by the network: {outcome}")]
    Refused { what: &'static str, outcome: String },
    #[error("opening has passed, and {what}: give the network more time before opening")]
    NotReady { what: &'static str },
}

/// An election at its opening.
pub struct Polls {
    /// The trust card while the election runs.
    pub card: TrustCard,
    /// Every ballot in the order of sending; those that come after the deadline are the last.
    pub ballots: Vec<Prepared>,
}

/// Everybody who takes part but the trustees.
pub struct Rehearsal {
    folder: PathBuf,
    pub(super) settings: Settings,
    pub(super) description: Description,
    pub(super) offices: Offices,
    pub(super) casts: Casts,
    pub(super) nodes: Vec<Client>,
    pub(super) follower: Follower,
}

impl Rehearsal {
    /// A rehearsal on the network in this folder, whose homes hold every office's keys.
    ///
    /// # Errors
    /// If there is no such network, or a key is missing.
    pub fn open(folder: &Path, settings: Settings) -> Result<Self, RehearsalError> {
        let description = Description::read(folder)?;
        let contract = &description.contract;
        let municipalities = u16::try_from(description.nodes.len()).unwrap_or(u16::MAX);
        let seed = Seed(settings.seed);
        let mut electorates = electorates(seed, municipalities, settings.ballots);
        let room = settings.room;
        electorates
            .iter_mut()
            .for_each(|people| people.make_room(room));
        let casts = Casts::draw(
            seed,
            &electorates,
            contract.candidates.len(),
            settings.invalid,
            None,
        );
        let homes = description.nodes.iter();
        let registrars = contract.municipalities.iter().map(|m| m.registrar);
        Ok(Self {
            folder: folder.to_path_buf(),
            settings,
            follower: Follower::new(description.genesis, GenesisState::new(registrars.collect())),
            nodes: description
                .nodes
                .iter()
                .map(|node| Client::new(&node.rpc))
                .collect(),
            offices: Offices {
                seed,
                chain_id: description.chain_id.clone(),
                genesis: description.genesis,
                contract: contract.clone(),
                keys: homes
                    .map(|node| office_keys(&folder.join(&node.home)))
                    .collect::<Result<_, _>>()?,
                electorates,
            },
            casts,
            description,
        })
    }

    /// Sample roll slips, with whether a right is issued against each.
    pub fn roll_slips(&self) -> Vec<(bool, String)> {
        self.offices.roll_slips(self.nodes.len())
    }

    /// The election up to its opening, with every ballot encrypted and none sent.
    ///
    /// # Errors
    /// If the network does not take its part, or not in time.
    pub fn open_polls(&mut self, say: &dyn Fn(&str)) -> Result<Polls, RehearsalError> {
        self.wait("the first block", PATIENCE, |follower| {
            follower.height() >= 1
        })?;
        let card = trust_card(&self.description, self.any_node()?)?;
        self.publish(RUNNING_CARD_FILE, &card)?;
        say("defining the election, certifying rolls, issuing voting rights");
        self.set_up()?;
        say("waiting for the trustees' keys");
        self.wait_for_keys()?;
        say("encrypting ballots");
        let ballots = self.prepare()?;
        let opening = self.offices.contract.opening;
        say("waiting for opening");
        self.wait("opening", PATIENCE + until(opening), |follower| {
            follower.time() >= opening
        })?;
        self.certify_turnout(1)?;
        Ok(Polls { card, ballots })
    }

    /// Holds the election, from its definition to its final header, and writes trust card and receipts into the network's folder.
    ///
    /// # Errors
    /// If the network does not take its part, or not in time.
    pub fn run(&mut self, say: &dyn Fn(&str)) -> Result<Summary, RehearsalError> {
        let Polls { card, mut ballots } = self.open_polls(say)?;
        let late = ballots.split_off(self.casts.timely());
        say("voting");
        let started = Instant::now();
        let mut delivered = self.vote(&ballots);
        self.wait_for_ballots(&ballots, &mut delivered)?;
        for round in 2..=TURNOUT_ROUNDS {
            self.certify_turnout(round)?;
        }
        say("waiting for closing and the grace after it");
        self.close()?;
        delivered.extend(
            late.iter()
                .map(|ballot| self.delivery().send(&ballot.bytes, 0)),
        );
        ballots.extend(late);
        say("waiting for the trustees' shares");
        self.wait_for_shares()?;
        let card = with_final_header(card, self.any_node()?)?;
        self.wait_for_totals()?;
        receipts::write(self, &ballots, &delivered, &self.folder)?;
        let ended = delivered
            .iter()
            .zip(&ballots)
            .map(|(delivered, ballot)| (delivered, self.recorded(ballot), self.is_outdone(ballot)));
        let mut summary = Summary::of_ballots(started, ended);
        summary.shares = self.follower.shares();
        summary.final_height = card.final_header.map_or(0, |anchor| anchor.height);
        self.publish(TRUST_CARD_FILE, &card)?;
        Ok(summary)
    }

    fn certify_turnout(&mut self, round: u16) -> Result<(), RehearsalError> {
        let certificates = self
            .offices
            .certify_turnout(round, self.follower.election());
        self.settle("turnout", certificates)
    }

    /// A node that answers.
    pub(super) fn any_node(&self) -> Result<&Client, RehearsalError> {
        let mut refusal = None;
        for node in &self.nodes {
            match node.status() {
                Ok(_) => return Ok(node),
                Err(error) => refusal = Some(error),
            }
        }
        Err(refusal.map_or(
            RehearsalError::Late {
                what: "a node",
                seconds: 0,
            },
            RehearsalError::Client,
        ))
    }

    pub(super) fn delivery(&self) -> Delivery<'_> {
        Delivery {
            nodes: &self.nodes,
            senders: 1,
            rate: None,
            until: Instant::now() + AGAIN,
        }
    }

    /// Sends transactions one after the other and waits until all have taken effect.
    pub(super) fn settle(
        &mut self,
        what: &'static str,
        transactions: Vec<Transaction>,
    ) -> Result<(), RehearsalError> {
        let end = Instant::now() + PATIENCE;
        let mut first = 0;
        loop {
            let codes = transactions.iter().map(|t| t.body.tracking_code());
            let missing: Vec<&Transaction> = transactions
                .iter()
                .zip(codes)
                .filter(|(_, code)| self.follower.recorded(code).is_none())
                .map(|(transaction, _)| transaction)
                .collect();
            if missing.is_empty() {
                break;
            }
            for transaction in &missing {
                let delivered = self.delivery().send(&transaction.encode(), first);
                if let Delivered::Refused { code } = delivered {
                    let outcome = format!("{:?}", Outcome::from_code(code));
                    return Err(RehearsalError::Refused { what, outcome });
                }
            }
            let last: Vec<_> = missing.iter().map(|t| t.body.tracking_code()).collect();
            let done = self.wait(what, AGAIN, |follower| {
                last.iter().all(|code| follower.recorded(code).is_some())
            });
            if done.is_err() && Instant::now() > end {
                return done;
            }
            first += 1;
        }
        for transaction in &transactions {
            let recorded = self.follower.recorded(&transaction.body.tracking_code());
            if let Some(recorded) = recorded
                && recorded.outcome != Outcome::Ok
            {
                let outcome = format!("{:?}", recorded.outcome);
                return Err(RehearsalError::Refused { what, outcome });
            }
        }
        Ok(())
    }

    /// Reads the ledger until it has come so far.
    pub(super) fn wait(
        &mut self,
        what: &'static str,
        patience: Duration,
        there: impl Fn(&Follower) -> bool,
    ) -> Result<(), RehearsalError> {
        let end = Instant::now() + patience;
        loop {
            // Nodes may still be starting, or be started again.
            let _ = self.follower.read(&self.nodes);
            if there(&self.follower) {
                return Ok(());
            }
            if Instant::now() >= end {
                let seconds = patience.as_secs();
                return Err(RehearsalError::Late { what, seconds });
            }
            std::thread::sleep(GLANCE);
        }
    }

    /// Writes a trust card into the network's folder and every home, whole or not at all.
    fn publish(&self, name: &str, card: &TrustCard) -> Result<(), RehearsalError> {
        let text = card.to_json();
        for node in &self.description.nodes {
            let home = self.folder.join(&node.home);
            write_whole(&home.join(TRUST_CARD_FILE), text.as_bytes())?;
        }
        write_whole(&self.folder.join(name), text.as_bytes())
    }
}

/// Writes a file under another name first, so that nobody reads half of it.
pub(super) fn write_whole(path: &Path, content: &[u8]) -> Result<(), RehearsalError> {
    let partial = path.with_extension("partial");
    std::fs::write(&partial, content)
        .and_then(|()| std::fs::rename(&partial, path))
        .map_err(|source| RehearsalError::Write {
            path: path.to_path_buf(),
            source,
        })
}

/// How long it is until then, by this machine's clock.
pub(super) fn until(time: Seconds) -> Duration {
    let then = UNIX_EPOCH + Duration::from_secs(time);
    then.duration_since(SystemTime::now()).unwrap_or_default()
}
