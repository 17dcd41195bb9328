//! A disk that is full, at any write: the node stops, and finds itself after some whole block.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use node::devnet::{Devnet, Until};
use node::storage::{StorageError, Store};
use node::{Replica, ReplicaError, seconds};
use redb::StorageBackend;
use std::io::{Error, ErrorKind};
use std::sync::{Arc, Mutex};
use support::run;
use verifier_core::GenesisState;

/// A disk that takes so many more writes.
#[derive(Debug, Clone, Default)]
struct Disk(Arc<Mutex<Medium>>);

#[derive(Debug, Default)]
struct Medium {
    bytes: Vec<u8>,
    room: Option<usize>,
}

impl Disk {
    /// Another disk with the same bytes.
    fn copy(&self) -> Self {
        let disk = Self::default();
        disk.0.lock().unwrap().bytes = self.0.lock().unwrap().bytes.clone();
        disk
    }

    fn leave_room(&self, writes: Option<usize>) {
        self.0.lock().unwrap().room = writes;
    }
}

impl Medium {
    fn take_room(&mut self) -> Result<(), Error> {
        match &mut self.room {
            Some(0) => Err(Error::from(ErrorKind::StorageFull)),
            Some(room) => {
                *room -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

fn place(offset: u64) -> usize {
    usize::try_from(offset).unwrap()
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, Error> {
        Ok(u64::try_from(self.0.lock().unwrap().bytes.len()).unwrap())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), Error> {
        let from = place(offset);
        out.copy_from_slice(&self.0.lock().unwrap().bytes[from..from + out.len()]);
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), Error> {
        let mut medium = self.0.lock().unwrap();
        medium.take_room()?;
        medium.bytes.resize(place(len), 0);
        Ok(())
    }

    fn sync_data(&self) -> Result<(), Error> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), Error> {
        let mut medium = self.0.lock().unwrap();
        medium.take_room()?;
        let from = place(offset);
        medium.bytes[from..from + data.len()].copy_from_slice(data);
        Ok(())
    }
}

fn open(devnet: &Devnet, disk: &Disk) -> Result<Replica, ReplicaError> {
    let state = GenesisState::decode(devnet.genesis["app_state"].as_str().unwrap().as_bytes());
    let store = Arc::new(Store::on(disk.clone())?);
    Replica::open(store, devnet.script.offices.genesis, state.unwrap())
}

fn advance(devnet: &Devnet, replica: &mut Replica) -> Result<(), ReplicaError> {
    let height = replica.committed().height + 1;
    let record = devnet.store.block(height).unwrap();
    let transactions = record.block.data.unwrap().txs;
    let block = replica.finalize(height, seconds(record.header.time), &transactions)?;
    replica.commit(block, None)
}

fn is_full(error: &ReplicaError) -> bool {
    matches!(error, ReplicaError::Storage(StorageError::DiskFull(_)))
}

#[test]
fn a_disk_that_is_full_at_any_write_of_a_block_leaves_the_block_before() {
    let devnet = run(Until::Voting);
    let disk = Disk::default();
    let mut replica = open(&devnet, &disk).unwrap();
    for height in 1..=devnet.ledger.height() {
        drop(replica);
        for room in 0.. {
            let small = disk.copy();
            let mut replica = open(&devnet, &small).unwrap();
            small.leave_room(Some(room));
            let advanced = advance(&devnet, &mut replica);
            // As a process that ends: what is not on the disk is lost.
            let left = small.copy();
            drop(replica);
            let restarted = open(&devnet, &left).unwrap();
            match advanced {
                Err(error) => {
                    assert!(is_full(&error), "{error}");
                    assert_eq!(restarted.committed().height, height - 1);
                }
                Ok(()) => {
                    assert_eq!(restarted.committed().height, height);
                    let root = devnet.store.root(height).unwrap().unwrap();
                    assert_eq!(restarted.committed().root, root);
                    break;
                }
            }
        }
        replica = open(&devnet, &disk).unwrap();
        advance(&devnet, &mut replica).unwrap();
    }
}

#[test]
fn a_full_disk_is_named_in_one_line() {
    let devnet = run(Until::Setup);
    let disk = Disk::default();
    let mut replica = open(&devnet, &disk).unwrap();
    disk.leave_room(Some(0));
    let error = advance(&devnet, &mut replica).unwrap_err();
    let sentence = error.to_string();
    assert!(sentence.starts_with("the disk is full"), "{sentence}");
    assert!(!sentence.contains('\n'));
    // Nothing more is done with a database that failed.
    assert!(advance(&devnet, &mut replica).is_err());
}

#[test]
fn a_node_does_not_start_on_a_full_disk() {
    let devnet = run(Until::Setup);
    let disk = Disk::default();
    disk.leave_room(Some(3));
    let error = open(&devnet, &disk).map(drop).unwrap_err();
    assert!(is_full(&error), "{error}");
}
