//! Where an archive's blocks come from: this process' store, or any node's RPC. Nothing is checked here but heights: whoever reads the archive checks it.

use crate::client::{Client, ClientError};
use crate::storage::{StorageError, Store};
use tendermint::block::signed_header::SignedHeader;
use verifier_core::rpc::{BlockAnswer, BlockResults, CommitAnswer};
use verifier_core::{ArchivedBlock, Height, Request, TxResult};

/// Blocks by height.
pub enum Source<'a> {
    Store(&'a Store),
    Node(&'a Client),
}

/// Why a block is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("block {height}: {source}")]
    Tendermint {
        height: Height,
        source: tendermint::Error,
    },
    #[error("the node answers height {actual} when asked for {expected}")]
    OtherHeight { expected: Height, actual: Height },
}

impl Source<'_> {
    /// The height of the last block.
    pub fn last(&self) -> Result<Height, SourceError> {
        Ok(match self {
            Self::Store(store) => store.last_height()?,
            Self::Node(client) => client.status()?.latest_height,
        })
    }

    /// The header of a height with the commit that signs it.
    pub fn header(&self, height: Height) -> Result<SignedHeader, SourceError> {
        match self {
            Self::Store(store) => {
                let header = store.header(height)?;
                signed(height, header, store.commit(height)?)
            }
            Self::Node(client) => {
                let answer: CommitAnswer = client.ask(&Request::Commit(height))?;
                let actual = answer.signed_header.header.height.value();
                check_height(height, actual)?;
                Ok(answer.signed_header)
            }
        }
    }

    /// The block of a height.
    pub fn block(&self, height: Height) -> Result<ArchivedBlock, SourceError> {
        match self {
            Self::Store(store) => {
                let record = store.block(height)?;
                let header = signed(height, record.header, record.commit)?;
                let transactions = record.block.data.unwrap_or_default().txs;
                let results = record.outcomes.iter().map(|outcome| TxResult {
                    code: outcome.code(),
                    ..TxResult::default()
                });
                let results: Vec<TxResult> = results.collect();
                Ok(ArchivedBlock::new(&header, &transactions, &results))
            }
            Self::Node(client) => {
                let header = self.header(height)?;
                let block: BlockAnswer = client.ask(&Request::Block(height))?;
                check_height(height, block.block.header.height.value())?;
                let results: BlockResults = client.ask(&Request::BlockResults(height))?;
                check_height(height, results.height)?;
                let transactions = &block.block.data;
                Ok(ArchivedBlock::new(&header, transactions, &results.results))
            }
        }
    }
}

fn signed(
    height: Height,
    header: tendermint::block::Header,
    commit: tendermint::block::Commit,
) -> Result<SignedHeader, SourceError> {
    SignedHeader::new(header, commit).map_err(|source| SourceError::Tendermint { height, source })
}

fn check_height(expected: Height, actual: Height) -> Result<(), SourceError> {
    if actual == expected {
        Ok(())
    } else {
        Err(SourceError::OtherHeight { expected, actual })
    }
}
