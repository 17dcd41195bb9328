//! The ledger: the embedded engine, the application and the store, moved forward together one block at a time.

use crate::application::{Application, BlockChanges};
use crate::engine::{Chain, EngineError, GenesisDocument, Nanoseconds, Validators};
use crate::storage::{BlockRecord, NewBlock, StorageError, Store};
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
    #[error("block {height} gives other outcomes than were recorded")]
    OtherOutcomes { height: u64 },
}

/// One ledger and where it stands.
pub struct Ledger {
    chain: Chain,
    application: Application,
    store: Arc<Store>,
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
    /// Opens a ledger. Blocks that the store already holds are applied anew: what is not as it was recorded stops the node.
    pub fn open(
        store: Arc<Store>,
        genesis: GenesisDocument,
        validators: Arc<Validators>,
    ) -> Result<Self, LedgerError> {
        let hash = genesis_of(&genesis, &validators)?.hash();
        let state = GenesisState::decode(genesis.app_state.as_bytes())?;
        let mut application = Application::new(hash, state);
        let root = initial_root(&store, &application)?;
        let last = store.last_height()?;
        let mut tip = None;
        for height in 1..=last {
            let record = store.block(height)?;
            replay(&mut application, height, &record)?;
            tip = Some(record);
        }
        let chain = match tip {
            None => Chain::new(genesis, validators, root)?,
            Some(record) => {
                let root = store.root(last)?.ok_or(StorageError::Corrupt {
                    what: "root",
                    height: last,
                })?;
                Chain::resume(
                    genesis,
                    validators,
                    &record.header,
                    record.commit,
                    &record.outcomes,
                    root,
                )?
            }
        };
        Ok(Self {
            chain,
            application,
            store,
        })
    }

    /// The height of the last block; 0 before the first.
    pub fn height(&self) -> u64 {
        self.chain.tip().height
    }

    /// The hash that transactions bind.
    pub fn genesis_hash(&self) -> Result<GenesisHash, LedgerError> {
        Ok(genesis_of(&self.chain.genesis, &self.chain.validators)?.hash())
    }

    /// The application as it is.
    pub fn application(&self) -> &Application {
        &self.application
    }

    /// Makes, applies, signs and keeps the next block. `next` is when its validators vote, and becomes the next header's time.
    pub fn advance(
        &mut self,
        transactions: Vec<Vec<u8>>,
        next: Nanoseconds,
    ) -> Result<Vec<Outcome>, LedgerError> {
        let proposal = self.chain.propose(transactions.clone())?;
        let height = proposal.header.height.value();
        let changes =
            self.application
                .apply_block(height, seconds(proposal.header.time), &transactions);
        let BlockChanges {
            outcomes,
            writes,
            batches,
            spent,
            ballots,
        } = changes;
        let tree = self.store.update_state(height, writes)?;
        let commit = self.chain.commit(&proposal, next, &outcomes, tree.root)?;
        self.store.save_block(&NewBlock {
            height,
            block: &proposal.block,
            commit: &commit.into(),
            outcomes: &outcomes,
            ballots,
            tree: &tree,
            batches: &batches,
            spent: &spent,
        })?;
        Ok(outcomes)
    }
}

/// Whole seconds of a header's time.
pub fn seconds(time: Time) -> Seconds {
    u64::try_from(time.unix_timestamp()).unwrap_or(0)
}

fn initial_root(store: &Store, application: &Application) -> Result<[u8; 32], StorageError> {
    if let Some(root) = store.root(0)? {
        return Ok(root);
    }
    let update = store.update_state(0, application.initial_state())?;
    store.save_initial_state(&update)?;
    Ok(update.root)
}

fn replay(
    application: &mut Application,
    height: u64,
    record: &BlockRecord,
) -> Result<(), LedgerError> {
    let transactions = record.block.data.as_ref().map_or(&[][..], |data| &data.txs);
    let changes = application.apply_block(height, seconds(record.header.time), transactions);
    if changes.outcomes == record.outcomes {
        Ok(())
    } else {
        Err(LedgerError::OtherOutcomes { height })
    }
}
