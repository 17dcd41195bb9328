//! A replica: the application and its store, moved forward together one block at a time, whatever decides the blocks.
//!
//! A block is finalised, which computes everything and changes nothing, and then committed, which keeps everything in one transaction of the
//! store. A node killed in between has finalised nothing, and is asked again.

use crate::application::{Application, BlockChanges, RestoreError, Restored};
use crate::snapshot::Taken;
use crate::storage::{NewBlock, StateUpdate, StorageError, Store, Tip};
use std::sync::Arc;
use tendermint_proto::v0_38::types as proto;
use verifier_core::{GenesisHash, GenesisState, Outcome, Seconds};

/// Why a replica could not go on.
#[derive(Debug, thiserror::Error)]
pub enum ReplicaError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("the database is not this application's: {0}")]
    Restore(#[from] RestoreError),
    #[error("the database belongs to another ledger: its first state is not that of this genesis")]
    OtherGenesis,
    #[error("block {actual} instead of {expected}")]
    Order { actual: u64, expected: u64 },
}

/// The application after one block, and what that block came to.
#[derive(Clone)]
pub struct Committed {
    /// 0 before the first block.
    pub height: u64,
    /// The header's time; 0 before the first block.
    pub time: Seconds,
    /// The root of the state; the next header's `app_hash`.
    pub root: [u8; 32],
    pub application: Application,
}

/// A block that was computed and not yet kept.
pub struct Finalized {
    next: Committed,
    changes: BlockChanges,
    tree: StateUpdate,
}

/// The application, and where it is kept.
pub struct Replica {
    store: Arc<Store>,
    committed: Arc<Committed>,
}

impl Replica {
    /// Goes on from what the store holds; a new ledger gets its state before the first block.
    pub fn open(
        store: Arc<Store>,
        genesis: GenesisHash,
        state: GenesisState,
    ) -> Result<Self, ReplicaError> {
        let committed = match store.tip()? {
            None => begin(&store, Application::new(genesis, state))?,
            Some(tip) => restore(&store, genesis, state, tip)?,
        };
        let genesis_key = committed.application.initial_state().into_iter().next();
        if let Some((key, value)) = genesis_key
            && store
                .state(key.as_bytes(), committed.height)?
                .value
                .as_ref()
                != Some(&value)
        {
            return Err(ReplicaError::OtherGenesis);
        }
        Ok(Self {
            store,
            committed: Arc::new(committed),
        })
    }

    /// Goes on from a snapshot that was checked against a trusted root, if no block was made here yet.
    pub fn adopt(&mut self, taken: Taken) -> Result<(), ReplicaError> {
        if self.committed.height > 0 {
            let (actual, expected) = (taken.committed.height, self.committed.height + 1);
            return Err(ReplicaError::Order { actual, expected });
        }
        self.store.replace(&NewBlock {
            height: taken.committed.height,
            signed: None,
            outcomes: &[],
            ballots: 0,
            tree: &taken.tree,
            events: &taken.events,
            batches: &taken.batches,
            spent: &taken.spent,
            spoiled: &taken.spoiled,
            tip: &taken.tip,
        })?;
        self.committed = Arc::new(taken.committed);
        Ok(())
    }

    /// The state after the last committed block.
    pub fn committed(&self) -> &Arc<Committed> {
        &self.committed
    }

    /// Where it is kept.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Computes the next block. Nothing changes: the same again gives the same again.
    pub fn finalize<T: AsRef<[u8]> + Sync>(
        &self,
        height: u64,
        time: Seconds,
        transactions: &[T],
    ) -> Result<Finalized, ReplicaError> {
        self.check_order(height)?;
        let mut application = self.committed.application.clone();
        let mut changes = application.apply_block(height, time, transactions);
        let writes = std::mem::take(&mut changes.writes);
        let tree = self.store.update_state(height, writes)?;
        let next = Committed {
            height,
            time,
            root: tree.root,
            application,
        };
        Ok(Finalized {
            next,
            changes,
            tree,
        })
    }

    /// Keeps a finalised block, all of it or nothing; with the signed block where nobody else keeps that.
    pub fn commit(
        &mut self,
        block: Finalized,
        signed: Option<(&proto::Block, &proto::Commit)>,
    ) -> Result<(), ReplicaError> {
        let Finalized {
            next,
            changes,
            tree,
        } = block;
        self.check_order(next.height)?;
        let tip = Tip {
            time: next.time,
            tally: next.application.tally().clone(),
        };
        self.store.save_block(&NewBlock {
            height: next.height,
            signed,
            outcomes: &changes.outcomes,
            ballots: changes.ballots,
            tree: &tree,
            events: &changes.events,
            batches: &changes.batches,
            spent: &changes.spent,
            spoiled: &changes.spoiled,
            tip: &tip,
        })?;
        self.committed = Arc::new(next);
        Ok(())
    }

    fn check_order(&self, actual: u64) -> Result<(), ReplicaError> {
        let expected = self.committed.height.saturating_add(1);
        if actual == expected {
            Ok(())
        } else {
            Err(ReplicaError::Order { actual, expected })
        }
    }
}

impl Finalized {
    /// What became of each transaction.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.changes.outcomes
    }

    /// The root of the state after the block.
    pub fn root(&self) -> [u8; 32] {
        self.tree.root
    }

    /// The block's height.
    pub fn height(&self) -> u64 {
        self.next.height
    }
}

fn begin(store: &Store, application: Application) -> Result<Committed, StorageError> {
    let height = store.last_height()?;
    if height > 0 {
        return Err(StorageError::Corrupt {
            what: "tip",
            height,
        });
    }
    let root = match store.root(0)? {
        Some(root) => root,
        None => {
            let update = store.update_state(0, application.initial_state())?;
            store.save_initial_state(&update)?;
            update.root
        }
    };
    Ok(Committed {
        height: 0,
        time: 0,
        root,
        application,
    })
}

fn restore(
    store: &Store,
    genesis: GenesisHash,
    state: GenesisState,
    tip: Tip,
) -> Result<Committed, ReplicaError> {
    let height = store.last_height()?;
    let root = store.root(height)?.ok_or(StorageError::Corrupt {
        what: "root",
        height,
    })?;
    let mut restored = Restored::new(genesis, state, tip.tally);
    let pinned = store.pin()?;
    pinned.each_event(|event| restored.event(event).map(drop).map_err(ReplicaError::from))?;
    pinned.each_spent(|spent| restored.spent(spent).map_err(ReplicaError::from))?;
    Ok(Committed {
        height,
        time: tip.time,
        root,
        application: restored.finish(),
    })
}
