//! Transactions that a node has seen, so that it looks at each once. Like CometBFT's cache it forgets the oldest first.

use std::collections::{BTreeSet, VecDeque};
use verifier_core::Hash;

/// Hashes of transactions, at most so many.
pub(super) struct Cache {
    limit: usize,
    seen: BTreeSet<Hash>,
    order: VecDeque<Hash>,
}

impl Cache {
    /// An empty one.
    pub fn of(limit: usize) -> Self {
        Self {
            limit,
            seen: BTreeSet::new(),
            order: VecDeque::new(),
        }
    }

    /// Notes a transaction. Says whether it is new.
    pub fn push(&mut self, hash: Hash) -> bool {
        if !self.seen.insert(hash) {
            return false;
        }
        self.order.push_back(hash);
        if self.order.len() > self.limit
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        true
    }

    /// Forgets a transaction: it may come again.
    pub fn forget(&mut self, hash: Hash) {
        if self.seen.remove(&hash) {
            self.order.retain(|other| *other != hash);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_first_and_what_is_forgotten_may_come_again() {
        let mut cache = Cache::of(2);
        let hash = |byte| Hash([byte; 32]);
        assert!(cache.push(hash(1)) && cache.push(hash(2)));
        assert!(!cache.push(hash(1)));
        assert!(cache.push(hash(3)));
        assert!(cache.push(hash(1)), "the oldest was forgotten");
        cache.forget(hash(3));
        assert!(cache.push(hash(3)));
    }
}
