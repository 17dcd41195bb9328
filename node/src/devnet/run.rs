//! Running the script block by block.

use super::casts::Fault;
use super::claims;
use super::key_files::{HomesError, write_homes};
use super::keys;
use super::schedule::{INTERVAL, Until};
use super::script::{Script, ScriptError};
use super::seed::Seed;
use crate::clock::clock;
use crate::engine::{GenesisDocument, Validators};
use crate::home::{ClaimsFile, NoClaimKeys};
use crate::ledger::{Ledger, LedgerError};
use crate::mempool::{Limits, Mempool};
use crate::storage::{StorageError, Store};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tendermint::{Time, chain};
use verifier_core::prove::public_key;
use verifier_core::{GenesisState, Name, NodeAddress, Outcome, Seconds, Transaction};

/// The store's note that holds the settings.
const SETTINGS_NOTE: &str = "devnet";

/// Transactions from outside take at most so much of a block: what a network's blocks hold altogether.
const BYTES_FROM_OUTSIDE: usize = 4 * 1024 * 1024;

/// What an election is drawn from. The same settings give the same bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// 2 to 100; FROST's key generation asks for two.
    pub municipalities: u16,
    /// 2 to 16, abstention included.
    pub candidates: usize,
    pub ballots: u32,
    /// Ballots beyond these that the ledger has to refuse.
    pub invalid: usize,
    pub seed: u64,
    /// When the ledger begins; `None` means such that the election is over by now.
    pub genesis_time: Option<Seconds>,
    /// Blocks are this many seconds apart.
    #[serde(default = "usual_interval")]
    pub interval: Seconds,
    /// Voting takes as few blocks as hold the ballots at so many each; `None` is the usual schedule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_block: Option<usize>,
    /// What is wrong with all refused ballots; `None` takes every kind in turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// Registration and voting in which people from outside take part; `None` is an election of the script alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Live>,
}

/// How much time people from outside have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// From the setup's end to opening.
    pub registration: Seconds,
    /// From opening to closing; `None` is as long as the script's ballots take.
    pub voting: Option<Seconds>,
    /// Whether rights can be had on phones: the contract then names RSA keys of every municipality.
    #[serde(default)]
    pub phones: bool,
}

fn usual_interval() -> Seconds {
    INTERVAL
}

impl Settings {
    /// How long the election takes from when others may take part to its end: from registration, or else from opening.
    pub fn seconds_to_watch(&self) -> Seconds {
        let schedule = Script::draw(self, 0).schedule;
        let registration = self.live.map_or(0, |live| live.registration);
        let begins = schedule.opening.saturating_sub(registration);
        schedule.duration().saturating_sub(begins)
    }
}

/// Why the devnet could not go on.
#[derive(Debug, thiserror::Error)]
pub enum DevnetError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Script(#[from] ScriptError),
    #[error(transparent)]
    Tendermint(#[from] tendermint::Error),
    #[error(transparent)]
    NoClaimKeys(#[from] NoClaimKeys),
    #[error("the folder holds an election with other settings: {0}")]
    OtherSettings(String),
    #[error("the folder's settings cannot be read: {0}")]
    Settings(#[from] serde_json::Error),
}

/// An election and how far it has come.
pub struct Devnet {
    pub script: Script,
    pub ledger: Ledger,
    pub store: Arc<Store>,
    pub validators: Arc<Validators>,
    pub chain_id: String,
    /// The genesis document.
    pub genesis: Value,
    /// What comes from outside, and waits for its block.
    pub mempool: Arc<Mempool>,
    /// Where registrars answer that give rights to phones.
    pub registrars: Vec<NodeAddress>,
    /// The registrars' keys for rights on phones, if there are any.
    claims: Vec<ClaimsFile>,
}

impl Devnet {
    /// What the election in the store was drawn from; `None` if there is none.
    pub fn settings_of(store: &Store) -> Result<Option<Settings>, DevnetError> {
        let note = store.noted(SETTINGS_NOTE)?;
        Ok(note.map(|note| serde_json::from_slice(&note)).transpose()?)
    }

    /// Opens the election that the store holds, or begins one. One that has no genesis time is dated so that it is over at `end`.
    pub fn open(store: Store, settings: &Settings, end: Seconds) -> Result<Self, DevnetError> {
        let genesis_time = recall(&store, settings, end)?;
        let mut script = Script::draw(settings, genesis_time);
        let claims = draw_claims(settings)?;
        let keys = claims.iter().map(ClaimsFile::public).collect();
        script.offices.contract = script.offices.contract.with_claim_keys(keys);
        let validators = Arc::new(keys::validators(
            script.offices.seed,
            &script.offices.contract,
        )?);
        let genesis = genesis_document(&script)?;
        let json = genesis.to_json(&validators);
        let (chain_id, store) = (genesis.chain_id.to_string(), Arc::new(store));
        let ledger = Ledger::open(Arc::clone(&store), genesis, Arc::clone(&validators))?;
        script.offices.genesis = ledger.genesis_hash()?;
        let committed = Arc::clone(ledger.committed());
        Ok(Self {
            mempool: Arc::new(Mempool::new(committed, Limits::default(), clock)),
            script,
            ledger,
            store,
            validators,
            chain_id,
            genesis: json,
            registrars: Vec::new(),
            claims,
        })
    }

    /// Writes the home of every municipality into `folder` and says where each is, for whoever holds its offices from outside; nodes answer at this address.
    ///
    /// # Errors
    /// If a home holds other keys, or cannot be written.
    pub fn write_homes(&self, url: &str, folder: &Path) -> Result<Vec<PathBuf>, HomesError> {
        let offices = &self.script.offices;
        let names = offices.contract.municipalities.iter();
        let names: Vec<Name> = names.map(|m| m.name.clone()).collect();
        let homes = write_homes(offices.seed, &self.chain_id, &names, url, folder)?;
        claims::write_all(&self.claims, &homes)?;
        Ok(homes)
    }

    /// Makes the next block, unless the election has come as far as `until`. Gives its height and outcomes.
    pub fn step(&mut self, until: Until) -> Result<Option<(u64, Vec<Outcome>)>, DevnetError> {
        let height = self.ledger.height() + 1;
        if height > self.script.schedule.last_height(until) {
            return Ok(None);
        }
        let transactions = self
            .script
            .transactions(height, self.ledger.application().election())?;
        let mut bytes: Vec<Vec<u8>> = transactions.iter().map(Transaction::encode).collect();
        bytes.extend(self.waiting_transactions(height)?);
        let next = self.script.schedule.nanoseconds(height + 1);
        let outcomes = self.ledger.advance(bytes.clone(), next)?;
        let committed = Arc::clone(self.ledger.committed());
        self.mempool.update(committed, &bytes, &outcomes);
        Ok(Some((height, outcomes)))
    }

    /// What waits and goes into the block behind the script's own transactions; nothing before the script has set the election up.
    fn waiting_transactions(&self, height: u64) -> Result<Vec<Vec<u8>>, DevnetError> {
        if !self.script.schedule.is_set_up_before(height) {
            return Ok(Vec::new());
        }
        let time = self.ledger.next_time()?;
        Ok(self.mempool.reap(height, time, BYTES_FROM_OUTSIDE))
    }
}

/// The genesis time of the election in the store, if these are its settings; of a new one otherwise.
fn recall(store: &Store, settings: &Settings, end: Seconds) -> Result<Seconds, DevnetError> {
    if let Some(note) = store.noted(SETTINGS_NOTE)? {
        let kept: Settings = serde_json::from_slice(&note)?;
        let same = Settings {
            genesis_time: settings.genesis_time.or(kept.genesis_time),
            ..settings.clone()
        } == kept;
        return match kept.genesis_time {
            Some(time) if same => Ok(time),
            _ => Err(DevnetError::OtherSettings(
                String::from_utf8_lossy(&note).into_owned(),
            )),
        };
    }
    let time = settings
        .genesis_time
        .unwrap_or_else(|| end.saturating_sub(Script::draw(settings, 0).schedule.duration()));
    let kept = Settings {
        genesis_time: Some(time),
        ..settings.clone()
    };
    store.note(SETTINGS_NOTE, &serde_json::to_vec(&kept)?)?;
    Ok(time)
}

fn draw_claims(settings: &Settings) -> Result<Vec<ClaimsFile>, NoClaimKeys> {
    match settings.live {
        Some(Live { phones: true, .. }) => {
            claims::draw_all(Seed(settings.seed), settings.municipalities)
        }
        _ => Ok(Vec::new()),
    }
}

fn genesis_document(script: &Script) -> Result<GenesisDocument, DevnetError> {
    let registrars = script
        .offices
        .keys
        .iter()
        .map(|keys| public_key(&keys.registrar))
        .collect();
    let seconds =
        i64::try_from(script.schedule.genesis).map_err(tendermint::Error::integer_overflow)?;
    Ok(GenesisDocument {
        chain_id: chain::Id::try_from(script.offices.chain_id.clone())?,
        time: Time::from_unix_timestamp(seconds, 0)?,
        app_state: GenesisState::new(registrars).to_app_state(),
    })
}
