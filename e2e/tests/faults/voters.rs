//! Voters: while they go, ballots are sent to all nodes in turn at a steady pace; whoever finds a node down goes to the next.

use node::client::Client;
use node::rehearsal::{Delivered, Delivery, Prepared};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use verifier_core::TrackingCode;

/// Voters at the same time.
const VOTERS: usize = 3;
/// Each sends a ballot this often.
const EVERY: Duration = Duration::from_millis(200);
/// How long a voter looks for a node that takes the ballot.
const PATIENCE: Duration = Duration::from_secs(15);

/// A ballot that a node has accepted.
#[derive(Clone, Copy, Debug)]
pub struct Accepted {
    pub number: usize,
    pub code: TrackingCode,
    pub since: Instant,
}

/// All voters of the election.
pub struct Voters {
    polls: Arc<Polls>,
    threads: Vec<JoinHandle<()>>,
}

struct Polls {
    nodes: Vec<Client>,
    ballots: Vec<Prepared>,
    next: AtomicUsize,
    going: AtomicBool,
    ended: AtomicBool,
    /// Voters that are sending.
    busy: AtomicUsize,
    accepted: Mutex<Vec<Accepted>>,
}

impl Voters {
    /// Voters with these ballots, who wait.
    pub fn new(nodes: Vec<Client>, ballots: Vec<Prepared>) -> Self {
        let polls = Arc::new(Polls {
            nodes,
            ballots,
            next: AtomicUsize::new(0),
            going: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            busy: AtomicUsize::new(0),
            accepted: Mutex::default(),
        });
        let threads = (0..VOTERS).map(|_| {
            let polls = Arc::clone(&polls);
            thread::spawn(move || polls.vote())
        });
        Self {
            threads: threads.collect(),
            polls,
        }
    }

    /// Lets them vote.
    pub fn go(&self) {
        self.polls.going.store(true, Ordering::SeqCst);
    }

    /// Lets them rest, and waits until none is sending.
    pub fn rest(&self) {
        self.polls.going.store(false, Ordering::SeqCst);
        while self.polls.busy.load(Ordering::SeqCst) > 0 {
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Everything that nodes have accepted so far.
    pub fn accepted(&self) -> Vec<Accepted> {
        self.polls.accepted().clone()
    }

    /// A ballot's bytes.
    pub fn bytes(&self, number: usize) -> Option<&[u8]> {
        Some(&self.polls.ballots.get(number)?.bytes)
    }

    /// Sends a ballot again, first to the next node.
    pub fn send_again(&self, number: usize) {
        if let Some(ballot) = self.polls.ballots.get(number) {
            self.polls.send(&ballot.bytes, number + 1);
        }
    }
}

impl Polls {
    fn vote(&self) {
        while !self.ended.load(Ordering::SeqCst) {
            self.busy.fetch_add(1, Ordering::SeqCst);
            if self.going.load(Ordering::SeqCst) {
                self.vote_once();
            }
            self.busy.fetch_sub(1, Ordering::SeqCst);
            thread::sleep(EVERY);
        }
    }

    fn vote_once(&self) {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        let Some(ballot) = self.ballots.get(number) else {
            return;
        };
        // A voter whose ballot no node takes knows that, and is no part of any count.
        if let Delivered::Waiting { since } = self.send(&ballot.bytes, number) {
            self.accepted().push(Accepted {
                number,
                code: ballot.transaction.body.tracking_code(),
                since,
            });
        }
    }

    fn send(&self, bytes: &[u8], first: usize) -> Delivered {
        let delivery = Delivery {
            nodes: &self.nodes,
            senders: 1,
            rate: None,
            until: Instant::now() + PATIENCE,
        };
        delivery.send(bytes, first)
    }

    fn accepted(&self) -> std::sync::MutexGuard<'_, Vec<Accepted>> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Voters {
    fn drop(&mut self) {
        self.polls.ended.store(true, Ordering::SeqCst);
        self.polls.going.store(false, Ordering::SeqCst);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
