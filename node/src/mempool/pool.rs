//! The embedded engine's mempool, with the limits, the order of checks and the sentences of CometBFT's.

use super::cache::Cache;
use super::check::{CheckedTransaction, check_at_both_times, check_transactions};
use super::waiting::Waiting;
use crate::application::Admitted;
use crate::promise::{self, Again, Promiser};
use crate::replica::Committed;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use verifier_core::{Hash, Height, Outcome, Seconds};

/// How much may wait; a network's CometBFTs are set to the same.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub transactions: usize,
    pub bytes: usize,
    pub transaction_bytes: usize,
    pub cache: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            transactions: 20_000,
            bytes: 64 * 1024 * 1024,
            transaction_bytes: verifier_core::TRANSACTION_LIMIT,
            cache: 100_000,
        }
    }
}

/// Why a transaction is not even looked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MempoolError {
    #[error(
        "mempool is full: number of txs {transactions} (max: {most}), total txs bytes {bytes} (max: {most_bytes})"
    )]
    Full {
        transactions: usize,
        most: usize,
        bytes: usize,
        most_bytes: usize,
    },
    #[error("Tx too large. Max size is {most}, but got {actual}")]
    TooLarge { most: usize, actual: usize },
    #[error("tx already exists in cache")]
    Known,
}

/// Transactions from outside that wait for their block.
pub struct Mempool {
    clock: fn() -> Seconds,
    limits: Limits,
    waiting: Mutex<Waiting>,
    inner: Mutex<Inner>,
}

struct Inner {
    committed: Arc<Committed>,
    /// In the order in which they came.
    queue: Vec<Waits>,
    bytes: usize,
    cache: Cache,
}

/// A transaction that was found good.
#[derive(Clone)]
struct Waits {
    hash: Hash,
    bytes: Arc<[u8]>,
}

impl AsRef<[u8]> for Waits {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Mempool {
    /// An empty one after this block. `clock` tells this machine's time.
    pub fn new(committed: Arc<Committed>, limits: Limits, clock: fn() -> Seconds) -> Self {
        let inner = Inner {
            committed,
            queue: Vec::new(),
            bytes: 0,
            cache: Cache::of(limits.cache),
        };
        Self {
            clock,
            limits,
            waiting: Mutex::default(),
            inner: Mutex::new(inner),
        }
    }

    /// Checks a transaction and keeps it for a block if it is good; a ballot is promised, if there is somebody to promise it.
    ///
    /// # Errors
    /// If it is too large, here already, or there is no room.
    pub fn take(
        &self,
        transaction: &[u8],
        promiser: Option<&Promiser>,
    ) -> Result<CheckedTransaction, MempoolError> {
        let now = (self.clock)();
        let mut inner = self.lock();
        inner.make_room(transaction.len(), &self.limits)?;
        let hash = Hash::of(transaction);
        if !inner.cache.push(hash) {
            return Err(MempoolError::Known);
        }
        let committed = &inner.committed;
        let promise = |_, ballot| promiser?.promise(committed, now, ballot);
        let checked =
            check_transactions(committed, now, &self.waiting, &[transaction], promise).pop();
        // One question, one answer.
        let checked = checked.ok_or(MempoolError::Known)?;
        if checked.is_good() {
            inner.bytes += transaction.len();
            inner.queue.push(Waits {
                hash,
                bytes: transaction.into(),
            });
        } else {
            inner.cache.forget(hash);
        }
        Ok(checked)
    }

    /// The promise for a ballot that waits here, or what became of the ballot; with the height after which it was so.
    pub fn promise_again(&self, bytes: &[u8], promiser: Option<&Promiser>) -> (Height, Again) {
        let (now, committed) = ((self.clock)(), Arc::clone(&self.lock().committed));
        let checked = check_at_both_times(&committed, now, &[bytes]);
        let waits = |ballot: Admitted| lock(&self.waiting).contains(ballot.asset, Hash::of(bytes));
        let promise = |ballot| promiser?.promise(&committed, now, ballot);
        let again = promise::again(&committed.application, checked.first(), waits, promise);
        (committed.height, again)
    }

    /// What goes into a block of this height and time: what takes effect there, and no more than `limit` bytes. It waits on until the block is made.
    pub fn reap(&self, height: Height, time: Seconds, limit: usize) -> Vec<Vec<u8>> {
        let (committed, queue) = {
            let inner = self.lock();
            (Arc::clone(&inner.committed), inner.queue.clone())
        };
        if queue.is_empty() {
            return Vec::new();
        }
        let chosen = committed.application.choose(height, time, &queue, limit);
        chosen.iter().map(|waits| waits.bytes.to_vec()).collect()
    }

    /// Takes note of a block: what it recorded waits no longer, and everything else is checked again.
    pub fn update(&self, committed: Arc<Committed>, recorded: &[Vec<u8>], outcomes: &[Outcome]) {
        let now = (self.clock)();
        let mut inner = self.lock();
        inner.committed = committed;
        let hashes: BTreeSet<Hash> = recorded.iter().map(|bytes| Hash::of(bytes)).collect();
        for (hash, outcome) in recorded.iter().map(|bytes| Hash::of(bytes)).zip(outcomes) {
            // What took effect never comes again; what did not might, by then.
            if *outcome == Outcome::Ok {
                inner.cache.push(hash);
            } else {
                inner.cache.forget(hash);
            }
        }
        inner.queue.retain(|waits| !hashes.contains(&waits.hash));
        inner.check_again(now, &self.waiting);
    }

    /// How many transactions wait.
    pub fn len(&self) -> usize {
        self.lock().queue.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }
}

impl Inner {
    fn make_room(&self, actual: usize, limits: &Limits) -> Result<(), MempoolError> {
        let transactions = self.queue.len();
        if transactions >= limits.transactions || self.bytes.saturating_add(actual) > limits.bytes {
            return Err(MempoolError::Full {
                transactions,
                most: limits.transactions,
                bytes: self.bytes,
                most_bytes: limits.bytes,
            });
        }
        let most = limits.transaction_bytes;
        if actual > most {
            return Err(MempoolError::TooLarge { most, actual });
        }
        Ok(())
    }

    /// After a block, as CometBFT does: what became worthless goes, and may be sent again.
    fn check_again(&mut self, now: Seconds, waiting: &Mutex<Waiting>) {
        lock(waiting).clear();
        let queue = std::mem::take(&mut self.queue);
        let checked = check_transactions(&self.committed, now, waiting, &queue, |_, _| None);
        self.bytes = 0;
        for (waits, checked) in queue.into_iter().zip(checked) {
            if checked.is_good() {
                self.bytes += waits.bytes.len();
                self.queue.push(waits);
            } else {
                self.cache.forget(waits.hash);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
