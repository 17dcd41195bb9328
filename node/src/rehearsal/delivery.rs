//! Sending transactions to all nodes in turn, over several connections, and again where one is down or full.

use crate::client::{Client, Taken};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use verifier_core::Outcome;

/// How long a sender waits once every node was full or silent.
const PATIENCE: Duration = Duration::from_millis(200);

/// What became of a transaction on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// A node keeps it for a block.
    Waiting { since: Instant },
    /// The application refused it at the door, with this code.
    Refused { code: u32 },
    /// Nobody took it in time.
    Nowhere,
}

/// How transactions are sent.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    pub nodes: &'a [Client],
    /// So many at the same time.
    pub senders: usize,
    /// At most so many a second, if there is a limit.
    pub rate: Option<u32>,
    /// What was not taken by then is left.
    pub until: Instant,
}

impl Delivery<'_> {
    /// Sends each transaction to one node, the first to the node numbered `first`, the next to the next. They set out in their order.
    pub fn send_all(&self, transactions: &[Vec<u8>], first: usize) -> Vec<Delivered> {
        let (started, next) = (Instant::now(), AtomicUsize::new(0));
        let sent = Mutex::new(vec![Delivered::Nowhere; transactions.len()]);
        std::thread::scope(|scope| {
            for _ in 0..self.senders.max(1) {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let Some(bytes) = transactions.get(number) else {
                            break;
                        };
                        self.pace(started, number);
                        let delivered = self.send(bytes, first + number);
                        if let Ok(mut sent) = sent.lock()
                            && let Some(place) = sent.get_mut(number)
                        {
                            *place = delivered;
                        }
                    }
                });
            }
        });
        sent.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn pace(&self, started: Instant, number: usize) {
        let Some(rate) = self.rate else { return };
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let due = started + Duration::from_secs(1) * number / rate.max(1);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }

    /// Sends one transaction, to the node numbered `first` or, where that is down or full, to the next that takes it.
    pub fn send(&self, bytes: &[u8], first: usize) -> Delivered {
        let mut at = first;
        let mut tried = 0;
        while Instant::now() < self.until {
            let Some(node) = self.nodes.get(at % self.nodes.len().max(1)) else {
                break;
            };
            match node.broadcast(bytes) {
                Ok(Taken::Waiting { .. } | Taken::Known | Taken::Recorded) => {
                    return Delivered::Waiting {
                        since: Instant::now(),
                    };
                }
                Ok(Taken::Refused { code, .. }) if !may_be_behind(code) => {
                    return Delivered::Refused { code };
                }
                Ok(Taken::Refused { .. } | Taken::Full) | Err(_) => at += 1,
            }
            tried += 1;
            if tried % self.nodes.len().max(1) == 0 {
                std::thread::sleep(PATIENCE);
            }
        }
        Delivered::Nowhere
    }
}

/// Whether a refusal may only say that the node has not caught up with the ledger yet: another one may know better.
fn may_be_behind(code: u32) -> bool {
    let behind = [Outcome::NotDefined, Outcome::KeysIncomplete];
    Outcome::from_code(code).is_some_and(|outcome| behind.contains(&outcome))
}
