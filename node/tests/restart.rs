//! A node that is killed loses nothing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use node::devnet::{Devnet, DevnetError, Settings, Until};
use node::storage::Store;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use support::{NOW, settings};

#[test]
fn a_devnet_that_was_stopped_goes_on_as_if_it_had_not_been() {
    let folder = tempfile::tempdir().unwrap();
    for until in [Until::Setup, Until::Voting, Until::Closed, Until::Result] {
        let mut devnet =
            Devnet::open(Store::open(folder.path()).unwrap(), &settings(), NOW).unwrap();
        while devnet.step(until).unwrap().is_some() {}
    }
    let stopped = Devnet::open(Store::open(folder.path()).unwrap(), &settings(), NOW).unwrap();
    let through = support::run(Until::Result);
    assert_eq!(stopped.ledger.height(), through.ledger.height());
    assert_eq!(
        stopped.trust_card(None).unwrap(),
        through.trust_card(None).unwrap()
    );
    assert_eq!(stopped.receipts(10).unwrap(), through.receipts(10).unwrap());
    assert_eq!(stopped.totals(), through.totals());
}

#[test]
fn a_folder_with_another_election_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(Devnet::open(Store::open(folder.path()).unwrap(), &settings(), NOW).unwrap());
    let other = Settings {
        seed: 8,
        ..settings()
    };
    let refused = Devnet::open(Store::open(folder.path()).unwrap(), &other, NOW);
    assert!(matches!(refused, Err(DevnetError::OtherSettings(_))));
}

/// Killed with SIGKILL again and again while it casts; the ledger that comes out is the one of a devnet that ran undisturbed.
#[test]
fn a_node_killed_while_casting_loses_no_ballot() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = 0;
    for wanted in [12, 20, 28, 36] {
        let (mut node, address, _output) = start(folder.path());
        let from = height(&address);
        assert!(from >= seen, "{from} after {seen}");
        while seen < wanted.max(from) {
            seen = height(&address);
        }
        node.kill().unwrap();
        node.wait().unwrap();
    }
    let devnet = Devnet::open(Store::open(folder.path()).unwrap(), &killed(), NOW).unwrap();
    assert!(devnet.ledger.height() >= seen);
    finish(devnet);
}

fn killed() -> Settings {
    Settings {
        ballots: 600,
        ..settings()
    }
}

fn finish(mut devnet: Devnet) {
    while devnet.step(Until::Result).unwrap().is_some() {}
    let mut through = Devnet::open(Store::in_memory().unwrap(), &killed(), NOW).unwrap();
    while through.step(Until::Result).unwrap().is_some() {}
    assert_eq!(
        devnet.trust_card(None).unwrap(),
        through.trust_card(None).unwrap()
    );
    let votes: u64 = devnet
        .totals()
        .unwrap()
        .cells
        .iter()
        .flat_map(|cell| cell.votes.clone())
        .sum();
    assert_eq!(votes, 600);
}

/// Starts the node on a free port and waits until it says where.
fn start(folder: &Path) -> (Child, String, BufReader<ChildStdout>) {
    let settings = killed();
    let mut node = Command::new(env!("CARGO_BIN_EXE_node"))
        .args([
            "devnet",
            "--port",
            "0",
            "--receipts",
            "0",
            "--genesis-time",
            "2026-06-03T00:00:00Z",
            "--data",
        ])
        .arg(folder)
        .args([
            "--municipalities",
            &settings.municipalities.to_string(),
            "--candidates",
            &settings.candidates.to_string(),
        ])
        .args([
            "--ballots",
            &settings.ballots.to_string(),
            "--invalid",
            &settings.invalid.to_string(),
        ])
        .args(["--seed", &settings.seed.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(node.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let address = line
        .trim()
        .strip_prefix("listening on http://")
        .unwrap()
        .to_owned();
    (node, address, output)
}

/// The node's height, by its `status` route.
fn height(address: &str) -> u64 {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET /status HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let after = answer.split("\"latest_block_height\":\"").nth(1);
    after
        .and_then(|rest| rest.split('"').next())
        .map_or(0, |digits| digits.parse().unwrap())
}
