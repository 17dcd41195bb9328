//! The snapshots of one node: taken every so many blocks, the last few kept, each a folder with its chunks.

use super::content::{Chunks, Content};
use super::manifest::{CHUNK_BYTES, FORMAT, Manifest};
use crate::replica::Committed;
use crate::storage::{Pinned, StorageError, Tip};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tendermint_proto::v0_38::abci::Snapshot;
use verifier_core::Hash;

/// So many are kept: a joining node may still be fetching the one before the last.
const KEPT: usize = 3;
const MANIFEST_FILE: &str = "manifest";

/// Where snapshots lie, and how often one is taken.
#[derive(Clone, Debug)]
pub struct Snapshots {
    folder: PathBuf,
    interval: u64,
}

impl Snapshots {
    /// Snapshots in this folder, every `interval` blocks; none if 0.
    pub fn new(folder: PathBuf, interval: u64) -> Self {
        Self { folder, interval }
    }

    /// Where the chunks of another node's snapshot are put.
    pub fn incoming(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    /// Whether one is to be taken after this block.
    pub fn is_due(&self, height: u64) -> bool {
        self.interval > 0 && height.checked_rem(self.interval) == Some(0)
    }

    /// Takes a snapshot of a committed state, of which `pinned` is the store, and forgets the oldest.
    pub fn take(&self, committed: &Committed, pinned: &Pinned) -> Result<(), StorageError> {
        let partial = self.folder.join(format!("{}.partial", committed.height));
        if partial.exists() {
            fs::remove_dir_all(&partial)?;
        }
        fs::create_dir_all(&partial)?;
        let manifest = write_chunks(&partial, committed, pinned)?;
        write(&partial.join(MANIFEST_FILE), &manifest.to_bytes())?;
        let done = self.at(committed.height);
        if done.exists() {
            fs::remove_dir_all(&done)?;
        }
        fs::rename(&partial, done)?;
        self.forget_oldest()
    }

    /// The snapshots that are there, the newest first.
    pub fn list(&self) -> Vec<Snapshot> {
        let heights = self.heights().into_iter().rev();
        heights
            .filter_map(|height| {
                let metadata = fs::read(self.at(height).join(MANIFEST_FILE)).ok()?;
                let manifest: Manifest = borsh::from_slice(&metadata).ok()?;
                Some(Snapshot {
                    height,
                    format: FORMAT,
                    chunks: u32::try_from(manifest.chunks.len()).ok()?,
                    hash: manifest.hash().0.to_vec().into(),
                    metadata: metadata.into(),
                })
            })
            .collect()
    }

    /// One chunk; `None` if it is not there any more.
    pub fn chunk(&self, height: u64, format: u32, chunk: u32) -> Option<Vec<u8>> {
        if format != FORMAT {
            return None;
        }
        fs::read(self.at(height).join(chunk_name(chunk))).ok()
    }

    fn at(&self, height: u64) -> PathBuf {
        self.folder.join(height.to_string())
    }

    fn heights(&self) -> BTreeSet<u64> {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return BTreeSet::new();
        };
        entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .collect()
    }

    fn forget_oldest(&self) -> Result<(), StorageError> {
        let heights = self.heights();
        let too_many = heights.len().saturating_sub(KEPT);
        for height in heights.into_iter().take(too_many) {
            fs::remove_dir_all(self.at(height))?;
        }
        Ok(())
    }
}

fn write_chunks(
    folder: &Path,
    committed: &Committed,
    pinned: &Pinned,
) -> Result<Manifest, StorageError> {
    let mut hashes = Vec::new();
    let mut chunks = Chunks::new(CHUNK_BYTES, |chunk: &[u8]| {
        let number = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
        hashes.push(Hash::of(chunk));
        write(&folder.join(chunk_name(number)), chunk)
    });
    chunks.push(&Content::Header {
        genesis: committed.application.genesis(),
        height: committed.height,
        tip: Tip {
            time: committed.time,
            tally: committed.application.tally().clone(),
        },
    })?;
    pinned.each_event(|event| Ok::<_, StorageError>(chunks.push(&Content::Event(event))?))?;
    pinned.each_spent(|spent| Ok::<_, StorageError>(chunks.push(&Content::Spent(spent))?))?;
    chunks.push(&Content::End)?;
    chunks.finish()?;
    Ok(Manifest { chunks: hashes })
}

fn chunk_name(number: u32) -> String {
    format!("{number:06}")
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
