//! `node rehearse` and `node network`: an election on a network of real nodes.

use anyhow::{Context, bail};
use clap::{Args, value_parser};
use node::devnet::Listening;
use node::network::{Loopback, Plan, Purpose, free_ports, write_homes};
use node::rehearsal::{Rehearsal, Settings, Summary};
use node::supervisor::{Network, Programs, SupervisorError, page};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use verifier_core::TRUST_CARD_FILE;

/// How long all nodes together have for their first block.
const FIRST_BLOCK: Duration = Duration::from_secs(300);
const SPELL: Duration = Duration::from_secs(1);

/// What both commands play.
#[derive(Args)]
struct Played {
    /// How many ballots should count
    #[arg(long, default_value_t = 1_000, value_parser = value_parser!(u32).range(..=1_000_000))]
    ballots: u32,
    /// How many more ballots are sent that must not count
    #[arg(long, default_value_t = 8)]
    invalid: usize,
    /// People, addresses and choices follow from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many receipts to write
    #[arg(long, default_value_t = 40)]
    receipts: usize,
    /// Connections over which ballots are sent at the same time
    #[arg(long, default_value_t = 8, value_parser = value_parser!(u16).range(1..=256))]
    senders: u16,
    /// Ballots a second; as many as the network takes if absent
    #[arg(long)]
    rate: Option<u32>,
    /// People on each roll beyond those who are played, for whom `node rights` may issue voting rights
    #[arg(long, default_value_t = 0)]
    room: u32,
}

#[derive(Args)]
pub struct Rehearse {
    /// The network's folder, made by `node init --rehearsal`
    #[arg(long)]
    network: PathBuf,
    #[command(flatten)]
    played: Played,
}

#[derive(Args)]
pub struct OwnNetwork {
    /// How many municipalities take part, each with a CometBFT and a `node serve` of its own
    #[arg(long, default_value_t = 4, value_parser = value_parser!(u16).range(2..=100))]
    municipalities: u16,
    #[command(flatten)]
    played: Played,
    /// New folder for homes, logs, trust card and receipts; otherwise one among the temporary files. It is kept in either case
    #[arg(long)]
    data: Option<PathBuf>,
    /// The cometbft command
    #[arg(long, env = "COMETBFT", default_value = "cometbft")]
    cometbft: PathBuf,
    /// A chamgwan command: recount the election with it at the end
    #[arg(long)]
    recount: Option<PathBuf>,
    /// The built page's folder: serve it while the network runs
    #[arg(long)]
    portal: Option<PathBuf>,
    /// The page's port; 0 takes any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Let the network run after the result, until Ctrl-C
    #[arg(long)]
    keep: bool,
    /// Seconds from the start to opening, if not as long as so many municipalities need
    #[arg(long)]
    opens_in: Option<u64>,
    /// Seconds from opening to closing, if not as long as so many ballots need
    #[arg(long)]
    open_for: Option<u64>,
}

impl Played {
    fn settings(&self) -> Settings {
        Settings {
            ballots: self.ballots,
            invalid: self.invalid,
            seed: self.seed,
            receipts: self.receipts,
            senders: self.senders.into(),
            rate: self.rate,
            room: self.room,
        }
    }

    fn rehearse(&self, folder: &Path) -> anyhow::Result<Summary> {
        let started = Instant::now();
        let say = |what: &str| println!("{:6.1} s  {what}", started.elapsed().as_secs_f64());
        Ok(Rehearsal::open(folder, self.settings())?.run(&say)?)
    }
}

impl Rehearse {
    pub fn run(self) -> anyhow::Result<()> {
        let summary = self.played.rehearse(&self.network)?;
        println!("{summary}");
        Ok(())
    }
}

impl OwnNetwork {
    pub fn run(self) -> anyhow::Result<()> {
        let started = Instant::now();
        let folder = self.make_homes()?;
        println!("homes and logs: {}", folder.display());
        let programs = Programs {
            cometbft: self.cometbft.clone(),
            node: std::env::current_exe()?,
        };
        let network = Arc::new(Mutex::new(Network::start(&folder, &programs)?));
        let runtime = Runtime::new()?;
        stop_when_asked(&runtime, &network);
        wait_for_first_block(&network)?;
        let first = lock(&network, |network| {
            let first = network.description().nodes.first();
            Ok(first.map(|node| (node.rpc.clone(), node.home.clone())))
        })?;
        let (rpc, home) = first.context("there is no node")?;
        println!(
            "{} nodes run; the first answers at {rpc}",
            self.municipalities
        );
        self.serve_page(&runtime, &folder.join(home))?;
        let summary = self.played.rehearse(&folder)?;
        println!("{summary}");
        let memory = lock(&network, |network| Ok(network.peak_memory()))?;
        println!(
            "{:.0} s in all; at most {} MiB of memory, {} of them CometBFT's",
            started.elapsed().as_secs_f64(),
            memory.total_mib(),
            memory.consensus_mib()
        );
        let recounted = self.recount(&rpc, &folder);
        if self.keep {
            println!("the network runs on; Ctrl-C stops it");
            runtime.block_on(tokio::signal::ctrl_c())?;
        }
        lock(&network, |network| {
            network.stop();
            Ok(())
        })?;
        recounted
    }

    fn make_homes(&self) -> anyhow::Result<PathBuf> {
        let folder = self.data.clone().unwrap_or_else(|| {
            std::env::temp_dir().join(format!("chamgwan-network-{}", std::process::id()))
        });
        let ports = free_ports(self.municipalities);
        let ports = ports.context("there are not enough free ports in a row")?;
        let mut loopback = Loopback::timed(self.municipalities, self.played.ballots, ports);
        if let Some(seconds) = self.opens_in {
            loopback.opens_in = Duration::from_secs(seconds);
        }
        if let Some(seconds) = self.open_for {
            loopback.open_for = Duration::from_secs(seconds);
        }
        let text = loopback.to_toml();
        let now = super::network::now()?;
        write_homes(&Plan::parse(&text)?, &folder, Purpose::Rehearsal, now)?;
        std::fs::write(folder.join("network.toml"), text)?;
        Ok(folder)
    }

    fn serve_page(&self, runtime: &Runtime, home: &Path) -> anyhow::Result<()> {
        let Some(portal) = &self.portal else {
            return Ok(());
        };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let listening = runtime
            .block_on(Listening::on(address))
            .with_context(|| address.to_string())?;
        println!("the page is at {}/", listening.url());
        runtime.spawn(listening.hand_out(page(portal, home)));
        Ok(())
    }

    fn recount(&self, rpc: &str, folder: &Path) -> anyhow::Result<()> {
        let Some(chamgwan) = &self.recount else {
            return Ok(());
        };
        println!("chamgwan recount {rpc} --trust-card {TRUST_CARD_FILE}");
        let status = Command::new(chamgwan)
            .args(["recount", rpc, "--trust-card"])
            .arg(folder.join(TRUST_CARD_FILE))
            .status()
            .with_context(|| chamgwan.display().to_string())?;
        if !status.success() {
            bail!("the recount ends with {status}");
        }
        Ok(())
    }
}

/// Ends the network, then this process, on SIGINT and SIGTERM.
fn stop_when_asked(runtime: &Runtime, network: &Arc<Mutex<Network>>) {
    let network = Arc::clone(network);
    runtime.spawn(async move {
        node::devnet::asked_to_stop().await;
        println!("stopping");
        let _ = tokio::task::spawn_blocking(move || {
            lock(&network, |network| {
                network.stop();
                Ok(())
            })
        })
        .await;
        std::process::exit(130);
    });
}

/// Waits in short spells, so that the network can be stopped in between.
fn wait_for_first_block(network: &Mutex<Network>) -> anyhow::Result<()> {
    let end = Instant::now() + FIRST_BLOCK;
    loop {
        let waited = lock(network, |network| Ok(network.wait_for_all(1, SPELL)))?;
        match waited {
            Err(SupervisorError::Late { .. }) if Instant::now() < end => {}
            waited => return Ok(waited?),
        }
    }
}

fn lock<T>(
    network: &Mutex<Network>,
    with: impl FnOnce(&mut Network) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    with(&mut network.lock().unwrap_or_else(PoisonError::into_inner))
}
