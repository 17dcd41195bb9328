//! The ledger as the tests keep it: every transaction that was ever seen on it, as often as it was seen.

use anyhow::Result;
use node::client::Client;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;
use verifier_core::rpc::{BlockAnswer, BlockResults};
use verifier_core::{Action, AssetId, Height, Outcome, Request, TrackingCode, Transaction};

/// A transaction on the ledger.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub outcome: Outcome,
    /// When its block was read.
    pub seen: Instant,
}

/// All blocks that were read, each once.
#[derive(Default)]
pub struct Book {
    height: Height,
    entries: BTreeMap<TrackingCode, Vec<Entry>>,
    /// Assets of ballots that count, and those counted a second time.
    spent: BTreeSet<AssetId>,
    spent_twice: usize,
    counted: usize,
}

impl Book {
    /// Reads from the first node that has anything new.
    pub fn read(&mut self, nodes: &[Client]) {
        for node in nodes {
            // Nodes may be down: that is what these tests are about.
            if self.read_from(node).is_ok() {
                return;
            }
        }
    }

    fn read_from(&mut self, node: &Client) -> Result<()> {
        let latest = node.status()?.latest_height;
        anyhow::ensure!(latest > self.height, "nothing new");
        while self.height < latest {
            let height = self.height + 1;
            let block: BlockAnswer = node.ask(&Request::Block(height))?;
            let results: BlockResults = node.ask(&Request::BlockResults(height))?;
            for (bytes, result) in block.block.data.iter().zip(&results.results) {
                let transaction = Transaction::decode(bytes)?;
                let outcome = Outcome::from_code(result.code).unwrap_or(Outcome::Malformed);
                self.note(&transaction, outcome);
            }
            self.height = height;
        }
        Ok(())
    }

    fn note(&mut self, transaction: &Transaction, outcome: Outcome) {
        let code = transaction.body.tracking_code();
        let seen = Instant::now();
        let entries = self.entries.entry(code).or_default();
        entries.push(Entry { outcome, seen });
        if let (Action::Cast(ballot), Outcome::Ok) = (&transaction.body.action, outcome) {
            self.counted += 1;
            self.spent_twice += usize::from(!self.spent.insert(ballot.asset));
        }
    }

    /// The last block that was read; 0 before the first.
    pub fn height(&self) -> Height {
        self.height
    }

    /// How many ballots count.
    pub fn counted(&self) -> usize {
        self.counted
    }

    /// Whether a transaction is on the ledger.
    pub fn holds(&self, code: &TrackingCode) -> bool {
        self.entries.contains_key(code)
    }

    /// A transaction's first place on the ledger, if it took effect there.
    pub fn effective(&self, code: &TrackingCode) -> Option<&Entry> {
        let first = self.entries.get(code)?.first()?;
        (first.outcome == Outcome::Ok).then_some(first)
    }

    /// Transactions that stand on the ledger more than once, and ballots that count although their asset was spent.
    pub fn twice(&self) -> usize {
        let repeated = self.entries.values().filter(|entries| entries.len() > 1);
        repeated.count() + self.spent_twice
    }
}
