//! Processes that are killed at any moment, through a whole election from its definition to its result.
//!
//! First CometBFT ends itself at each of the points between two writes of a block that its authors have marked for such tests; then node,
//! CometBFT or both are killed (SIGKILL) after delays that a seed gives.

use crate::arena::{CATCH_UP, MUNICIPALITIES, Times, clients, one_ledger, settings, write_network};
use crate::book::Book;
use crate::count::{Count, recount};
use crate::stage::Stage;
use anyhow::{Context, Result, anyhow, ensure};
use e2e::programs;
use libtest_mimic::Trial;
use node::rehearsal::{Rehearsal, Summary};
use node::supervisor::{Network, Program, Programs};
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};
use std::ffi::OsString;
use std::sync::Arc;
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use verifier_core::{Height, TRUST_CARD_FILE, TrustCard, Verdict};

const BALLOTS: u32 = 240;
const RATE: u32 = 8;
/// To opening, when every trustee's key has to be there, and to closing. The grace is long: ballots that were accepted while nodes were down come late.
const TIMES: Times = Times {
    opens_in: Duration::from_secs(45),
    open_for: Duration::from_secs(40),
    grace: Duration::from_secs(30),
};
const SEED: u64 = 3;
/// At least so many processes or pairs are killed, beside those that end at a marked point.
/// On a slow machine the last of them die when the result is out, which has to outlive that as well.
const KILLS: usize = 20;
/// CometBFT's variable, and how many marked points a block passes.
const POINT: &str = "FAIL_TEST_INDEX";
const POINTS: usize = 10;
const GLANCE: Duration = Duration::from_millis(50);
const FIRST_BLOCK: Duration = Duration::from_secs(60);

pub fn trial(stage: &Arc<Stage>) -> Trial {
    stage.trial(
        "nothing_is_lost_when_processes_are_killed_at_any_moment_of_an_election",
        "killed at any moment",
        None,
        run,
    )
}

fn run() -> Result<(String, Count)> {
    let folder = TempDir::new()?;
    let came = Killed::start(&folder).and_then(Killed::until_the_end);
    came.map_err(|error| error.context(format!("homes and logs: {}", folder.keep().display())))
}

/// The network, and the election that goes on in a thread of its own.
struct Killed {
    programs: Programs,
    network: Network,
    election: JoinHandle<Result<Summary>>,
    rng: ChaCha20Rng,
    points: usize,
    kills: usize,
    slowest: Duration,
}

impl Killed {
    fn start(folder: &TempDir) -> Result<Self> {
        let out = folder.path().join("network");
        write_network(&out, None, TIMES, BALLOTS)?;
        let programs = programs()?;
        let mut network = Network::start(&out, &programs)?;
        network.wait_for_all(1, FIRST_BLOCK)?;
        let mut rehearsal = Rehearsal::open(&out, settings(BALLOTS, Some(RATE)))?;
        let election = thread::spawn(move || Ok(rehearsal.run(&|step| eprintln!("{step}"))?));
        Ok(Self {
            programs,
            network,
            election,
            rng: ChaCha20Rng::seed_from_u64(SEED),
            points: 0,
            kills: 0,
            slowest: Duration::ZERO,
        })
    }

    fn until_the_end(mut self) -> Result<(String, Count)> {
        while !self.election.is_finished() || self.kills < KILLS || self.points < POINTS {
            if self.points < POINTS && self.points <= self.kills {
                self.end_at_a_point()?;
            } else {
                self.kill()?;
            }
        }
        let Self {
            mut network,
            election,
            points,
            kills,
            slowest,
            ..
        } = self;
        let summary = election
            .join()
            .map_err(|_| anyhow!("the election panicked"))??;
        let what = format!(
            "{kills} kills and {points} ends between two writes; back within {:.1} s at most; result published, recount accepts",
            slowest.as_secs_f64()
        );
        Ok((what, count(&mut network, &summary)?))
    }

    /// CometBFT ends itself at the next of the marked points.
    fn end_at_a_point(&mut self) -> Result<()> {
        let (index, top) = (self.below(MUNICIPALITIES), self.top());
        let point = format!("{POINT}={}", self.points);
        let pair = self.network.node(index)?;
        pair.consensus.kill();
        let home = pair.home().join("cometbft");
        let mut line: Vec<OsString> = vec!["env".into(), point.clone().into()];
        line.extend([
            self.programs.cometbft.clone().into(),
            "start".into(),
            "--home".into(),
            home.into(),
        ]);
        let mut marked = Program::new(line, pair.consensus.log().to_path_buf());
        marked.start()?;
        let end = Instant::now() + CATCH_UP;
        while marked.is_running() {
            ensure!(Instant::now() < end, "CometBFT did not come to {point}");
            sleep(GLANCE);
        }
        self.points += 1;
        self.bring_back(index, top)
    }

    /// Kills a node, a CometBFT or both, after a while.
    fn kill(&mut self) -> Result<()> {
        let wait = Duration::from_millis(u64::try_from(self.below(700))?);
        let (index, which) = (self.below(MUNICIPALITIES), self.below(3));
        sleep(wait);
        let top = self.top();
        let pair = self.network.node(index)?;
        match which {
            0 => pair.application.kill(),
            1 => pair.consensus.kill(),
            _ => pair.kill(),
        }
        self.kills += 1;
        let wait = Duration::from_millis(u64::try_from(self.below(300))?);
        sleep(wait);
        self.bring_back(index, top)
    }

    /// The highest block that any node has.
    fn top(&self) -> Height {
        let nodes = clients(&self.network);
        let heights = nodes.iter().filter_map(|node| node.status().ok());
        let heights = heights.map(|status| status.latest_height);
        heights.max().unwrap_or(0)
    }

    /// Starts what does not run, and waits until the node has every block that anybody has, and one at least since it was killed, when `top` was the
    /// highest: whoever kills faster than nodes find each other again stops them all.
    fn bring_back(&mut self, index: usize, top: Height) -> Result<()> {
        let goal = self.top().max(top + 1);
        let nodes = clients(&self.network);
        let started = Instant::now();
        let there = || {
            let status = nodes.get(index).and_then(|node| node.status().ok());
            status.is_some_and(|status| status.latest_height >= goal)
        };
        loop {
            // A CometBFT whose application was killed ends by itself, a moment later.
            self.network.node(index)?.start()?;
            if there() && self.network.node(index)?.is_running() {
                break;
            }
            let log = self.network.node(index)?.application.last_lines(3);
            ensure!(
                started.elapsed() < CATCH_UP,
                "node {index} does not come back: {log}"
            );
            sleep(GLANCE);
        }
        self.slowest = self.slowest.max(started.elapsed());
        Ok(())
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.rng.next_u32()).unwrap_or(0) % bound
    }
}

/// Counts by the ledger itself, and by a recount up to the final header.
fn count(network: &mut Network, summary: &Summary) -> Result<Count> {
    let card = TrustCard::parse(&std::fs::read(network.folder().join(TRUST_CARD_FILE))?)?;
    network.wait_for_all(summary.final_height + 1, CATCH_UP)?;
    let nodes = clients(network);
    one_ledger(&nodes)?;
    let mut book = Book::default();
    book.read(&nodes);
    let count = Count {
        before: 0,
        after: book.counted(),
        accepted: summary.sent - summary.untaken,
        again: 0,
        lost: summary.lost,
        twice: book.twice(),
    };
    count.check()?;
    let node = nodes.last().context("no nodes")?;
    let report = recount(node.url(), card)?;
    ensure!(
        report.verdict == Verdict::Accepted,
        "the recount: {:?}",
        report.checks
    );
    let counted: u64 = report.participation.iter().map(|p| p.ballots).sum();
    ensure!(
        counted == u64::try_from(count.after)?,
        "the recount counts {counted} of {count:?}"
    );
    Ok(count)
}
