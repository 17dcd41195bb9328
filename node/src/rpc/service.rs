//! What the routes answer from.

use super::envelope::RpcError;
use crate::engine::{Validator, Validators};
use crate::mempool::Mempool;
use crate::promise::Promiser;
use crate::storage::Store;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};
use tokio::sync::watch;

/// Everything that the routes need.
pub struct Service {
    pub store: Arc<Store>,
    pub validators: Arc<Validators>,
    pub chain_id: String,
    /// The genesis document.
    pub genesis: Value,
    /// The built portal, if it is to be served.
    pub portal: Option<PathBuf>,
    /// The ledger's archive, if it is to be served.
    pub archive: Option<PathBuf>,
    /// Where transactions from outside wait, if any are taken.
    pub mempool: Option<Arc<Mempool>>,
    /// Who signs the municipalities' promises, in their order; nobody where nothing is promised.
    pub promisers: Vec<Promiser>,
    files: RwLock<Files>,
    height: watch::Sender<u64>,
}

/// Files that change while an election runs.
#[derive(Clone, Default)]
pub struct Files {
    /// The trust card's file.
    pub trust_card: String,
    /// The totals that this node claims, as JSON, once the sums are open.
    pub totals: Option<String>,
    /// Sample receipts: name and text.
    pub receipts: Vec<(String, String)>,
    /// Sample roll slips: whether a right was issued, and text.
    pub slips: Vec<(bool, String)>,
}

impl Service {
    /// A service with no files yet.
    pub fn new(
        store: Arc<Store>,
        validators: Arc<Validators>,
        chain_id: String,
        genesis: Value,
        portal: Option<PathBuf>,
    ) -> Self {
        Self {
            store,
            validators,
            chain_id,
            genesis,
            portal,
            archive: None,
            mempool: None,
            promisers: Vec::new(),
            files: RwLock::default(),
            height: watch::Sender::new(0),
        }
    }

    /// The same with an archive.
    pub fn with_archive(self, archive: Option<PathBuf>) -> Self {
        Self { archive, ..self }
    }

    /// The same, taking transactions from outside.
    pub fn with_mempool(self, mempool: Arc<Mempool>) -> Self {
        Self {
            mempool: Some(mempool),
            ..self
        }
    }

    /// The same, promising the ballots that it takes.
    pub fn with_promisers(self, promisers: Vec<Promiser>) -> Self {
        Self { promisers, ..self }
    }

    /// Who signs a municipality's promises, if anybody does.
    pub fn promiser(&self, municipality: u16) -> Option<&Promiser> {
        self.promisers.get(usize::from(municipality))
    }

    /// The files as they are now.
    pub fn files(&self) -> Files {
        match self.files.read() {
            Ok(files) => files.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    /// Replaces the files.
    pub fn publish(&self, files: Files) {
        match self.files.write() {
            Ok(mut current) => *current = files,
            Err(poisoned) => *poisoned.into_inner() = files,
        }
    }

    /// Tells subscribers of a new block.
    pub fn announce(&self, height: u64) {
        self.height.send_replace(height);
    }

    /// The height that was announced last, and every later one.
    pub fn heights(&self) -> watch::Receiver<u64> {
        self.height.subscribe()
    }

    /// The validator of a municipality.
    pub fn validator(&self, municipality: u16) -> Result<&Validator, RpcError> {
        self.validators
            .in_order()
            .iter()
            .find(|validator| validator.municipality == municipality)
            .ok_or(RpcError::Municipality {
                index: municipality,
            })
    }

    /// The height that a question means: the one it names, or the last.
    pub fn height(&self, asked: Option<u64>) -> Result<u64, RpcError> {
        let last = self.store.last_height()?;
        let height = asked.unwrap_or(last);
        if (1..=last).contains(&height) {
            Ok(height)
        } else {
            Err(RpcError::Height { height, last })
        }
    }
}
