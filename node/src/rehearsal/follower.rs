//! The ledger as it grows, read block by block from whichever node answers.

use crate::client::{Client, ClientError};
use crate::ledger::seconds;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;
use verifier_core::rpc::{BlockAnswer, BlockResults};
use verifier_core::{
    Action, AssetId, Election, GenesisHash, GenesisState, Height, Outcome, Request, Seconds, Tally,
    TrackingCode, Transaction,
};

/// A transaction on the ledger.
#[derive(Clone, Copy, Debug)]
pub struct Recorded {
    pub height: Height,
    pub outcome: Outcome,
    /// When the block was read.
    pub seen: Instant,
}

/// What was read so far.
pub struct Follower {
    election: Election,
    next: Height,
    at: usize,
    /// Seconds of the last block's header.
    time: Seconds,
    recorded: BTreeMap<TrackingCode, Recorded>,
    spent: BTreeSet<AssetId>,
    closed: bool,
    shares: u16,
    last_share: Height,
}

impl Follower {
    /// A reader before the first block.
    pub fn new(genesis: GenesisHash, state: GenesisState) -> Self {
        Self {
            election: Election::new(genesis, state),
            next: 1,
            at: 0,
            time: 0,
            recorded: BTreeMap::new(),
            spent: BTreeSet::new(),
            closed: false,
            shares: 0,
            last_share: 0,
        }
    }

    /// Reads the blocks that are there and were not read yet. A node that does not answer is left for the next one.
    ///
    /// # Errors
    /// If no node answers.
    pub fn read(&mut self, nodes: &[Client]) -> Result<(), ClientError> {
        let mut refusal = None;
        for _ in nodes {
            let Some(node) = nodes.get(self.at % nodes.len()) else {
                break;
            };
            match self.read_from(node) {
                Ok(()) => return Ok(()),
                Err(error) => refusal = Some(error),
            }
            self.at += 1;
        }
        refusal.map_or(Ok(()), Err)
    }

    fn read_from(&mut self, node: &Client) -> Result<(), ClientError> {
        let latest = node.status()?.latest_height;
        while self.next <= latest {
            let block: BlockAnswer = node.ask(&Request::Block(self.next))?;
            // A node answers its last block's results a moment after the block.
            let results: BlockResults = match node.ask(&Request::BlockResults(self.next)) {
                Err(_) if self.next == latest => return Ok(()),
                answer => answer?,
            };
            self.time = seconds(block.block.header.time);
            let codes = results.results.iter().map(|result| result.code);
            for (bytes, code) in block.block.data.iter().zip(codes) {
                self.take(bytes, code);
            }
            self.next += 1;
        }
        Ok(())
    }

    fn take(&mut self, bytes: &[u8], code: u32) {
        let Ok(transaction) = Transaction::decode(bytes) else {
            return;
        };
        let outcome = Outcome::from_code(code).unwrap_or(Outcome::Malformed);
        let recorded = Recorded {
            height: self.next,
            outcome,
            seen: Instant::now(),
        };
        self.recorded
            .insert(transaction.body.tracking_code(), recorded);
        let ok = outcome == Outcome::Ok;
        match &transaction.body.action {
            Action::Cast(ballot) if ok => {
                self.spent.insert(ballot.asset);
            }
            Action::Cast(_) => {}
            Action::Close => self.closed |= ok,
            Action::Share(_) if ok => {
                self.shares += 1;
                self.last_share = self.next;
            }
            Action::Share(_) => {}
            // Setup and turnout: judged by the rules themselves, so that a node cannot name keys of its own.
            _ => {
                let tally = Tally::new(0, 0);
                self.election.apply(self.time, &transaction, &tally);
            }
        }
    }

    /// The election's setup, as the rules make it of the recorded transactions.
    pub fn election(&self) -> &Election {
        &self.election
    }

    /// The height of the last block that was read; 0 before the first.
    pub fn height(&self) -> Height {
        self.next - 1
    }

    /// Seconds of the last block's header.
    pub fn time(&self) -> Seconds {
        self.time
    }

    /// What became of a transaction, once it is on the ledger.
    pub fn recorded(&self, code: &TrackingCode) -> Option<&Recorded> {
        self.recorded.get(code)
    }

    /// Whether a ballot on the ledger has spent this asset.
    pub fn is_spent(&self, asset: AssetId) -> bool {
        self.spent.contains(&asset)
    }

    /// Whether the sums are closed.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// How many trustees have opened the sums.
    pub fn shares(&self) -> u16 {
        self.shares
    }

    /// The height of the last share.
    pub fn last_share(&self) -> Height {
        self.last_share
    }
}
