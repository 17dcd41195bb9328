//! The network on which the faults are made, and the election that goes on meanwhile.

use crate::book::Book;
use crate::namespaces::Namespaces;
use crate::voters::Voters;
use anyhow::{Context, Result, ensure};
use e2e::{now, programs};
use node::client::Client;
use node::network::{Loopback, Plan, Purpose, free_ports, write_homes};
use node::rehearsal::{Polls, Rehearsal, Settings};
use node::supervisor::{Network, Pair};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use verifier_core::rpc::CommitAnswer;
use verifier_core::{Height, Request, TrustCard, header_hash};

/// Two of them are more than a third, one is not.
pub const MUNICIPALITIES: usize = 4;
/// More than are sent while all faults are made.
const BALLOTS: u32 = 2_500;
const SEED: u64 = 11;
/// Open for longer than all faults take.
const TIMES: Times = Times {
    opens_in: Duration::from_secs(25),
    open_for: Duration::from_secs(3_600),
    grace: Duration::from_secs(5),
};
const FIRST_BLOCK: Duration = Duration::from_secs(60);
/// How long a node may take to come to where the others are.
pub const CATCH_UP: Duration = Duration::from_secs(60);
const GLANCE: Duration = Duration::from_millis(100);

/// When an election opens, closes, and takes no more ballots.
#[derive(Clone, Copy)]
pub struct Times {
    pub opens_in: Duration,
    pub open_for: Duration,
    pub grace: Duration,
}

/// A running network with an election that is open. What was started is stopped when this is dropped, voters first.
pub struct Arena {
    pub voters: Voters,
    pub network: Network,
    pub nodes: Vec<Client>,
    pub book: Book,
    /// Without the final header: the election runs on.
    pub card: TrustCard,
    /// The rights to make them are not everywhere.
    pub namespaces: Option<Namespaces>,
    folder: TempDir,
}

impl Arena {
    /// Starts the network, in namespaces if they are permitted, and opens the polls.
    pub fn start() -> Result<Self> {
        let namespaces = match Namespaces::are_permitted() {
            Ok(()) => Some(Namespaces::make(MUNICIPALITIES)?),
            Err(_) => None,
        };
        let folder = TempDir::new()?;
        let out = folder.path().join("network");
        write_network(&out, namespaces.as_ref(), TIMES, BALLOTS)?;
        let prefix = |index| {
            namespaces
                .as_ref()
                .map_or_else(Vec::new, |n| n.prefix(index))
        };
        let mut network = Network::open_within(&out, &programs()?, prefix)?;
        network.start_all()?;
        network.wait_for_all(1, FIRST_BLOCK)?;
        let Polls { card, ballots } = Rehearsal::open(&out, settings(BALLOTS, None))?
            .open_polls(&|step| eprintln!("{step}"))?;
        let nodes = clients(&network);
        Ok(Self {
            voters: Voters::new(clients(&network), ballots),
            network,
            nodes,
            book: Book::default(),
            card,
            namespaces,
            folder,
        })
    }

    /// Reads what is new on the ledger.
    pub fn read(&mut self) {
        self.book.read(&self.nodes);
    }

    /// Lets the time pass while the ledger is read.
    pub fn watch(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.read();
            sleep(GLANCE);
        }
    }

    /// Waits until it holds.
    pub fn wait_until(
        &mut self,
        what: &str,
        patience: Duration,
        mut holds: impl FnMut(&mut Self) -> bool,
    ) -> Result<Duration> {
        let started = Instant::now();
        while !holds(self) {
            ensure!(
                started.elapsed() < patience,
                "waited {patience:?} in vain until {what}"
            );
            self.read();
            sleep(GLANCE);
        }
        Ok(started.elapsed())
    }

    /// A municipality's pair.
    pub fn pair(&mut self, index: usize) -> Result<&mut Pair> {
        Ok(self.network.node(index)?)
    }

    /// How far a municipality's node is; `None` if it does not answer.
    pub fn height(&self, index: usize) -> Option<Height> {
        let status = self.nodes.get(index)?.status().ok()?;
        Some(status.latest_height)
    }

    /// The highest block that anybody has.
    pub fn top(&self) -> Height {
        (0..self.nodes.len())
            .filter_map(|index| self.height(index))
            .max()
            .unwrap_or(0)
    }

    /// Waits until so many more blocks are there.
    pub fn goes_on(&mut self, blocks: Height) -> Result<()> {
        let goal = self.top() + blocks;
        self.wait_until("the election goes on", CATCH_UP, |arena| {
            arena.top() >= goal
        })?;
        Ok(())
    }

    /// Waits until a node has every block that anybody has now, and says how long that took.
    pub fn catches_up(&mut self, index: usize) -> Result<Duration> {
        let goal = self.top();
        let there = |arena: &mut Self| arena.height(index).is_some_and(|height| height >= goal);
        self.wait_until("the node has caught up", CATCH_UP, there)
    }

    /// The same for all nodes.
    pub fn everybody_catches_up(&mut self) -> Result<()> {
        for index in 0..self.nodes.len() {
            self.catches_up(index)?;
        }
        Ok(())
    }

    /// Whether all nodes have the same header at the last height that all have: it fixes all headers below.
    pub fn is_one_ledger(&self) -> Result<()> {
        one_ledger(&self.nodes)
    }

    /// Keeps homes and logs, and says where.
    pub fn keep_logs(self) -> PathBuf {
        let Self {
            voters,
            network,
            folder,
            ..
        } = self;
        drop(voters);
        drop(network);
        folder.keep()
    }
}

/// Whether these nodes have one ledger, up to where all of them are.
pub fn one_ledger(nodes: &[Client]) -> Result<()> {
    let heights = nodes.iter().map(|node| Ok(node.status()?.latest_height));
    let heights = heights.collect::<Result<Vec<Height>>>()?;
    let height = heights.into_iter().min().context("no nodes")?;
    let hashes = nodes.iter().map(|node| {
        let answer: CommitAnswer = node.ask(&Request::Commit(height))?;
        Ok(header_hash(&answer.signed_header.header))
    });
    let hashes = hashes.collect::<Result<Vec<_>>>()?;
    ensure!(
        hashes.windows(2).all(|pair| pair.first() == pair.last()),
        "the nodes have different blocks at height {height}: {hashes:?}"
    );
    Ok(())
}

/// Writes a network's homes; with namespaces, every municipality has the address of its own.
pub fn write_network(
    out: &Path,
    namespaces: Option<&Namespaces>,
    times: Times,
    ballots: u32,
) -> Result<()> {
    let count = u16::try_from(MUNICIPALITIES)?;
    let ports = free_ports(count).context("there are not enough free ports in a row")?;
    let text = Loopback {
        opens_in: times.opens_in,
        open_for: times.open_for,
        grace: times.grace,
        ..Loopback::timed(count, ballots, ports)
    }
    .to_toml();
    // Whoever proposes next may be the one that is down: others wait no longer than they must.
    let mut text = text.replace("propose = \"5 s\"", "propose = \"1500 ms\"");
    for index in 0..MUNICIPALITIES {
        if let Some(namespaces) = namespaces {
            text = text.replacen(
                "\"127.0.0.1\"",
                &format!("{:?}", namespaces.address(index)),
                1,
            );
        }
    }
    write_homes(&Plan::parse(&text)?, out, Purpose::Rehearsal, now())?;
    Ok(())
}

/// What is rehearsed: ballots at this rate, or by whoever takes them.
pub fn settings(ballots: u32, rate: Option<u32>) -> Settings {
    Settings {
        ballots,
        invalid: 0,
        seed: SEED,
        receipts: 10,
        senders: 4,
        rate,
        room: 0,
    }
}

/// The nodes' addresses.
pub fn clients(network: &Network) -> Vec<Client> {
    let nodes = network.description().nodes.iter();
    nodes.map(|node| Client::new(&node.rpc)).collect()
}
