//! The service's way to the ledger: reads what every municipality has recorded, and records what people here have asked for.
//!
//! It believes its own municipality's node, which stands beside it. A batch is kept before it is sent, and sent with the same bytes until it is
//! on the ledger, so that an end at any moment loses nobody's right and gives nobody two.

use crate::service::Service;
use crate::store::{Batch, BatchState, RecordedBatch, StoreError};
use node::client::{Client, ClientError, Taken};
use node::seconds;
use std::sync::Arc;
use std::time::{Duration, Instant};
use verifier_core::prove::sign_body;
use verifier_core::rpc::{BlockAnswer, BlockResults};
use verifier_core::{
    Action, BATCH_LIMIT, Body, Height, Outcome, RecordIssuances, Request, Seconds, Transaction,
};

/// So many blocks are read before what they hold is kept.
const STRIDE: u64 = 64;

/// How often the ledger is looked at, and how long people are gathered for one batch.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    pub look: Duration,
    pub gather: Duration,
}

/// Why the ledger could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RecorderError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a task of the service ended early")]
    Interrupted,
    #[error("all {} numbers of batches are used", u16::MAX)]
    NoNumber,
}

/// Reads and writes the ledger for a service.
pub struct Recorder {
    service: Arc<Service>,
    node: Client,
    pace: Pace,
    /// When the last batch was put together.
    gathered: Instant,
}

/// What some blocks recorded.
#[derive(Default)]
struct Blocks {
    last: Height,
    time: Seconds,
    batches: Vec<RecordedBatch>,
}

impl Recorder {
    /// A recorder that asks this node.
    pub fn new(service: Arc<Service>, node: Client, pace: Pace) -> Self {
        Self {
            service,
            node,
            pace,
            gathered: Instant::now(),
        }
    }

    /// Goes on until the task ends. What goes wrong is said and tried again.
    pub async fn run(mut self) {
        let mut said = String::new();
        loop {
            let trouble = match self.step().await {
                Ok(()) => String::new(),
                Err(error) => error.to_string(),
            };
            if trouble != said && !trouble.is_empty() {
                eprintln!("The ledger: {trouble}.");
            }
            said = trouble;
            tokio::time::sleep(self.pace.look).await;
        }
    }

    /// Reads new blocks, sends what is on its way, puts together what waits.
    ///
    /// # Errors
    /// If node or database do not answer.
    pub async fn step(&mut self) -> Result<(), RecorderError> {
        self.service.store.forget(self.service.clock.now()).await?;
        self.read().await?;
        if self.service.store.sent().await?.is_none() {
            self.gather().await?;
        }
        match self.service.store.sent().await? {
            Some(batch) => self.send(&batch).await,
            None => Ok(()),
        }
    }

    async fn read(&self) -> Result<(), RecorderError> {
        loop {
            let from = self.service.store.height().await?.saturating_add(1);
            let node = self.node.clone();
            let read = tokio::task::spawn_blocking(move || read_blocks(&node, from));
            let blocks = read.await.map_err(|_| RecorderError::Interrupted)??;
            if blocks.last < from {
                return Ok(());
            }
            let own = self.service.serving.municipality;
            self.service
                .store
                .take_blocks(own, blocks.last, &blocks.batches)
                .await?;
            self.service.set_ledger_time(blocks.time);
        }
    }

    /// Puts those who wait into a batch, sorted by commitment, once some time has gone since the last one.
    async fn gather(&mut self) -> Result<(), RecorderError> {
        if self.gathered.elapsed() < self.pace.gather {
            return Ok(());
        }
        self.gathered = Instant::now();
        let limit = u32::try_from(BATCH_LIMIT).unwrap_or(u32::MAX);
        let commitments = self.service.store.waiting(limit).await?;
        if commitments.is_empty() {
            return Ok(());
        }
        let sequence = self.service.store.next_sequence().await?;
        let sequence = sequence.ok_or(RecorderError::NoNumber)?;
        let serving = &self.service.serving;
        let action = Action::RecordIssuances(RecordIssuances {
            municipality: serving.municipality,
            sequence,
            roll_commitments: commitments.clone(),
        });
        let body = Body::new(serving.genesis, serving.id, action);
        let code = body.tracking_code();
        let batch = Batch {
            sequence,
            code,
            transaction: sign_body(body, &[&self.service.keys.registrar]).encode(),
        };
        Ok(self.service.store.put_batch(&batch, &commitments).await?)
    }

    async fn send(&self, batch: &Batch) -> Result<(), RecorderError> {
        let (node, bytes) = (self.node.clone(), batch.transaction.clone());
        let taken = tokio::task::spawn_blocking(move || node.broadcast(&bytes));
        let taken = taken.await.map_err(|_| RecorderError::Interrupted)??;
        let Taken::Refused { code, log } = taken else {
            return Ok(());
        };
        // It may be on the ledger by now, which refuses it as one that was there.
        self.read().await?;
        let on_its_way = self.service.store.sent().await?.as_ref() == Some(batch);
        if on_its_way && Outcome::from_code(code).is_some_and(is_final) {
            let refused = BatchState::Refused;
            self.service
                .store
                .set_state(batch.sequence, refused)
                .await?;
        }
        if on_its_way {
            eprintln!("The ledger does not take batch {}: {log}.", batch.sequence);
        }
        Ok(())
    }
}

/// Whether an outcome stays as it is. All others may pass: a roll that is not certified yet, a node that is behind.
fn is_final(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::OutsideWindow
            | Outcome::NoClaims
            | Outcome::WrongElection
            | Outcome::UnknownMunicipality
            | Outcome::InvalidSignature
    )
}

fn read_blocks(node: &Client, from: Height) -> Result<Blocks, ClientError> {
    let status = node.status()?;
    let from = from.max(status.earliest_height);
    let last = status.latest_height.min(from.saturating_add(STRIDE));
    let mut blocks = Blocks::default();
    for height in from..=last {
        let block: BlockAnswer = node.ask(&Request::Block(height))?;
        let results: BlockResults = match node.ask(&Request::BlockResults(height)) {
            // A node answers its last block's results a moment after the block.
            Err(_) if height == status.latest_height => break,
            answer => answer?,
        };
        let codes = results.results.iter().map(|result| result.code);
        let ok = codes.map(|code| code == Outcome::Ok.code());
        let recorded = block.block.data.iter().zip(ok);
        let recorded = recorded.filter_map(|(bytes, ok)| recorded_batch(bytes).filter(|_| ok));
        blocks.batches.extend(recorded);
        blocks.time = seconds(block.block.header.time);
        blocks.last = height;
    }
    Ok(blocks)
}

fn recorded_batch(bytes: &[u8]) -> Option<RecordedBatch> {
    let transaction = Transaction::decode(bytes).ok()?;
    let code = transaction.body.tracking_code();
    match transaction.body.action {
        Action::RecordIssuances(record) => Some(RecordedBatch {
            municipality: record.municipality,
            sequence: record.sequence,
            code,
            commitments: record.roll_commitments,
        }),
        _ => None,
    }
}
