//! An election on a network of real nodes on this machine: as many CometBFTs and applications as municipalities, in real time.

use crate::election::{Engine, Held, Secrets};
use anyhow::{Context, Result};
use data_encoding::BASE64;
use node::client::Client;
use node::home::{Home, KeyFile, KeyUse};
use node::network::{Loopback, Plan, Purpose, free_ports, write_homes};
use node::rehearsal::{Rehearsal, Settings};
use node::supervisor::{Network, Programs};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tempfile::TempDir;
use verifier_core::prove::SigningKey;
use verifier_core::rpc::{StateQuery, decode_answer};
use verifier_core::{Height, Request, TRUST_CARD_FILE, TrustCard, block_file};

const SEED: u64 = 7;
const RECEIPTS: usize = 20;
/// Bad ballots that are sent; only those that race with a good one get as far as the ledger.
const INVALID: usize = 25;
const SENDERS: usize = 8;
const FIRST_BLOCK: Duration = Duration::from_secs(60);

/// Held from looking for free ports until nodes listen there: a test beside this one would find the same.
pub(crate) static STARTING: Mutex<()> = Mutex::new(());

/// Starts a network, holds the election on it, and lets it run.
pub async fn on_network(municipalities: u16, ballots: u32) -> Result<Held> {
    let programs = programs()?;
    let held = tokio::task::spawn_blocking(move || run(&programs, municipalities, ballots));
    held.await?
}

/// Where CometBFT and the node's command are, or a sentence about what is missing.
///
/// # Errors
/// If either is not there.
pub fn programs() -> Result<Programs> {
    let cometbft = std::env::var_os("COMETBFT").map(PathBuf::from);
    let cometbft = cometbft.filter(|command| command.is_file());
    let cometbft = cometbft.context(
        "COMETBFT names no cometbft command: './x setup' builds it where Go is, and './x test' says where it is",
    )?;
    // Tests lie in target/debug/deps, commands beside that folder.
    let here = std::env::current_exe()?;
    let beside = here.ancestors().skip(1).take(2);
    let node = beside
        .map(|folder| folder.join("node"))
        .find(|n| n.is_file());
    let node = node.context("there is no node command: 'cargo build -p node' makes it")?;
    Ok(Programs { cometbft, node })
}

fn run(programs: &Programs, municipalities: u16, ballots: u32) -> Result<Held> {
    let folder = TempDir::new()?;
    let out = folder.path().join("network");
    let starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    let ports = free_ports(municipalities).context("not enough free ports in a row")?;
    let plan = Plan::parse(&Loopback::timed(municipalities, ballots, ports).to_toml())?;
    write_homes(&plan, &out, Purpose::Rehearsal, crate::election::now())?;
    let mut network = Network::start(&out, programs)?;
    network.wait_for_all(1, FIRST_BLOCK)?;
    drop(starting);
    let settings = Settings {
        ballots,
        invalid: INVALID,
        seed: SEED,
        receipts: RECEIPTS,
        senders: SENDERS,
        rate: None,
        room: 0,
    };
    let mut rehearsal = Rehearsal::open(&out, settings)?;
    let summary = rehearsal.run(&|step| eprintln!("network: {step}"))?;
    eprintln!("network: {summary}");
    let first = network.description().nodes.first();
    let url = first.context("no nodes")?.rpc.clone();
    let card = TrustCard::parse(&std::fs::read(out.join(TRUST_CARD_FILE))?)?;
    let homes = network.description().nodes.iter();
    let homes: Vec<PathBuf> = homes.map(|node| out.join(&node.home)).collect();
    let export = TempDir::new()?;
    write_export(&Client::new(&url), &card, export.path())?;
    Ok(Held {
        url,
        card,
        receipts: receipts(&out)?,
        slips: rehearsal.roll_slips(),
        export,
        secrets: Secrets {
            validators: homes
                .iter()
                .map(|h| validator_key(h))
                .collect::<Result<_>>()?,
            promises: homes.iter().map(|h| promise(h)).collect::<Result<_>>()?,
        },
        engine: Engine::Network {
            _network: Box::new(network),
            _folder: folder,
        },
    })
}

fn receipts(out: &Path) -> Result<Vec<String>> {
    let mut files = std::fs::read_dir(out.join("receipts"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.sort();
    let texts = files.iter().map(|file| Ok(std::fs::read_to_string(file)?));
    texts.collect()
}

/// The node's answers up to the final header, in the files of an export.
fn write_export(node: &Client, card: &TrustCard, folder: &Path) -> Result<()> {
    std::fs::create_dir(folder.join("blocks"))?;
    let write = |name: &str, content: &[u8]| std::fs::write(folder.join(name), content);
    let result = |request| result(&node.fetch(&request)?);
    write(TRUST_CARD_FILE, card.to_json().as_bytes())?;
    write(
        "genesis.json",
        result(Request::Genesis)?.to_string().as_bytes(),
    )?;
    let totals: StateQuery = decode_answer(&node.fetch(&Request::Totals)?)?;
    write("totals.json", &totals.value)?;
    let last: Height = card.final_header.context("no final header")?.height;
    for height in 1..=last {
        let commit = result(Request::Commit(height))?;
        let content = if height < last {
            let block = result(Request::Block(height))?;
            let results = result(Request::BlockResults(height))?;
            json!({ "block": block, "commit": commit, "results": results })
        } else {
            json!({ "commit": commit })
        };
        write(&block_file(height), content.to_string().as_bytes())?;
    }
    Ok(())
}

fn result(answer: &[u8]) -> Result<Value> {
    let mut answer: Value = serde_json::from_slice(answer)?;
    answer
        .get_mut("result")
        .map(Value::take)
        .context("no result")
}

fn promise(home: &Path) -> Result<SigningKey> {
    let path = Home::open(home)?.key(KeyUse::Promise);
    Ok(KeyFile::read(&path, KeyUse::Promise)?.signing_key())
}

/// What a municipality's validator signs with, from its home. CometBFT keeps secret and public half together.
///
/// # Errors
/// If the home holds no such key.
pub fn validator_key(home: &Path) -> Result<SigningKey> {
    let path = home.join("cometbft/config/priv_validator_key.json");
    let file: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let key = file.pointer("/priv_key/value").and_then(Value::as_str);
    let both = BASE64.decode(key.context("no key")?.as_bytes())?;
    let secret = both.first_chunk::<32>().context("not 64 bytes")?;
    Ok(SigningKey::from_bytes(secret))
}
