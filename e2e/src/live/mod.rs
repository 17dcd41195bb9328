//! An election that people take part in, in real time: registration, then voting, with every municipality's home and cards printed at its office.
//!
//! Tests play the people. A few ballots beside theirs are the engine's own.

mod devnet;
mod network;
mod printed;

pub use printed::Printed;

use anyhow::{Context, Result, bail};
use node::client::Client;
use node::clock;
use node::office::Office;
use node::rights::{Stock, draw_rights, issue_rights};
use node::turnout::certify;
use rand_core::OsRng;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use verifier_core::{MunicipalityIndex, Seconds, TrustCard};

const GLANCE: Duration = Duration::from_millis(100);
/// Blocks may be late where many processes share the cores.
const LATE: Seconds = 60;
/// From closing to the final header, the grace included.
const COUNT: Seconds = 180;

/// How much time people have.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Seconds from when the election is set up to opening.
    pub registration: Seconds,
    /// Seconds from opening to closing.
    pub voting: Seconds,
}

/// The election, and what keeps it going; all of it stops when dropped.
pub struct LiveElection {
    play: Play,
    /// Addresses of the municipalities' nodes, in their order.
    nodes: Vec<String>,
    homes: Vec<PathBuf>,
    /// The trust card while the election runs: it names no final header.
    pub card: TrustCard,
    _folder: TempDir,
}

enum Play {
    Devnet(devnet::Playing),
    Network(Box<network::Playing>),
}

impl LiveElection {
    /// On the embedded engine, a block a second.
    pub async fn on_devnet(municipalities: u16, ballots: u32, times: Times) -> Result<Self> {
        let folder = TempDir::new()?;
        let begun = devnet::begin(municipalities, ballots, times, folder.path()).await?;
        Ok(Self {
            play: Play::Devnet(begun.playing),
            nodes: begun.nodes,
            homes: begun.homes,
            card: begun.card,
            _folder: folder,
        })
    }

    /// On a network of real nodes on this machine.
    pub async fn on_network(municipalities: u16, ballots: u32, times: Times) -> Result<Self> {
        Self::on_network_with(municipalities, ballots, times, false).await
    }

    /// The same; rights can be had on phones too, if so asked.
    pub(crate) async fn on_network_with(
        municipalities: u16,
        ballots: u32,
        times: Times,
        phones: bool,
    ) -> Result<Self> {
        let folder = TempDir::new()?;
        let out = folder.path().join("network");
        let begun = tokio::task::spawn_blocking(move || {
            network::begin(municipalities, ballots, times, phones, &out)
        });
        let begun = begun.await??;
        Ok(Self {
            play: Play::Network(Box::new(begun.playing)),
            nodes: begun.nodes,
            homes: begun.homes,
            card: begun.card,
            _folder: folder,
        })
    }

    /// Where the first municipality's node answers.
    pub fn url(&self) -> &str {
        self.nodes.first().map_or("", String::as_str)
    }

    /// The municipalities' nodes, in their order.
    pub fn nodes(&self) -> &[String] {
        &self.nodes
    }

    /// A municipality's home, with the keys of its offices.
    pub fn home(&self, municipality: MunicipalityIndex) -> Result<&Path> {
        let home = self.homes.get(usize::from(municipality));
        Ok(home.context("no such municipality")?)
    }

    /// Voting rights on paper, as `node rights` issues and prints them.
    pub async fn print_rights(&self, at: MunicipalityIndex, count: usize) -> Result<Printed> {
        let (home, card) = (self.home(at)?.to_path_buf(), self.card.clone());
        let printed = tokio::task::spawn_blocking(move || {
            let office = office(&home, card)?;
            let contract = office.card.contract.id();
            let rights = draw_rights(office.card.genesis, contract, count, &mut OsRng);
            let stock = Stock::draw(count, &mut OsRng);
            let issues = issue_rights(&office, &rights, &mut OsRng)?;
            Ok(Printed {
                election: office.card.contract.title.clone(),
                municipality: office.named()?.name.clone(),
                rights,
                stock,
                issues,
            })
        });
        printed.await?
    }

    /// Certifies that so many people have checked in at a station so far, as `node turnout` does.
    pub async fn check_in(&self, at: MunicipalityIndex, station: u16, people: u32) -> Result<()> {
        let (home, card) = (self.home(at)?.to_path_buf(), self.card.clone());
        let certified = tokio::task::spawn_blocking(move || {
            let office = office(&home, card)?;
            let observer = office.observer(&home)?;
            certify(&office, &observer, station, people)?;
            Ok(())
        });
        certified.await?
    }

    /// Waits until ballots are taken.
    pub async fn until_opening(&self) -> Result<()> {
        self.until(self.card.contract.opening).await
    }

    /// Waits until no ballot is taken any more.
    pub async fn until_closing(&self) -> Result<()> {
        self.until(self.card.contract.closing).await
    }

    async fn until(&self, time: Seconds) -> Result<()> {
        let node = Client::new(self.url());
        let reached = tokio::task::spawn_blocking(move || {
            while clock() < time.saturating_add(LATE) {
                let latest = node.status()?.latest_time.unix_timestamp();
                if u64::try_from(latest).is_ok_and(|latest| latest >= time) {
                    return Ok(());
                }
                std::thread::sleep(GLANCE);
            }
            bail!("there is no block of that time")
        });
        reached.await?
    }

    /// Waits until the result is there. Gives the trust card that names the final header.
    pub async fn until_result(&self) -> Result<TrustCard> {
        let end = self.card.contract.deadline().saturating_add(COUNT + LATE);
        while clock() < end {
            let card = match &self.play {
                Play::Devnet(playing) => playing.final_card()?,
                Play::Network(playing) => playing.final_card()?,
            };
            if let Some(card) = card {
                return Ok(card);
            }
            tokio::time::sleep(GLANCE).await;
        }
        bail!("the election came to no result in time")
    }
}

fn office(home: &Path, card: TrustCard) -> Result<Office> {
    let file = home.join("card-of-office.json");
    std::fs::write(&file, card.to_json())?;
    Ok(Office::open(home, None, Some(&file))?)
}
