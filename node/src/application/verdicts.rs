//! Ballots whose proofs this node has checked already, so that one and the same ballot is checked once: when it arrives, and not again when
//! it is proposed and when it is recorded.
//!
//! A verdict rests on the key set and on the complete transaction, signature included, and on nothing else: those name it here. A ballot that
//! is not here is checked; what is here only saves time. Refusals are not kept, so that nobody can push good ballots out with junk.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use verifier_core::{CheckedBallot, Hash, KeySetId};

/// About a kilobyte each.
const LIMIT: usize = 32_768;

type Name = (KeySetId, Hash);

/// The last ballots found good. Shared by everything that checks.
#[derive(Default)]
pub struct Verdicts {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    ballots: BTreeMap<Name, Arc<CheckedBallot>>,
    order: VecDeque<Name>,
}

impl Verdicts {
    /// The ballot that this transaction is, if it was found good under the key set. `hash` is the SHA-256 of the complete transaction.
    pub fn get(&self, key_set: KeySetId, hash: Hash) -> Option<Arc<CheckedBallot>> {
        self.lock().ballots.get(&(key_set, hash)).map(Arc::clone)
    }

    /// Keeps a good ballot; the oldest goes when there are too many.
    pub fn keep(&self, key_set: KeySetId, hash: Hash, ballot: &Arc<CheckedBallot>) {
        let mut kept = self.lock();
        let name = (key_set, hash);
        if kept.ballots.insert(name, Arc::clone(ballot)).is_some() {
            return;
        }
        kept.order.push_back(name);
        if kept.order.len() > LIMIT
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.ballots.remove(&oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
