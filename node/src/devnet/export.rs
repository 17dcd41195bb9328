//! The election as a folder of files: the answers of a node, the trust card, receipts.

use super::run::{Devnet, DevnetError};
use crate::rpc;
use crate::storage::StorageError;
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};
use verifier_core::{TRUST_CARD_FILE, block_file};

/// Why an election could not be written as a folder.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Devnet(#[from] DevnetError),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("the validators cannot be listed: {0}")]
    Validators(String),
    #[error("{path}: {source}")]
    Write { path: PathBuf, source: io::Error },
}

/// Writes trust card, genesis, validators, every block, the claimed totals and `receipts` sample receipts. What an earlier export
/// left in the folder's `blocks` and `receipts` is removed.
pub fn export(devnet: &Devnet, folder: &Path, receipts: usize) -> Result<(), ExportError> {
    for part in ["blocks", "receipts"] {
        let part = folder.join(part);
        if part.exists() {
            std::fs::remove_dir_all(&part).map_err(at(&part))?;
        }
        std::fs::create_dir_all(&part).map_err(at(&part))?;
    }
    let files = devnet.files(None, receipts)?;
    write(folder, TRUST_CARD_FILE, files.trust_card.as_bytes())?;
    write(
        folder,
        "genesis.json",
        json!({ "genesis": devnet.genesis }).to_string().as_bytes(),
    )?;
    write(
        folder,
        "validators.json",
        validators(devnet)?.to_string().as_bytes(),
    )?;
    if let Some(totals) = &files.totals {
        write(folder, "totals.json", totals.as_bytes())?;
    }
    for (name, receipt) in &files.receipts {
        write(folder, &format!("receipts/{name}"), receipt.as_bytes())?;
    }
    write_blocks(devnet, folder)
}

/// Every block but the last, whose commit authenticates what the one before it did.
fn write_blocks(devnet: &Devnet, folder: &Path) -> Result<(), ExportError> {
    let last = devnet.ledger.height();
    for height in 1..=last {
        let record = devnet.store.block(height)?;
        let commit = rpc::signed_header(&record, height < last);
        let content = if height < last {
            let root = devnet.store.root(height)?.ok_or(StorageError::Corrupt {
                what: "root",
                height,
            })?;
            let results = rpc::block_results(height, &record.outcomes, &root);
            json!({ "block": rpc::block_with_id(&record), "commit": commit, "results": results })
        } else {
            json!({ "commit": commit })
        };
        write(folder, &block_file(height), content.to_string().as_bytes())?;
    }
    Ok(())
}

fn validators(devnet: &Devnet) -> Result<Value, ExportError> {
    rpc::validator_list(&devnet.validators, devnet.ledger.height(), 1, u64::MAX)
        .map_err(|e| ExportError::Validators(e.to_string()))
}

fn write(folder: &Path, name: &str, content: &[u8]) -> Result<(), ExportError> {
    let path = folder.join(name);
    std::fs::write(&path, content).map_err(at(&path))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> ExportError + use<> {
    let path = path.to_path_buf();
    move |source| ExportError::Write { path, source }
}
