//! The folder: bundles are added at its end, each complete on disk before the index names it.

use super::source::{Source, SourceError};
use rayon::prelude::*;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use verifier_core::{
    ARCHIVE_INDEX_FILE, ArchiveIndex, ArchivedBlock, Bundle, BundleEntry, BundleWriter,
    GenesisHash, Hash, Height, HintsEntry, bundle_file, cast_hints, encode_hints, hints_file,
};

/// Why an archive could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("{} cannot be used: {source}", path.display())]
    File {
        path: PathBuf,
        source: verifier_core::ArchiveError,
    },
    #[error("{} holds the archive of another ledger: {actual}", path.display())]
    OtherLedger { path: PathBuf, actual: String },
    #[error(transparent)]
    Source(#[from] SourceError),
}

/// An archive and how far it goes.
pub struct Archive {
    folder: PathBuf,
    index: ArchiveIndex,
    /// Whether bundles get hints.
    hints: bool,
    /// Blocks that no bundle on disk holds yet.
    open: BundleWriter,
    next: Height,
}

/// How far an archive goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub bundles: usize,
    /// The last block in a bundle; 0 before there is one.
    pub last: Height,
    pub ballots: u64,
}

impl Archive {
    /// Opens the archive in this folder to go on with it, or begins one.
    ///
    /// # Errors
    /// If the folder holds another ledger's archive, or a file of the index is missing or has another size.
    pub fn open(
        folder: &Path,
        chain_id: &str,
        genesis: GenesisHash,
        hints: bool,
    ) -> Result<Self, ArchiveError> {
        std::fs::create_dir_all(folder).map_err(at(folder))?;
        let path = folder.join(ARCHIVE_INDEX_FILE);
        let index = match std::fs::read(&path) {
            Ok(bytes) => ArchiveIndex::parse(&bytes).map_err(|source| ArchiveError::File {
                path: path.clone(),
                source,
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                ArchiveIndex::new(chain_id.into(), genesis)
            }
            Err(error) => return Err(ArchiveError::Io { path, error }),
        };
        if index.chain_id != chain_id || index.genesis_hash != genesis {
            let actual = format!("{}, genesis {}", index.chain_id, index.genesis_hash);
            return Err(ArchiveError::OtherLedger { path, actual });
        }
        let archive = Self {
            next: index.last().unwrap_or(0).saturating_add(1),
            open: BundleWriter::new(index.ballots() > 0),
            folder: folder.into(),
            index,
            hints,
        };
        archive.check_files()?;
        Ok(archive)
    }

    /// Takes the blocks up to `last` in, and writes each bundle that is full. `ended` says that `last` is the election's last block, which closes its bundle.
    ///
    /// # Errors
    /// If a block is not to be had, or a file cannot be written. What was written before stays.
    pub fn advance(
        &mut self,
        source: &Source<'_>,
        last: Height,
        ended: bool,
        mut progress: impl FnMut(Height),
    ) -> Result<(), ArchiveError> {
        self.add_missing_hints()?;
        while self.next <= last {
            let height = self.next;
            let block = source.block(height)?;
            if !self.open.takes(&block) {
                self.close(source)?;
            }
            self.push(&block)?;
            progress(height);
        }
        if ended && self.open.heights().is_some() {
            self.close(source)?;
        }
        self.write_index()
    }

    /// Writes a file beside the bundles, such as the genesis.
    pub fn hand_out(&self, name: &str, content: &[u8]) -> Result<(), ArchiveError> {
        self.write(name, content)
    }

    /// How far it goes.
    pub fn progress(&self) -> Progress {
        Progress {
            bundles: self.index.bundles.len(),
            last: self.index.last().unwrap_or(0),
            ballots: self.index.ballots(),
        }
    }

    fn push(&mut self, block: &ArchivedBlock) -> Result<(), ArchiveError> {
        self.open
            .push(block)
            .map_err(|source| self.unusable(ARCHIVE_INDEX_FILE, source))?;
        self.next = self.next.saturating_add(1);
        Ok(())
    }

    /// Writes the open bundle and begins the next one.
    fn close(&mut self, source: &Source<'_>) -> Result<(), ArchiveError> {
        let Some((first, last)) = self.open.heights() else {
            return Ok(());
        };
        let ballots = self.open.ballots();
        let after_ballots = ballots > 0 || self.index.ballots() > 0;
        let next = source.header(last.saturating_add(1))?;
        let bundle = std::mem::replace(&mut self.open, BundleWriter::new(after_ballots));
        let bytes = bundle.close(&next);
        let number = u32::try_from(self.index.bundles.len()).unwrap_or(u32::MAX);
        self.write(&bundle_file(number), &bytes)?;
        let hints = match self.hints {
            true => Some(self.write_hints(number, &bytes)?),
            false => None,
        };
        self.index.bundles.push(BundleEntry {
            number,
            first,
            last,
            ballots,
            bytes: size(&bytes),
            sha256: Hash::of(&bytes),
            hints,
        });
        self.write_index()
    }

    /// The hints of all ballots of a bundle, made on all cores.
    fn write_hints(&self, number: u32, bundle: &[u8]) -> Result<HintsEntry, ArchiveError> {
        let blocks = Bundle::decode(bundle)
            .map_err(|source| self.unusable(&bundle_file(number), source))?
            .blocks;
        let transactions: Vec<&[u8]> = blocks.into_iter().flat_map(|b| b.transactions).collect();
        let hints = transactions.into_par_iter().filter_map(cast_hints);
        let bytes = encode_hints(&hints.collect());
        self.write(&hints_file(number), &bytes)?;
        Ok(HintsEntry {
            bytes: size(&bytes),
            sha256: Hash::of(&bytes),
        })
    }

    /// Makes the hints of bundles that were written without.
    fn add_missing_hints(&mut self) -> Result<(), ArchiveError> {
        let without = |(at, bundle): (usize, &BundleEntry)| bundle.hints.is_none().then_some(at);
        let missing: Vec<usize> = match self.hints {
            true => self
                .index
                .bundles
                .iter()
                .enumerate()
                .filter_map(without)
                .collect(),
            false => Vec::new(),
        };
        for at in missing {
            let number = u32::try_from(at).unwrap_or(u32::MAX);
            let path = self.folder.join(bundle_file(number));
            let bundle = std::fs::read(&path).map_err(super::folder::at(&path))?;
            let hints = self.write_hints(number, &bundle)?;
            if let Some(entry) = self.index.bundles.get_mut(at) {
                entry.hints = Some(hints);
            }
            self.write_index()?;
        }
        Ok(())
    }

    /// Whether the files that the index names are there, with their sizes.
    fn check_files(&self) -> Result<(), ArchiveError> {
        for bundle in &self.index.bundles {
            let hints = bundle.hints.as_ref().map(|hints| hints.bytes);
            let files = [
                (bundle_file(bundle.number), Some(bundle.bytes)),
                (hints_file(bundle.number), hints),
            ];
            for (name, expected) in files {
                let Some(expected) = expected else { continue };
                let path = self.folder.join(&name);
                let actual = std::fs::metadata(&path).map_err(at(&path))?.len();
                if actual != expected {
                    return Err(self.unusable(&name, verifier_core::ArchiveError::OtherBytes));
                }
            }
        }
        Ok(())
    }

    fn write_index(&self) -> Result<(), ArchiveError> {
        self.write(ARCHIVE_INDEX_FILE, self.index.to_json().as_bytes())
    }

    /// The whole file or none: a reader sees the old one until the new one is complete.
    fn write(&self, name: &str, content: &[u8]) -> Result<(), ArchiveError> {
        let (path, partial) = (
            self.folder.join(name),
            self.folder.join(format!(".{name}.partial")),
        );
        let write = || {
            let mut file = std::fs::File::create(&partial)?;
            file.write_all(content)?;
            file.sync_all()?;
            std::fs::rename(&partial, &path)
        };
        write().map_err(at(&path))
    }

    fn unusable(&self, name: &str, source: verifier_core::ArchiveError) -> ArchiveError {
        ArchiveError::File {
            path: self.folder.join(name),
            source,
        }
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> ArchiveError + '_ {
    move |error| ArchiveError::Io {
        path: path.into(),
        error,
    }
}

fn size(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
