//! An election whose rights are had on phones, on the embedded engine or a network of real nodes: blocks come in real time, and every municipality's
//! registrar answers over HTTP.
//!
//! Texts go to an SMS gateway that keeps them. Whoever votes from a phone is checked in at no station, so that the script's own people are all that
//! turnout is certified for.

mod gateway;
mod service;

use gateway::Gateway;
use service::Registrar;

use crate::live::{LiveElection, Times};
use crate::polling::{make_blocks, serving, set_up};
use crate::served::Served;
use anyhow::{Context, Result, anyhow, bail, ensure};
use node::clock;
use node::devnet::{Devnet, Live, Settings, Until};
use node::rpc::router;
use registrar::Limits;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use verifier_core::{MunicipalityIndex, NodeAddress, Seconds, TrustCard};

const SEED: u64 = 17;
/// The fewest that can have claims.
const MUNICIPALITIES: u16 = 3;
/// The fewest of whom one may be gone while the others make blocks.
const MUNICIPALITIES_OF_NETWORK: u16 = 4;
const CANDIDATES: usize = 4;
/// People who vote at stations, so that there is something else to count.
const OTHERS: u32 = 12;
/// Both engines certify so many more people on each roll than they play.
const ROOM: usize = 2_000;
/// Rights are given until so long before opening, unless said otherwise: tests claim at once.
const BEFORE_OPENING: Seconds = 5;
const TICK: Duration = Duration::from_millis(40);
const PATIENCE: Duration = Duration::from_secs(20);

/// The election, its registrars and their gateway; all of it stops when dropped.
pub struct Phones {
    /// Before what they follow: they end first.
    registrars: Vec<Registrar>,
    engine: Engine,
    /// The trust card while the election runs: it names the registrars, and no final header.
    pub card: TrustCard,
    people: usize,
    gateway: Gateway,
    urls: Vec<String>,
    _folder: TempDir,
}

enum Engine {
    Embedded(Embedded),
    Network(Box<LiveElection>),
}

struct Embedded {
    devnet: Arc<Mutex<Devnet>>,
    node: Arc<node::rpc::Service>,
    served: Served,
    stopped: Arc<AtomicBool>,
}

/// Somebody as the roll has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    /// Such as 1987-06-05.
    pub birth: String,
    /// Digits only, as texts are sent to.
    pub phone: String,
}

impl Phones {
    /// Begins registration with so many people on each municipality's registrar's roll. It lasts so long, and voting after it. Limits are the service's own,
    /// but that rights are given until shortly before opening.
    pub async fn open(people: usize, registration: Seconds, voting: Seconds) -> Result<Self> {
        Self::open_with(people, registration, voting, limits()).await
    }

    /// The same with other limits.
    pub async fn open_with(
        people: usize,
        registration: Seconds,
        voting: Seconds,
        limits: Limits,
    ) -> Result<Self> {
        let engine = Engine::embedded(registration, voting).await?;
        Self::start(engine, people, limits, registration).await
    }

    /// The same on a network of four real nodes on this machine. [`Phones::until_result`] takes as long there as voting and the count do.
    pub async fn open_on_network(
        people: usize,
        registration: Seconds,
        voting: Seconds,
    ) -> Result<Self> {
        let times = Times {
            registration,
            voting,
        };
        let towns = MUNICIPALITIES_OF_NETWORK;
        let election = LiveElection::on_network_with(towns, OTHERS, times, true).await?;
        let engine = Engine::Network(Box::new(election));
        Self::start(engine, people, limits(), registration).await
    }

    async fn start(
        engine: Engine,
        people: usize,
        limits: Limits,
        registration: Seconds,
    ) -> Result<Self> {
        ensure!(people <= ROOM, "{people} people are more than {ROOM}");
        let (folder, gateway) = (TempDir::new()?, Gateway::start().await?);
        let mut card = engine.card()?;
        let mut registrars = Vec::new();
        for (municipality, (node, home)) in (0..).zip(engine.homes(folder.path())?) {
            let database = folder.path().join(format!("{municipality}.db"));
            let database = format!("sqlite:{}", database.display());
            let mut registrar = Registrar::new(home, node, database, gateway.url(), limits);
            registrar.import(&roll_of(municipality, people)).await?;
            registrar.start(&card).await?;
            registrars.push(registrar);
        }
        let urls: Vec<String> = registrars.iter().map(Registrar::url).collect();
        card.registrars = (0..)
            .zip(&urls)
            .map(|(municipality, url)| NodeAddress {
                municipality,
                url: url.clone(),
            })
            .collect();
        engine.begin(&card, registration).await?;
        Ok(Self {
            registrars,
            engine,
            card,
            people,
            gateway,
            urls,
            _folder: folder,
        })
    }

    /// Where an honest node answers.
    pub fn url(&self) -> &str {
        match &self.engine {
            Engine::Embedded(embedded) => embedded.served.url(),
            Engine::Network(election) => election.url(),
        }
    }

    /// Where the municipalities' registrars answer, in their order.
    pub fn registrars(&self) -> &[String] {
        &self.urls
    }

    /// The person of this number, from 0, on a municipality's roll.
    pub fn person(&self, municipality: MunicipalityIndex, number: usize) -> Result<Person> {
        let listed = usize::from(municipality) < self.urls.len() && number < self.people;
        ensure!(listed, "nobody is {number} on roll {municipality}");
        Ok(Person::of(municipality, number))
    }

    /// The code in the text of this number, from 0, among those to a phone; waits for it.
    pub async fn code(&self, phone: &str, nth: usize) -> Result<String> {
        let end = Instant::now() + PATIENCE;
        let mut ticks = tokio::time::interval(TICK);
        while Instant::now() < end {
            if let Some(text) = self.gateway.text(phone, nth)? {
                let mut digits = text.split(|c: char| !c.is_ascii_digit());
                let code = digits.find(|run| run.len() == 6);
                return code.map(str::to_owned).context(text.clone());
            }
            ticks.tick().await;
        }
        bail!("no text {nth} to {phone}")
    }

    /// How many texts a phone was sent so far.
    pub fn texts(&self, phone: &str) -> Result<usize> {
        self.gateway.texts(phone)
    }

    /// Ends a municipality's registrar: nothing answers there any more. What it knows stays.
    pub async fn stop_registrar(&mut self, municipality: MunicipalityIndex) -> Result<()> {
        self.registrar(municipality)?.stop().await
    }

    /// Starts it again, at the same address.
    pub async fn start_registrar(&mut self, municipality: MunicipalityIndex) -> Result<()> {
        let card = self.card.clone();
        self.registrar(municipality)?.start(&card).await
    }

    /// Waits until ballots are taken.
    pub async fn until_opening(&self) -> Result<()> {
        match &self.engine {
            Engine::Embedded(embedded) => embedded.until(self.card.contract.opening).await,
            Engine::Network(election) => election.until_opening().await,
        }
    }

    /// The result of what was sent by now: the embedded engine runs to it at once. Gives the trust card that names the final header.
    pub async fn until_result(&self) -> Result<TrustCard> {
        let registrars = self.card.registrars.clone();
        match &self.engine {
            Engine::Embedded(embedded) => embedded.run_to_result(registrars).await,
            Engine::Network(election) => Ok(TrustCard {
                registrars,
                ..election.until_result().await?
            }),
        }
    }

    fn registrar(&mut self, municipality: MunicipalityIndex) -> Result<&mut Registrar> {
        let registrar = self.registrars.get_mut(usize::from(municipality));
        registrar.context("no such municipality")
    }
}

impl Engine {
    async fn embedded(registration: Seconds, voting: Seconds) -> Result<Self> {
        let settings = settings(registration, voting);
        let devnet = tokio::task::spawn_blocking(move || set_up(&settings)).await??;
        let node = Arc::new(serving(&devnet));
        let served = Served::start(router(Arc::clone(&node))).await?;
        Ok(Self::Embedded(Embedded {
            devnet: Arc::new(Mutex::new(devnet)),
            node,
            served,
            stopped: Arc::default(),
        }))
    }

    /// The trust card while the election runs, without registrars.
    fn card(&self) -> Result<TrustCard> {
        match self {
            Self::Embedded(embedded) => {
                let card = lock(&embedded.devnet)?.trust_card(Some(embedded.served.url()))?;
                Ok(TrustCard::parse(card.as_bytes())?)
            }
            Self::Network(election) => Ok(election.card.clone()),
        }
    }

    /// Each municipality's node and home, in their order.
    fn homes(&self, folder: &Path) -> Result<Vec<(String, PathBuf)>> {
        match self {
            Self::Embedded(embedded) => {
                let url = embedded.served.url();
                let homes = lock(&embedded.devnet)?.write_homes(url, &folder.join("homes"))?;
                let nodes = (0..MUNICIPALITIES).map(|m| format!("{url}/n/{m}"));
                Ok(nodes.zip(homes).collect())
            }
            Self::Network(election) => {
                let nodes = (0..).zip(election.nodes());
                let homes = nodes.map(|(m, node)| Ok((node.clone(), election.home(m)?.into())));
                homes.collect()
            }
        }
    }

    /// Registration begins: what is left of the time to set a network up is waited out, so that registration is as short as asked.
    async fn begin(&self, card: &TrustCard, registration: Seconds) -> Result<()> {
        match self {
            Self::Embedded(embedded) => embedded.begin(card),
            Self::Network(_) => {
                let begins = card.contract.opening.saturating_sub(registration);
                let left = begins.saturating_sub(clock());
                tokio::time::sleep(Duration::from_secs(left)).await;
                Ok(())
            }
        }
    }
}

impl Embedded {
    fn begin(&self, card: &TrustCard) -> Result<()> {
        let mut files = lock(&self.devnet)?.files(Some(self.served.url()), 0)?;
        files.trust_card = card.to_json();
        self.node.publish(files);
        let (devnet, node) = (Arc::clone(&self.devnet), Arc::clone(&self.node));
        make_blocks(devnet, node, Arc::clone(&self.stopped));
        Ok(())
    }

    async fn until(&self, time: Seconds) -> Result<()> {
        let mut ticks = tokio::time::interval(TICK);
        while lock(&self.devnet)?.ledger.next_time()? <= time {
            ticks.tick().await;
        }
        Ok(())
    }

    async fn run_to_result(&self, registrars: Vec<NodeAddress>) -> Result<TrustCard> {
        self.stopped.store(true, Ordering::Relaxed);
        let (devnet, url) = (Arc::clone(&self.devnet), self.served.url().to_owned());
        let ended = tokio::task::spawn_blocking(move || {
            let mut devnet = lock(&devnet)?;
            while devnet.step(Until::Result)?.is_some() {}
            anyhow::Ok((devnet.files(Some(&url), 0)?, devnet.ledger.height()))
        });
        let (mut files, height) = ended.await??;
        let card = TrustCard {
            registrars,
            ..TrustCard::parse(files.trust_card.as_bytes())?
        };
        files.trust_card = card.to_json();
        self.node.publish(files);
        self.node.announce(height);
        Ok(card)
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

impl Person {
    fn of(municipality: MunicipalityIndex, number: usize) -> Self {
        Self {
            name: format!("시민{municipality}-{number}"),
            birth: format!("19{:02}-{:02}-05", number % 100, number % 12 + 1),
            phone: format!("010{municipality:04}{number:04}"),
        }
    }
}

fn limits() -> Limits {
    Limits {
        before_opening: BEFORE_OPENING,
        ..Limits::default()
    }
}

fn settings(registration: Seconds, voting: Seconds) -> Settings {
    Settings {
        municipalities: MUNICIPALITIES,
        candidates: CANDIDATES,
        ballots: OTHERS,
        invalid: 0,
        seed: SEED,
        genesis_time: None,
        interval: 1,
        per_block: None,
        fault: None,
        live: Some(Live {
            registration,
            voting: Some(voting),
            phones: true,
        }),
    }
}

fn roll_of(municipality: MunicipalityIndex, people: usize) -> Vec<Person> {
    (0..people)
        .map(|number| Person::of(municipality, number))
        .collect()
}

fn lock<T>(shared: &Mutex<T>) -> Result<std::sync::MutexGuard<'_, T>> {
    shared.lock().map_err(|_| anyhow!("a test panicked"))
}
