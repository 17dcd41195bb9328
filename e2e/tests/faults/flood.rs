//! Attackers who send what is worthless at full rate, over many connections, to all nodes: junk, transactions that are too large, and good
//! ones again and again.

use crate::arena::Arena;
use crate::count::{Count, Counting};
use crate::stage::Stage;
use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use node::client::{Client, Taken};
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use verifier_core::Transaction;

/// Connections to every node, of each kind of attacker.
const CONNECTIONS: usize = 2;
const QUIET: Duration = Duration::from_secs(8);
const FLOOD: Duration = Duration::from_secs(20);
/// A little less than a ballot.
const JUNK: usize = 700;
/// Above what a node's mempool takes, below what its RPC takes.
const OVERSIZED: usize = 600 * 1024;

/// What an attacker sends.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Junk,
    Oversized,
    /// A ballot that is on the ledger.
    Replayed,
    /// A ballot that waits, or was just recorded.
    Duplicate,
    /// A ballot with another's signature: it decodes.
    Altered,
}

const KINDS: [Kind; 5] = [
    Kind::Junk,
    Kind::Oversized,
    Kind::Replayed,
    Kind::Duplicate,
    Kind::Altered,
];

pub fn trial(stage: &Arc<Stage>) -> Trial {
    stage.on_network(
        "a_flood_of_worthless_transactions_does_not_keep_honest_ballots_out",
        "flood at full rate",
        None,
        flood,
    )
}

fn flood(arena: &mut Arena) -> Result<(String, Count)> {
    let counting = Counting::begin(arena);
    let began = Instant::now();
    arena.watch(QUIET);
    let quiet = Honest::between(arena, began, Instant::now() - Duration::from_secs(2));
    let attack = Attack::of(arena);
    let connections = arena.nodes.len() * KINDS.len() * CONNECTIONS;
    let flooded = thread::scope(|scope| {
        for (number, node) in arena.nodes.iter().enumerate() {
            for kind in KINDS.into_iter().cycle().take(KINDS.len() * CONNECTIONS) {
                let (attack, url) = (&attack, node.url().to_owned());
                scope.spawn(move || attack.run(kind, &Client::new(&url), number));
            }
        }
        let began = Instant::now();
        let mut book = std::mem::take(&mut arena.book);
        while began.elapsed() < FLOOD {
            book.read(&arena.nodes);
            thread::sleep(Duration::from_millis(100));
        }
        attack.ended.store(true, Ordering::SeqCst);
        arena.book = book;
        (began, Instant::now())
    });
    let count = counting.end(arena, 0)?;
    let during = Honest::between(arena, flooded.0, flooded.1);
    let (sent, taken) = (attack.sent.into_inner(), attack.taken.into_inner());
    ensure!(taken == 0, "{taken} worthless transactions were taken");
    let what = format!(
        "{:.0} worthless transactions/s over {connections} connections, none taken; honest ballots {during}, before {quiet}",
        f64::from(u32::try_from(sent)?) / FLOOD.as_secs_f64()
    );
    Ok((what, count))
}

/// The material of an attack.
struct Attack {
    ballots: Vec<Vec<u8>>,
    altered: Vec<Vec<u8>>,
    sent: AtomicUsize,
    /// Transactions that a node took anew.
    taken: AtomicUsize,
    ended: AtomicBool,
}

impl Attack {
    fn of(arena: &Arena) -> Self {
        let accepted = arena.voters.accepted();
        let ballots = accepted
            .iter()
            .filter_map(|ballot| arena.voters.bytes(ballot.number));
        let ballots: Vec<Vec<u8>> = ballots.map(<[u8]>::to_vec).collect();
        Self {
            altered: ballots.windows(2).filter_map(altered).collect(),
            ballots,
            sent: AtomicUsize::new(0),
            taken: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
        }
    }

    fn run(&self, kind: Kind, node: &Client, seed: usize) {
        let mut rng = ChaCha20Rng::seed_from_u64(u64::try_from(seed).unwrap_or(0));
        let mut number = seed;
        while !self.ended.load(Ordering::SeqCst) {
            number += 1;
            let answer = match kind {
                Kind::Junk => node.broadcast(&random(&mut rng, JUNK)),
                Kind::Oversized => node.broadcast(&random(&mut rng, OVERSIZED)),
                Kind::Replayed => node.broadcast(pick(&self.ballots, number)),
                Kind::Duplicate => node.broadcast(pick(&self.ballots, usize::MAX)),
                Kind::Altered => node.broadcast(pick(&self.altered, number)),
            };
            self.sent.fetch_add(1, Ordering::SeqCst);
            let taken = matches!(answer, Ok(Taken::Waiting { .. }));
            self.taken.fetch_add(usize::from(taken), Ordering::SeqCst);
        }
    }
}

/// The first of two ballots with the second's signature.
fn altered(pair: &[Vec<u8>]) -> Option<Vec<u8>> {
    let [one, other] = pair else { return None };
    let mut one = Transaction::decode(one).ok()?;
    one.signatures = Transaction::decode(other).ok()?.signatures;
    Some(one.encode())
}

fn pick(list: &[Vec<u8>], number: usize) -> &[u8] {
    let at = number % list.len().max(1);
    list.get(at).map_or(&[], Vec::as_slice)
}

fn random(rng: &mut ChaCha20Rng, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    rng.fill_bytes(&mut bytes);
    bytes
}

/// How honest ballots fared.
struct Honest {
    per_second: f64,
    median: Duration,
    most: Duration,
}

impl Honest {
    /// Those that were accepted in this time.
    fn between(arena: &Arena, from: Instant, to: Instant) -> Self {
        let accepted = arena.voters.accepted();
        let within = accepted
            .iter()
            .filter(|ballot| (from..to).contains(&ballot.since));
        let mut waits: Vec<Duration> = within
            .filter_map(|ballot| {
                let entry = arena.book.effective(&ballot.code)?;
                Some(entry.seen.saturating_duration_since(ballot.since))
            })
            .collect();
        waits.sort_unstable();
        let at = |percent: usize| {
            let index = waits.len().saturating_sub(1) * percent / 100;
            waits.get(index).copied().unwrap_or_default()
        };
        let recorded = f64::from(u32::try_from(waits.len()).unwrap_or(u32::MAX));
        Self {
            per_second: recorded / (to - from).as_secs_f64(),
            median: at(50),
            most: at(95),
        }
    }
}

impl std::fmt::Display for Honest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:.1}/s in their block after {:.1} s (95 of 100: {:.1} s)",
            self.per_second,
            self.median.as_secs_f64(),
            self.most.as_secs_f64()
        )
    }
}
