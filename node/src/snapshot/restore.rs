//! Taking a snapshot over: nothing of it is believed that the trusted root does not show.

use super::content::Content;
use super::manifest::Manifest;
use crate::application::{RestoreError, Restored};
use crate::replica::Committed;
use crate::storage::{
    Event, SpentAsset, SpoiledBallot, StateUpdate, StateWrite, StorageError, Store, Tip,
};
use borsh::BorshDeserialize;
use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;
use verifier_core::{GenesisHash, GenesisState, Hash, PublicKey, Seconds};

/// Why a snapshot is not taken over.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("its content is malformed: {0}")]
    Malformed(io::Error),
    #[error("its content does not follow the form: {0}")]
    Form(&'static str),
    #[error("it is of genesis {actual}, not {expected}")]
    Genesis {
        actual: GenesisHash,
        expected: GenesisHash,
    },
    #[error("it is of height {actual}, not {expected}")]
    Height { actual: u64, expected: u64 },
    #[error(transparent)]
    Restore(#[from] RestoreError),
    #[error("its sums do not count the ballots that spent assets")]
    Sums,
    #[error("its state has root {actual}, but the trusted header says {expected}")]
    Root { actual: Hash, expected: Hash },
}

/// A snapshot whose chunks are coming in.
pub struct Restoring {
    pub height: u64,
    /// The root that the trusted header says.
    pub root: [u8; 32],
    manifest: Manifest,
    folder: PathBuf,
    received: BTreeMap<usize, PathBuf>,
}

/// A snapshot that was checked in full.
pub struct Taken {
    pub committed: Committed,
    pub(crate) tree: StateUpdate,
    pub(crate) events: Vec<Event>,
    pub(crate) batches: Vec<((u16, u16), Vec<PublicKey>)>,
    pub(crate) spent: Vec<SpentAsset>,
    pub(crate) spoiled: Vec<SpoiledBallot>,
    pub(crate) tip: Tip,
}

/// What has been read so far.
struct Reading {
    restored: Restored,
    last_event: (u64, u32, Seconds),
    state: BTreeMap<String, Vec<u8>>,
    events: Vec<Event>,
    batches: Vec<((u16, u16), Vec<PublicKey>)>,
    spent: Vec<SpentAsset>,
    spoiled: Vec<SpoiledBallot>,
    height: u64,
    tip: Tip,
}

impl Restoring {
    /// Nothing received yet; chunks are put into the new folder.
    pub fn new(
        height: u64,
        root: [u8; 32],
        manifest: Manifest,
        folder: PathBuf,
    ) -> io::Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(Self {
            height,
            root,
            manifest,
            folder,
            received: BTreeMap::new(),
        })
    }

    /// Takes a chunk. Says whether it is what the manifest says.
    pub fn receive(&mut self, index: usize, bytes: &[u8]) -> io::Result<bool> {
        if !self.manifest.is_chunk(index, bytes) {
            return Ok(false);
        }
        let path = self.folder.join(format!("{index:06}"));
        fs::write(&path, bytes)?;
        self.received.insert(index, path);
        Ok(true)
    }

    /// Whether every chunk is there.
    pub fn is_complete(&self) -> bool {
        self.received.len() == self.manifest.chunks.len()
    }

    /// Checks the whole snapshot against the trusted root. Nothing is kept by that.
    pub fn check(
        &self,
        store: &Store,
        genesis: GenesisHash,
        state: GenesisState,
    ) -> Result<Taken, SnapshotError> {
        let mut stream = BufReader::new(Files {
            waiting: self.received.values().cloned().collect(),
            current: None,
        });
        let mut reading = self.begin(&mut stream, genesis, state)?;
        loop {
            match next(&mut stream)? {
                Content::Header { .. } => return Err(SnapshotError::Form("a second header")),
                Content::Event(event) => reading.event(event)?,
                Content::Spent(spent) => reading.spent(spent)?,
                Content::End => break,
            }
        }
        if stream.read(&mut [0]).map_err(SnapshotError::Malformed)? != 0 {
            return Err(SnapshotError::Form("something after the end"));
        }
        reading.finish(store, self.root)
    }

    fn begin(
        &self,
        stream: &mut impl Read,
        expected: GenesisHash,
        state: GenesisState,
    ) -> Result<Reading, SnapshotError> {
        let Content::Header {
            genesis: actual,
            height,
            tip,
        } = next(stream)?
        else {
            return Err(SnapshotError::Form("no header"));
        };
        if actual != expected {
            return Err(SnapshotError::Genesis { actual, expected });
        }
        if height != self.height {
            let (actual, expected) = (height, self.height);
            return Err(SnapshotError::Height { actual, expected });
        }
        Ok(Reading {
            restored: Restored::new(actual, state, tip.tally.clone()),
            last_event: (0, 0, 0),
            state: BTreeMap::new(),
            events: Vec::new(),
            batches: Vec::new(),
            spent: Vec::new(),
            spoiled: Vec::new(),
            height,
            tip,
        })
    }

    /// Forgets the chunks.
    pub fn discard(&self) -> io::Result<()> {
        fs::remove_dir_all(&self.folder)
    }
}

/// The chunks, one behind the other.
struct Files {
    waiting: VecDeque<PathBuf>,
    current: Option<fs::File>,
}

impl Read for Files {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = match &mut self.current {
                Some(file) => file.read(room)?,
                None => 0,
            };
            if read > 0 || room.is_empty() {
                return Ok(read);
            }
            match self.waiting.pop_front() {
                Some(path) => self.current = Some(fs::File::open(path)?),
                None => return Ok(0),
            }
        }
    }
}

fn next(stream: &mut impl Read) -> Result<Content, SnapshotError> {
    Content::deserialize_reader(stream).map_err(SnapshotError::Malformed)
}

impl Reading {
    fn event(&mut self, event: Event) -> Result<(), SnapshotError> {
        let (height, position, time) = self.last_event;
        let first = self.events.is_empty();
        let in_order = first || (event.height, event.position) > (height, position);
        let in_time = event.time >= time && event.time <= self.tip.time;
        if !in_order || !in_time || event.height > self.height {
            return Err(SnapshotError::Form("a transaction out of its order"));
        }
        self.last_event = (event.height, event.position, event.time);
        let changes = self.restored.event(event)?;
        self.state.extend(changes.writes);
        self.events.extend(changes.events);
        self.batches.extend(changes.batches);
        self.spoiled.extend(changes.spoiled);
        Ok(())
    }

    fn spent(&mut self, spent: SpentAsset) -> Result<(), SnapshotError> {
        if spent.height > self.height {
            return Err(SnapshotError::Form("an asset spent after the snapshot"));
        }
        self.restored.spent(spent)?;
        self.spent.push(spent);
        Ok(())
    }

    fn finish(mut self, store: &Store, root: [u8; 32]) -> Result<Taken, SnapshotError> {
        self.check_sums()?;
        self.state.extend(self.restored.spent_writes());
        let claims = self.restored.claims();
        self.state.extend(claims.writes);
        self.batches.extend(claims.batches);
        let application = self.restored.finish();
        self.state.extend(application.initial_state());
        let writes: Vec<StateWrite> = self.state.into_iter().collect();
        let tree = store.first_state(self.height, writes)?;
        if tree.root != root {
            return Err(SnapshotError::Root {
                actual: Hash(tree.root),
                expected: Hash(root),
            });
        }
        Ok(Taken {
            committed: Committed {
                height: self.height,
                time: self.tip.time,
                root,
                application,
            },
            tree,
            events: self.events,
            batches: self.batches,
            spent: self.spent,
            spoiled: self.spoiled,
            tip: self.tip,
        })
    }

    /// The sums are those of this contract's candidates, and hold as many ballots of each municipality as assets of it are spent.
    fn check_sums(&self) -> Result<(), SnapshotError> {
        let mut spent: BTreeMap<u16, u64> = BTreeMap::new();
        for entry in &self.spent {
            *spent.entry(entry.asset.municipality).or_default() += 1;
        }
        let (municipalities, candidates) = self.restored.size();
        let counted: Vec<u64> = self.tip.tally.ballots().collect();
        let expected: Vec<u64> = (0..)
            .zip(0..municipalities)
            .map(|(index, _)| spent.remove(&index).unwrap_or(0))
            .collect();
        let cells = self.tip.tally.cells(0);
        let shaped = cells.iter().all(|cell| cell.sum.candidates() == candidates);
        if counted == expected && spent.is_empty() && shaped {
            Ok(())
        } else {
            Err(SnapshotError::Sums)
        }
    }
}
