//! Real CometBFT nodes with the application beside them, killed and brought back while an election runs.
//!
//! Needs a `cometbft` command: the one that `COMETBFT` names, or one on the path. Without it the tests are skipped, and say so.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use node::client::Client;
use node::network::{Loopback, Plan, Purpose, free_ports, write_homes};
use node::rehearsal::{Rehearsal, Settings, Summary};
use node::supervisor::{Network, Programs};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use verifier_core::Request;
use verifier_core::rpc::BlockResults;

const MUNICIPALITIES: u16 = 4;
const BALLOTS: u32 = 240;
const PATIENCE: Duration = Duration::from_secs(120);

/// One network at a time: they share ports and cores.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn cometbft(test: &str) -> Option<PathBuf> {
    let command = std::env::var_os("COMETBFT").map_or("cometbft".into(), PathBuf::from);
    let found = Command::new(&command).arg("version").output();
    if found.is_ok_and(|version| version.status.success()) {
        return Some(command);
    }
    println!("{test}: skipped: there is no command {}", command.display());
    None
}

/// A network in a folder of its own, whose voting takes a while.
fn network(cometbft: PathBuf) -> (tempfile::TempDir, PathBuf, Network) {
    let mut parent = tempfile::tempdir().unwrap();
    parent.disable_cleanup(std::env::var_os("KEEP_NETWORK").is_some());
    let folder = parent.path().join("network");
    let ports = free_ports(MUNICIPALITIES).unwrap();
    let loopback = Loopback {
        opens_in: Duration::from_secs(40),
        open_for: Duration::from_secs(50),
        ..Loopback::timed(MUNICIPALITIES, BALLOTS, ports)
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let plan = Plan::parse(&loopback.to_toml()).unwrap();
    let description = write_homes(&plan, &folder, Purpose::Rehearsal, now.as_secs()).unwrap();
    for node in &description.nodes {
        let settings = folder.join(&node.home).join("node.toml");
        replace_line(&settings, "snapshot_interval = ", "snapshot_interval = 5");
    }
    let programs = Programs {
        cometbft,
        node: env!("CARGO_BIN_EXE_node").into(),
    };
    let mut network = Network::start(&folder, &programs).unwrap();
    network.wait_for_all(1, PATIENCE).unwrap();
    (parent, folder, network)
}

fn replace_line(file: &Path, beginning: &str, line: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(
        text.lines().any(|l| l.starts_with(beginning)),
        "{beginning}"
    );
    let lines = text.lines().map(|old| {
        let new = if old.starts_with(beginning) {
            line
        } else {
            old
        };
        format!("{new}\n")
    });
    std::fs::write(file, lines.collect::<String>()).unwrap();
}

/// Holds the election while `meanwhile` does something to the network, again and again.
fn hold(folder: &Path, mut meanwhile: impl FnMut(&AtomicBool) + Send) -> Summary {
    let settings = Settings {
        ballots: BALLOTS,
        invalid: 4,
        seed: 5,
        receipts: 4,
        senders: 4,
        rate: Some(8),
        room: 0,
    };
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| meanwhile(&over));
        let summary = Rehearsal::open(folder, settings).unwrap().run(&|_| {});
        over.store(true, Ordering::Relaxed);
        summary.unwrap()
    })
}

fn assert_nothing_lost(summary: &Summary) {
    println!("{summary}");
    assert_eq!(summary.counted(), usize::try_from(BALLOTS).unwrap());
    assert_eq!(summary.lost, 0);
}

/// All nodes have the same state after the final block.
fn assert_one_history(network: &mut Network, height: u64) {
    network.wait_for_all(height, PATIENCE).unwrap();
    let rpcs: Vec<String> = network.pairs().iter().map(|p| p.rpc().to_owned()).collect();
    let results: Vec<BlockResults> = rpcs
        .iter()
        .map(|rpc| {
            let request = Request::BlockResults(height - 1);
            Client::new(rpc).ask(&request).unwrap()
        })
        .collect();
    assert!(results.iter().all(|result| *result == results[0]));
}

#[test]
fn nodes_killed_one_after_the_other_lose_no_ballot_and_count_none_twice() {
    let Some(cometbft) = cometbft("nodes_killed_one_after_the_other") else {
        return;
    };
    let _turn = turn();
    let (_parent, folder, mut network) = network(cometbft);
    let mut kills = 0;
    let summary = hold(&folder, |over| {
        // Until the keys are there everybody is needed.
        std::thread::sleep(Duration::from_secs(30));
        while !over.load(Ordering::Relaxed) {
            let victim = kills % usize::from(MUNICIPALITIES);
            let reached = network.node(victim).unwrap().rpc().to_owned();
            let height = Client::new(&reached)
                .status()
                .map_or(1, |s| s.latest_height);
            network.node(victim).unwrap().kill();
            network.node(victim).unwrap().start().unwrap();
            network
                .wait_for_height(victim, height + 2, PATIENCE)
                .unwrap();
            kills += 1;
        }
    });
    assert!(kills >= 4, "{kills} kills");
    println!("{kills} kills");
    assert_nothing_lost(&summary);
    assert_one_history(&mut network, summary.final_height);
}

/// A municipality loses its disk while people vote, comes back from another's snapshot, and still opens its share of the sums.
#[test]
fn a_municipality_that_lost_its_disk_comes_back_by_state_sync() {
    let Some(cometbft) = cometbft("a_municipality_that_lost_its_disk") else {
        return;
    };
    let _turn = turn();
    let (_parent, folder, mut network) = network(cometbft);
    let homes: Vec<String> = network
        .description()
        .nodes
        .iter()
        .map(|n| n.home.clone())
        .collect();
    let mut earliest = 0;
    let summary = hold(&folder, |over| {
        // Until the keys are there everybody is needed.
        std::thread::sleep(Duration::from_secs(45));
        let others: Vec<String> = network.pairs()[..2]
            .iter()
            .map(|p| p.rpc().to_owned())
            .collect();
        let trusted = Client::new(&others[0]).status().unwrap();
        let victim = network.node(3).unwrap();
        victim.kill();
        lose_disk(&folder.join(&homes[3]));
        sync_from(
            &folder.join(&homes[3]),
            &others,
            trusted.latest_height,
            &trusted.latest_hash.to_string(),
        );
        victim.start().unwrap();
        network
            .wait_for_height(3, trusted.latest_height + 5, PATIENCE)
            .unwrap();
        let rpc = network.node(3).unwrap().rpc().to_owned();
        earliest = Client::new(&rpc).status().unwrap().earliest_height;
        while !over.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    assert!(earliest > 1, "it ran all blocks");
    println!("the first block of the municipality that came back: {earliest}");
    assert_nothing_lost(&summary);
    assert_one_history(&mut network, summary.final_height);
    let log = std::fs::read_to_string(folder.join(&homes[3]).join("node.log")).unwrap();
    assert!(log.contains("Took over the state after block"), "{log}");
    assert!(log.contains("share of the sums is on the ledger"), "{log}");
}

/// Everything but settings, keys and what the validator signed last.
fn lose_disk(home: &Path) {
    std::fs::remove_dir_all(home.join("data")).unwrap();
    let data = home.join("cometbft/data");
    let signed = std::fs::read(data.join("priv_validator_state.json")).unwrap();
    std::fs::remove_dir_all(&data).unwrap();
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("priv_validator_state.json"), signed).unwrap();
}

fn sync_from(home: &Path, others: &[String], height: u64, hash: &str) {
    let config = home.join("cometbft/config/config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let text = text.replace("[statesync]\nenable = false", "[statesync]\nenable = true");
    std::fs::write(&config, text).unwrap();
    let servers = format!("rpc_servers = \"{}\"", others.join(","));
    replace_line(&config, "rpc_servers = ", &servers);
    replace_line(
        &config,
        "trust_height = ",
        &format!("trust_height = {height}"),
    );
    replace_line(
        &config,
        "trust_hash = ",
        &format!("trust_hash = \"{hash}\""),
    );
    replace_line(&config, "discovery_time = ", "discovery_time = \"5s\"");
}
