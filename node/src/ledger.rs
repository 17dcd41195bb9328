//! The ledger of the embedded engine: its chain decides the blocks, a replica runs and keeps them.

use crate::application::Application;
use crate::engine::{Chain, EngineError, GenesisDocument, Nanoseconds, Validators};
use crate::replica::{Committed, Replica, ReplicaError};
use crate::storage::{StorageError, Store};
use std::sync::Arc;
use tendermint::Time;
use verifier_core::{
    EncodingError, Genesis, GenesisHash, GenesisState, Outcome, Seconds, ValidatorSetError,
};

/// Why the ledger could not go on.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Validators(#[from] ValidatorSetError),
    #[error("the genesis state: {0}")]
    GenesisState(#[from] EncodingError),
    #[error(transparent)]
    Replica(#[from] ReplicaError),
}

/// One ledger and where it stands.
pub struct Ledger {
    chain: Chain,
    replica: Replica,
}

/// The genesis as a verifier hashes it.
pub fn genesis_of(
    document: &GenesisDocument,
    validators: &Validators,
) -> Result<Genesis, ValidatorSetError> {
    let infos = validators
        .by_municipality()
        .into_iter()
        .map(|validator| validator.info().clone());
    Genesis::new(
        document.chain_id.clone(),
        document.time,
        1,
        infos.collect(),
        document.app_state.clone().into_bytes(),
    )
}

impl Ledger {
    /// Opens a ledger, and goes on from the blocks that the store already holds.
    pub fn open(
        store: Arc<Store>,
        genesis: GenesisDocument,
        validators: Arc<Validators>,
    ) -> Result<Self, LedgerError> {
        let hash = genesis_of(&genesis, &validators)?.hash();
        let state = GenesisState::decode(genesis.app_state.as_bytes())?;
        let replica = Replica::open(Arc::clone(&store), hash, state)?;
        let root = replica.committed().root;
        let chain = match replica.committed().height {
            0 => Chain::new(genesis, validators, root)?,
            last => {
                let record = store.block(last)?;
                let (header, outcomes) = (&record.header, &record.outcomes);
                Chain::resume(genesis, validators, header, record.commit, outcomes, root)?
            }
        };
        Ok(Self { chain, replica })
    }

    /// The height of the last block; 0 before the first.
    pub fn height(&self) -> u64 {
        self.chain.tip().height
    }

    /// The hash that transactions bind.
    pub fn genesis_hash(&self) -> Result<GenesisHash, LedgerError> {
        Ok(genesis_of(&self.chain.genesis, &self.chain.validators)?.hash())
    }

    /// The state after the last block.
    pub fn committed(&self) -> &Arc<Committed> {
        self.replica.committed()
    }

    /// The next header's time.
    pub fn next_time(&self) -> Result<Seconds, LedgerError> {
        Ok(seconds(self.chain.next_time()?))
    }

    /// The application as it is.
    pub fn application(&self) -> &Application {
        &self.replica.committed().application
    }

    /// Makes, applies, signs and keeps the next block. `next` is when its validators vote, and becomes the next header's time.
    pub fn advance(
        &mut self,
        transactions: Vec<Vec<u8>>,
        next: Nanoseconds,
    ) -> Result<Vec<Outcome>, LedgerError> {
        let proposal = self.chain.propose(transactions.clone())?;
        let (height, time) = (proposal.header.height.value(), proposal.header.time);
        let block = self
            .replica
            .finalize(height, seconds(time), &transactions)?;
        let outcomes = block.outcomes().to_vec();
        let commit = self
            .chain
            .commit(&proposal, next, &outcomes, block.root())?;
        self.replica
            .commit(block, Some((&proposal.block, &commit.into())))?;
        Ok(outcomes)
    }
}

/// Whole seconds of a header's time.
pub fn seconds(time: Time) -> Seconds {
    u64::try_from(time.unix_timestamp()).unwrap_or(0)
}
