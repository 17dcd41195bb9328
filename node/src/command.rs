//! `node devnet`: a whole election in one process.

mod archive;
mod network;
mod registrar;
mod rehearse;
mod rights;
mod serve;
mod turnout;

pub use archive::Archive;
pub use network::{Card, Init, Keys};
pub use registrar::Registrar;
pub use rehearse::{OwnNetwork, Rehearse};
pub use rights::Rights;
pub use serve::Serve;
pub use turnout::Turnout;

use anyhow::Context;
use clap::{Args, Subcommand, value_parser};
use indicatif::{ProgressBar, ProgressStyle};
use node::devnet::{
    self, Archiving, Fault, INTERVAL, Listening, Live, Settings, Until, export, serve,
};
use node::rpc::Service;
use node::storage::Store;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tendermint::Time;
use verifier_core::{NodeAddress, Outcome, Seconds};

/// When an exported election begins, unless said otherwise: 2026-06-03T00:00:00Z.
const EXPORT_GENESIS: Seconds = 1_780_444_800;

/// How often a devnet that makes blocks at a pace looks at the clock.
const PATIENCE: Duration = Duration::from_millis(50);

#[derive(Subcommand)]
pub enum Command {
    /// Run a whole election with every municipality's validator in this process, and serve it or write it to a folder
    Devnet(Box<Devnet>),
    /// Run the application beside this municipality's CometBFT
    Serve(Serve),
    /// Write a ledger as an archive: static files that anyone may serve, and nobody has to believe
    Archive(Archive),
    /// Make one municipality's keys
    Keys(Keys),
    /// Make a network's homes from its file
    Init(Init),
    /// Print the trust card of a network that runs
    Card(Card),
    /// Rehearse an election on a network that runs: registrars, observers and voters
    Rehearse(Rehearse),
    /// Give voting rights to people on the roll who have a phone: runs `registrar serve`
    Registrar(Registrar),
    /// The roll of people with phones: runs `registrar roll`
    Roll(Registrar),
    /// Issue voting rights on the ledger and print their cards
    Rights(Rights),
    /// Certify how many people have checked in at a station
    Turnout(Turnout),
    /// Start a network on this machine, rehearse an election on it, and stop it again
    Network(Box<OwnNetwork>),
}

#[derive(Args)]
pub struct Devnet {
    /// How many municipalities take part
    #[arg(long, default_value_t = 31, value_parser = value_parser!(u16).range(2..=100))]
    municipalities: u16,
    /// How many candidates there are, abstention included
    #[arg(long, default_value_t = 4, value_parser = value_parser!(u16).range(2..=16))]
    candidates: u16,
    /// How many ballots count
    #[arg(long, default_value_t = 10_000, value_parser = value_parser!(u32).range(..=10_000_000))]
    ballots: u32,
    /// How many more ballots the ledger has to refuse
    #[arg(long, default_value_t = 5)]
    invalid: usize,
    /// What is wrong with them; by default one kind after the other
    #[arg(long, value_enum)]
    fault: Option<Fault>,
    /// Vote in as few blocks as hold the ballots at so many each, instead of 2,000 at most and 50 blocks at least
    #[arg(long, value_name = "BALLOTS", value_parser = value_parser!(u16).range(1..=20_000))]
    per_block: Option<u16>,
    /// All secrets follow from it: the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// When the ledger begins (RFC 3339); by default so that the election is over by now, with --export 2026-06-03T00:00:00Z
    #[arg(long, value_parser = parse_time)]
    genesis_time: Option<Seconds>,
    /// How far the election runs
    #[arg(long, value_enum, default_value_t = Until::Result)]
    until: Until,
    /// Make a block every so many seconds, from opening on, instead of all at once: an election to be watched
    #[arg(long, value_name = "SECONDS", conflicts_with_all = ["export", "genesis_time"], value_parser = value_parser!(u64).range(1..=60))]
    pace: Option<Seconds>,
    /// So many seconds between setup and opening, in which voting rights may be issued from outside
    #[arg(long, value_name = "SECONDS", requires = "pace", value_parser = value_parser!(u64).range(1..=86_400))]
    registration: Option<Seconds>,
    /// So many seconds from opening to closing, in which ballots are taken from outside
    #[arg(long, value_name = "SECONDS", requires = "registration", value_parser = value_parser!(u64).range(1..=86_400))]
    voting: Option<Seconds>,
    /// Rights can be had on phones too: draws RSA keys for every municipality, about a second each
    #[arg(long, requires = "registration")]
    phones: bool,
    /// The first municipality's registrar answers at this port, the next one's at the next: where the trust card sends phones
    #[arg(
        long,
        value_name = "PORT",
        default_value_t = 26_700,
        requires = "phones"
    )]
    registrars: u16,
    /// Write every municipality's home with its keys to this folder, so that its offices can be held from outside
    #[arg(long, value_name = "DIR", requires = "registration")]
    homes: Option<PathBuf>,
    /// How many sample receipts to make
    #[arg(long, default_value_t = 40)]
    receipts: usize,
    /// Keep the ledger in this folder, and go on from what it holds
    #[arg(long)]
    data: Option<PathBuf>,
    /// Write the election to this folder and exit
    #[arg(long)]
    export: Option<PathBuf>,
    /// Write the ledger's archive to this folder while the election runs, or go on with the one that is there; served under /archive/
    #[arg(long)]
    archive: Option<PathBuf>,
    /// Write decompression hints beside each bundle of the archive
    #[arg(long, requires = "archive")]
    hints: bool,
    /// Exit once the archive is written
    #[arg(long, requires = "archive", conflicts_with_all = ["export", "pace"])]
    archive_only: bool,
    /// Address to answer on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Port to answer on; 0 takes any that is free
    #[arg(long, default_value_t = 26_657)]
    port: u16,
    /// Where others reach this process, if not at that address and port: goes into the trust card
    #[arg(long)]
    url: Option<String>,
    /// Serve the built portal from this folder
    #[arg(long)]
    portal: Option<PathBuf>,
}

fn parse_time(text: &str) -> Result<Seconds, String> {
    let time = Time::parse_from_rfc3339(text).map_err(|e| e.to_string())?;
    u64::try_from(time.unix_timestamp()).map_err(|_| "before 1970".into())
}

impl Devnet {
    pub fn run(self) -> anyhow::Result<()> {
        let (now, settings) = (now()?, self.settings());
        let end = match self.pace {
            Some(_) => now.saturating_add(settings.seconds_to_watch()),
            None => now,
        };
        let mut devnet = devnet::Devnet::open(self.store()?, &settings, end)?;
        devnet.registrars = self.registrars();
        if !self.is_written() {
            return self.serve(devnet);
        }
        self.advance(&mut devnet, None, &AtomicBool::new(false), |_| Ok(()))?;
        if let Some(folder) = &self.export {
            export(&devnet, folder, self.receipts)?;
            println!("wrote {}", folder.display());
        }
        Ok(())
    }

    /// One for each municipality, on this host.
    fn registrars(&self) -> Vec<NodeAddress> {
        let all = 0..if self.phones { self.municipalities } else { 0 };
        let at = |municipality: u16| NodeAddress {
            municipality,
            url: format!(
                "http://{}:{}",
                self.host,
                self.registrars.saturating_add(municipality)
            ),
        };
        all.map(at).collect()
    }

    /// Whether the election goes to a folder, and nobody is answered.
    fn is_written(&self) -> bool {
        self.export.is_some() || self.archive_only
    }

    fn settings(&self) -> Settings {
        Settings {
            municipalities: self.municipalities,
            candidates: self.candidates.into(),
            ballots: self.ballots,
            invalid: self.invalid,
            seed: self.seed,
            genesis_time: self
                .genesis_time
                .or(self.is_written().then_some(EXPORT_GENESIS)),
            interval: self.pace.unwrap_or(INTERVAL),
            per_block: self.per_block.map(usize::from),
            fault: self.fault,
            live: self.registration.map(|registration| Live {
                registration,
                voting: self.voting,
                phones: self.phones,
            }),
        }
    }

    fn store(&self) -> anyhow::Result<Store> {
        match &self.data {
            Some(folder) => {
                std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
                Store::open(folder).with_context(|| folder.display().to_string())
            }
            None => Ok(Store::in_memory()?),
        }
    }

    /// Runs the election on this thread while the others answer.
    fn serve(&self, mut devnet: devnet::Devnet) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Runtime::new()?;
        let address = SocketAddr::new(self.host, self.port);
        let listening = runtime
            .block_on(Listening::on(address))
            .with_context(|| address.to_string())?;
        let url = self.url.clone().unwrap_or_else(|| listening.url());
        let service = Service::new(
            Arc::clone(&devnet.store),
            Arc::clone(&devnet.validators),
            devnet.chain_id.clone(),
            devnet.genesis.clone(),
            self.portal.clone(),
        );
        let service = service.with_archive(self.archive.clone());
        let service = service
            .with_mempool(Arc::clone(&devnet.mempool))
            .with_promisers(devnet.script.offices.promisers());
        let service = Arc::new(service);
        self.write_homes(&devnet, &url)?;
        println!("listening on {}", listening.url());
        let stopped = Arc::new(AtomicBool::new(false));
        let server = runtime.spawn({
            let (service, stopped) = (Arc::clone(&service), Arc::clone(&stopped));
            async move {
                let served = serve(listening, service).await;
                stopped.store(true, Ordering::Relaxed);
                served
            }
        });
        let publish = |devnet: &devnet::Devnet| -> anyhow::Result<()> {
            service.publish(devnet.files(Some(&url), self.receipts)?);
            service.announce(devnet.ledger.height());
            Ok(())
        };
        self.advance(&mut devnet, Some(&url), &stopped, publish)?;
        if !stopped.load(Ordering::Relaxed) {
            publish(&devnet)?;
            println!(
                "ready at height {}: {} sample receipts at {url}/receipts",
                devnet.ledger.height(),
                service.files().receipts.len()
            );
            self.point_at_page(&url, &service);
        }
        runtime.block_on(server)??;
        Ok(())
    }

    fn write_homes(&self, devnet: &devnet::Devnet, url: &str) -> anyhow::Result<()> {
        let Some(folder) = &self.homes else {
            return Ok(());
        };
        devnet.write_homes(url, folder)?;
        println!("homes in {}", folder.display());
        Ok(())
    }

    /// Says where the page is, and gives a receipt to try it with.
    fn point_at_page(&self, url: &str, service: &Service) {
        if self.portal.is_none() {
            return;
        }
        println!("the page is at {url}/");
        if let Some((_, receipt)) = service.files().receipts.first() {
            let receipt = receipt.trim();
            println!(
                "a receipt to check:\n{receipt}\nthe same as a link:\n{url}/#/check?r={receipt}"
            );
        }
    }

    /// Makes blocks until the election has come far enough, or somebody stops it.
    fn advance(
        &self,
        devnet: &mut devnet::Devnet,
        url: Option<&str>,
        stopped: &AtomicBool,
        publish: impl Fn(&devnet::Devnet) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let started = Instant::now();
        let last = devnet.script.schedule.last_height(self.until);
        let bar = ProgressBar::new(last)
            .with_position(devnet.ledger.height())
            .with_style(style());
        let (mut transactions, mut refused) = (0usize, 0usize);
        let mut archiving = match &self.archive {
            Some(folder) => Some(Archiving::open(devnet, folder, self.hints)?),
            None => None,
        };
        if devnet.ledger.height() > 0 {
            publish(devnet)?;
        }
        while self.is_time(devnet, stopped)? {
            let Some((height, outcomes)) = devnet.step(self.until)? else {
                break;
            };
            transactions += outcomes.len();
            refused += outcomes
                .iter()
                .filter(|outcome| **outcome != Outcome::Ok)
                .count();
            if let Some(archiving) = &mut archiving {
                archiving.advance(devnet, url)?;
            }
            bar.set_position(height);
            bar.set_message(format!("{transactions} transactions"));
            if height == 1 || height == last || self.pace.is_some() {
                publish(devnet)?;
            }
        }
        bar.finish_and_clear();
        if let Some(archiving) = &mut archiving {
            let archive = archiving.advance(devnet, url)?;
            println!(
                "{} bundles up to block {}: {} ballots",
                archive.bundles, archive.last, archive.ballots
            );
        }
        let seconds = started.elapsed().as_secs_f64();
        println!(
            "height {} of {last}: {transactions} transactions, {refused} of them refused, in {seconds:.1} s",
            devnet.ledger.height()
        );
        Ok(())
    }
}

impl Devnet {
    /// Waits for the next block's time, if blocks are made at a pace. Says whether to go on.
    fn is_time(&self, devnet: &devnet::Devnet, stopped: &AtomicBool) -> anyhow::Result<bool> {
        let schedule = &devnet.script.schedule;
        let height = devnet.ledger.height() + 1;
        let waits = self.pace.is_some() && height <= schedule.last_height(self.until);
        while waits && !stopped.load(Ordering::Relaxed) && now()? < schedule.time(height) {
            std::thread::sleep(PATIENCE);
        }
        Ok(!stopped.load(Ordering::Relaxed))
    }
}

fn now() -> anyhow::Result<Seconds> {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock is before 1970")?;
    Ok(since.as_secs())
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{elapsed_precise} {bar:40} block {pos}/{len} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
