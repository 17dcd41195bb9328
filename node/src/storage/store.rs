//! The store: opening, and writing one block.

use super::reader::{Event, SpentAsset, SpoiledBallot, Tip};
use super::tables::{
    BALLOTS, BATCHES, BLOCKS, COMMITS, EVENTS, KEYS, NODES, NOTES, OUTCOMES, ROOTS, SPENT, SPOILED,
    StorageError, VALUES,
};
use super::tree::TreeTables;
use jmt::storage::TreeUpdateBatch;
use jmt::{KeyHash, Sha256Jmt};
use prost::Message;
use redb::{Database, ReadableDatabase, StorageBackend, WriteTransaction};
use sha2::Sha256;
use std::path::Path;
use tendermint_proto::v0_38::types as proto;
use verifier_core::{Outcome, PublicKey, encode};

/// Name of the file in its folder.
pub const DATABASE_FILE: &str = "ledger.redb";
/// The note that holds the [`Tip`].
pub(super) const TIP_NOTE: &str = "tip";

/// One key of the application's state and its new value.
pub type StateWrite = (String, Vec<u8>);

/// The node's database.
pub struct Store {
    pub(super) database: Database,
}

/// Everything that one block adds.
pub struct NewBlock<'a> {
    pub height: u64,
    /// The block with the commit that signs it, where no CometBFT beside the node keeps them.
    pub signed: Option<(&'a proto::Block, &'a proto::Commit)>,
    pub outcomes: &'a [Outcome],
    pub ballots: u32,
    pub tree: &'a StateUpdate,
    /// Transactions that took effect, ballots apart.
    pub events: &'a [Event],
    pub tip: &'a Tip,
    /// Addresses of newly issued batches and of grown batches of claims, by municipality and batch.
    pub batches: &'a [((u16, u16), Vec<PublicKey>)],
    pub spent: &'a [SpentAsset],
    pub spoiled: &'a [SpoiledBallot],
}

/// A new version of the state tree that has not been written yet.
pub struct StateUpdate {
    pub root: [u8; 32],
    keys: Vec<String>,
    batch: TreeUpdateBatch,
}

impl Store {
    /// Opens, or creates, the database in this folder.
    pub fn open(folder: &Path) -> Result<Self, StorageError> {
        let database = Database::create(folder.join(DATABASE_FILE))?;
        Self::with_tables(database)
    }

    /// A database that is gone when it is dropped.
    pub fn in_memory() -> Result<Self, StorageError> {
        Self::on(redb::backends::InMemoryBackend::new())
    }

    /// A database on whatever keeps its bytes.
    pub fn on(backend: impl StorageBackend) -> Result<Self, StorageError> {
        Self::with_tables(Database::builder().create_with_backend(backend)?)
    }

    fn with_tables(database: Database) -> Result<Self, StorageError> {
        let transaction = database.begin_write()?;
        transaction.open_table(NOTES)?;
        transaction.open_table(BLOCKS)?;
        transaction.open_table(COMMITS)?;
        transaction.open_table(EVENTS)?;
        transaction.open_table(OUTCOMES)?;
        transaction.open_table(BALLOTS)?;
        transaction.open_table(ROOTS)?;
        transaction.open_table(NODES)?;
        transaction.open_table(VALUES)?;
        transaction.open_table(KEYS)?;
        transaction.open_table(BATCHES)?;
        transaction.open_table(SPENT)?;
        transaction.open_table(SPOILED)?;
        transaction.commit()?;
        Ok(Self { database })
    }

    /// Keeps a single value under a name.
    pub fn note(&self, name: &str, value: &[u8]) -> Result<(), StorageError> {
        let transaction = self.database.begin_write()?;
        transaction.open_table(NOTES)?.insert(name, value)?;
        transaction.commit()?;
        Ok(())
    }

    /// Computes the state after `writes` at `height`, without keeping it.
    pub fn update_state(
        &self,
        height: u64,
        writes: Vec<StateWrite>,
    ) -> Result<StateUpdate, StorageError> {
        let tables = TreeTables::open(&self.database.begin_read()?)?;
        let tree = Sha256Jmt::new(&tables);
        let hashed = writes
            .iter()
            .map(|(key, value)| (KeyHash::with::<Sha256>(key), Some(value.clone())));
        let (root, batch) = tree
            .put_value_set(hashed.collect::<Vec<_>>(), height)
            .map_err(|e| StorageError::Tree(e.to_string()))?;
        Ok(StateUpdate {
            root: root.0,
            keys: writes.into_iter().map(|(key, _)| key).collect(),
            batch,
        })
    }

    /// Computes the state whose first version is that at `height`, whatever this store holds, without keeping it.
    pub fn first_state(
        &self,
        height: u64,
        writes: Vec<StateWrite>,
    ) -> Result<StateUpdate, StorageError> {
        Self::in_memory()?.update_state(height, writes)
    }

    /// Replaces everything by a state taken over from another node, or leaves everything as it was.
    pub fn replace(&self, new: &NewBlock<'_>) -> Result<(), StorageError> {
        let transaction = self.database.begin_write()?;
        transaction.delete_table(ROOTS)?;
        transaction.delete_table(NODES)?;
        transaction.delete_table(VALUES)?;
        transaction.delete_table(KEYS)?;
        transaction.delete_table(EVENTS)?;
        transaction.delete_table(BATCHES)?;
        transaction.delete_table(SPENT)?;
        transaction.delete_table(SPOILED)?;
        transaction
            .open_table(ROOTS)?
            .insert(new.height, new.tree.root)?;
        write_tree(&transaction, new.tree)?;
        write_facts(&transaction, new)?;
        transaction.commit()?;
        Ok(())
    }

    /// Keeps the state before the first block.
    pub fn save_initial_state(&self, update: &StateUpdate) -> Result<(), StorageError> {
        let transaction = self.database.begin_write()?;
        transaction.open_table(ROOTS)?.insert(0, update.root)?;
        write_tree(&transaction, update)?;
        transaction.commit()?;
        Ok(())
    }

    /// Keeps one block with all that follows from it, or nothing of it.
    pub fn save_block(&self, new: &NewBlock<'_>) -> Result<(), StorageError> {
        let expected = self.last_height()? + 1;
        if new.height != expected {
            return Err(StorageError::Order {
                actual: new.height,
                expected,
            });
        }
        let transaction = self.database.begin_write()?;
        if let Some((block, commit)) = new.signed {
            transaction
                .open_table(BLOCKS)?
                .insert(new.height, block.encode_to_vec().as_slice())?;
            transaction
                .open_table(COMMITS)?
                .insert(new.height, commit.encode_to_vec().as_slice())?;
        }
        let codes = new.outcomes.iter().flat_map(|o| o.code().to_le_bytes());
        transaction
            .open_table(OUTCOMES)?
            .insert(new.height, codes.collect::<Vec<u8>>().as_slice())?;
        if new.ballots > 0 {
            transaction
                .open_table(BALLOTS)?
                .insert(new.height, new.ballots)?;
        }
        transaction
            .open_table(ROOTS)?
            .insert(new.height, new.tree.root)?;
        write_tree(&transaction, new.tree)?;
        write_facts(&transaction, new)?;
        transaction.commit()?;
        Ok(())
    }
}

/// What the application is rebuilt from, and the lists that are handed out.
fn write_facts(transaction: &WriteTransaction, new: &NewBlock<'_>) -> Result<(), StorageError> {
    let mut table = transaction.open_table(EVENTS)?;
    for event in new.events {
        table.insert(
            (event.height, event.position),
            (event.time, event.bytes.as_slice()),
        )?;
    }
    let mut table = transaction.open_table(BATCHES)?;
    for (batch, addresses) in new.batches {
        table.insert(batch, encode(addresses).as_slice())?;
    }
    let mut table = transaction.open_table(SPENT)?;
    for entry in new.spent {
        let asset = entry.asset;
        table.insert(
            (asset.municipality, asset.batch, asset.index),
            (entry.height, entry.code.0),
        )?;
    }
    let mut table = transaction.open_table(SPOILED)?;
    for ballot in new.spoiled {
        let asset = ballot.asset;
        let key = (asset.municipality, asset.batch, asset.index, ballot.code.0);
        table.insert(key, ballot.height)?;
    }
    transaction
        .open_table(NOTES)?
        .insert(TIP_NOTE, encode(new.tip).as_slice())?;
    Ok(())
}

fn write_tree(transaction: &WriteTransaction, update: &StateUpdate) -> Result<(), StorageError> {
    let mut nodes = transaction.open_table(NODES)?;
    for (key, node) in update.batch.node_batch.nodes() {
        nodes.insert(encode(key).as_slice(), encode(node).as_slice())?;
    }
    let mut values = transaction.open_table(VALUES)?;
    for ((version, key), value) in update.batch.node_batch.values() {
        values.insert((key.0, *version), value.as_deref())?;
    }
    let mut keys = transaction.open_table(KEYS)?;
    for key in &update.keys {
        keys.insert(KeyHash::with::<Sha256>(key).0, key.as_bytes())?;
    }
    Ok(())
}
