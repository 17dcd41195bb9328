//! The election as an archive, written while it runs.

use super::run::{Devnet, DevnetError};
use super::schedule::Until;
use crate::archive::{Archive, ArchiveError, Progress, Source};
use serde_json::json;
use std::path::Path;
use verifier_core::TRUST_CARD_FILE;

/// Why an election could not be archived.
#[derive(Debug, thiserror::Error)]
pub enum ArchivingError {
    #[error(transparent)]
    Devnet(#[from] DevnetError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// The archive of a devnet.
pub struct Archiving {
    archive: Archive,
}

impl Archiving {
    /// Goes on with the archive in this folder, or begins one with genesis and trust card.
    ///
    /// # Errors
    /// If the folder cannot be used, or holds another election.
    pub fn open(devnet: &Devnet, folder: &Path, hints: bool) -> Result<Self, ArchivingError> {
        let genesis = devnet.script.offices.genesis;
        let archive = Archive::open(folder, &devnet.chain_id, genesis, hints)?;
        let document = json!({ "genesis": devnet.genesis }).to_string();
        archive.hand_out("genesis.json", document.as_bytes())?;
        Ok(Self { archive })
    }

    /// Takes in what the ledger holds; the rest once the election is over.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn advance(
        &mut self,
        devnet: &Devnet,
        url: Option<&str>,
    ) -> Result<Progress, ArchivingError> {
        let height = devnet.ledger.height();
        let ended = height >= devnet.script.schedule.last_height(Until::Result);
        let source = Source::Store(&devnet.store);
        self.archive
            .advance(&source, height.saturating_sub(1), ended, |_| {})?;
        if height == 1 || ended {
            let card = devnet.trust_card(url)?;
            self.archive.hand_out(TRUST_CARD_FILE, card.as_bytes())?;
        }
        if ended && let Some(totals) = devnet.totals() {
            let totals = serde_json::to_string(&totals).map_err(DevnetError::from)?;
            self.archive.hand_out("totals.json", totals.as_bytes())?;
        }
        Ok(self.archive.progress())
    }
}
