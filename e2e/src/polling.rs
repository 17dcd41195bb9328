//! Polling day on the embedded engine: blocks come in real time, and voting rights are handed out whose secrets the tests know.

use crate::election::now;
use crate::served::Served;
use anyhow::{Context, Result, anyhow, ensure};
use node::devnet::{Devnet, Live, Settings, Until};
use node::rpc::{Service, router};
use node::storage::Store;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use verifier_core::prove::{SigningKey, public_key};
use verifier_core::{
    Action, Broadcast, BroadcastAnswer, CertifyTurnout, Issue, NodeAddress, Outcome, Seconds,
    TrackingCode, TrustCard, VotingRight, decode_broadcast, roll_commitment,
};

const SEED: u64 = 13;
const MUNICIPALITIES: u16 = 4;
/// As many as the goal for the time of encrypting is set for.
const CANDIDATES: usize = 8;
/// People who vote without a kiosk, so that there is something else to count.
const OTHERS: u32 = 12;
const REGISTRATION: Seconds = 6;
const VOTING: Seconds = 3_000;
const TICK: Duration = Duration::from_millis(40);
/// Whose rights are handed out.
const REGISTRAR: u16 = 1;

/// An election that people can vote in.
pub struct Polling {
    devnet: Arc<Mutex<Devnet>>,
    service: Arc<Service>,
    served: Served,
    stopped: Arc<AtomicBool>,
    /// The trust card of who votes: it names no final header.
    pub card: TrustCard,
    rights: Mutex<Vec<VotingRight>>,
}

impl Polling {
    /// Opens the polls with so many rights to be handed out.
    pub async fn open(rights: usize) -> Result<Self> {
        let settings = Settings {
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
                registration: REGISTRATION,
                voting: Some(VOTING),
                phones: false,
            }),
        };
        let devnet = tokio::task::spawn_blocking(move || set_up(&settings)).await??;
        let service = Arc::new(serving(&devnet));
        let served = Served::start(router(Arc::clone(&service))).await?;
        let card = TrustCard::parse(devnet.trust_card(Some(served.url()))?.as_bytes())?;
        let devnet = Arc::new(Mutex::new(devnet));
        let stopped = Arc::new(AtomicBool::new(false));
        make_blocks(
            Arc::clone(&devnet),
            Arc::clone(&service),
            Arc::clone(&stopped),
        );
        let polling = Self {
            devnet,
            service,
            served,
            stopped,
            card,
            rights: Mutex::default(),
        };
        polling.hand_out(rights).await?;
        polling.until(polling.card.contract.opening).await?;
        Ok(polling)
    }

    /// Where an honest node answers.
    pub fn url(&self) -> &str {
        self.served.url()
    }

    /// A card that nobody has used.
    pub fn take_right(&self) -> Result<VotingRight> {
        let mut rights = self.rights.lock().map_err(|_| anyhow!("a test panicked"))?;
        rights.pop().context("all rights are handed out")
    }

    /// The trust card with this node for every municipality.
    pub fn card_with_nodes<'a>(&self, urls: impl IntoIterator<Item = &'a str>) -> TrustCard {
        let nodes = (0..).zip(urls).map(|(municipality, url)| NodeAddress {
            municipality,
            url: url.to_owned(),
        });
        TrustCard {
            nodes: nodes.collect(),
            ..self.card.clone()
        }
    }

    /// How many ballots count so far.
    pub fn ballots(&self) -> Result<u64> {
        let devnet = self.lock()?;
        Ok(devnet.ledger.application().tally().ballots().sum())
    }

    /// Certifies that so many people were checked in for the kiosk's ballots, ends voting, and runs the election to its result.
    pub async fn close(&self, checked_in: u32) -> Result<TrustCard> {
        self.certify(checked_in).await?;
        self.stopped.store(true, Ordering::Relaxed);
        let mut devnet = self.lock()?;
        while devnet.step(Until::Result)?.is_some() {}
        self.service.publish(devnet.files(Some(self.url()), 0)?);
        let card = devnet.trust_card(Some(self.url()))?;
        Ok(TrustCard::parse(card.as_bytes())?)
    }

    async fn certify(&self, checked_in: u32) -> Result<()> {
        let turnout = CertifyTurnout {
            municipality: REGISTRAR,
            station: 900,
            sequence: 0,
            previous: TrackingCode([0; 32]),
            checked_in,
        };
        let signed = {
            let devnet = self.lock()?;
            let offices = &devnet.script.offices;
            let keys = offices
                .keys
                .get(usize::from(REGISTRAR))
                .context("no such municipality")?;
            offices.signed(
                Action::CertifyTurnout(turnout),
                &[&keys.registrar, &keys.observer],
            )
        };
        self.send(&signed.encode()).await?;
        self.until(now() + 3).await
    }

    async fn hand_out(&self, count: usize) -> Result<()> {
        let rights: Vec<VotingRight> = (0..count)
            .map(|number| self.right(number))
            .collect::<Result<_>>()?;
        for rights in rights.chunks(1_000) {
            let issue = self.issue(rights)?;
            self.send(&issue).await?;
            self.until(now() + 2).await?;
        }
        let election = |devnet: &Devnet| devnet.ledger.application().election().clone();
        let issued = election(&*self.lock()?).issued(REGISTRAR);
        ensure!(
            usize::try_from(issued)? >= count,
            "only {issued} rights were issued"
        );
        *self.rights.lock().map_err(|_| anyhow!("a test panicked"))? = rights;
        Ok(())
    }

    fn right(&self, number: usize) -> Result<VotingRight> {
        let mut seed = [0xC5; 32];
        let (start, _) = seed.split_at_mut(8);
        start.copy_from_slice(&u64::try_from(number)?.to_be_bytes());
        let seed = verifier_core::Hash::of(&seed).0;
        Ok(VotingRight::new(
            self.card.genesis,
            self.card.contract_id(),
            seed,
        ))
    }

    fn issue(&self, rights: &[VotingRight]) -> Result<Vec<u8>> {
        let devnet = self.lock()?;
        let batch = devnet.ledger.application().election().batches(REGISTRAR);
        let address = |right: &VotingRight| public_key(&SigningKey::from_bytes(&right.seed));
        let commitment = |right: &VotingRight| roll_commitment(&right.seed, "kiosk");
        let mut roll_commitments: Vec<_> = rights.iter().map(commitment).collect();
        roll_commitments.sort_unstable();
        let issue = Issue {
            municipality: REGISTRAR,
            batch: u16::try_from(batch)?,
            addresses: rights.iter().map(address).collect(),
            roll_commitments,
        };
        let offices = &devnet.script.offices;
        let keys = offices.keys.get(usize::from(REGISTRAR));
        let registrar = &keys.context("no such municipality")?.registrar;
        Ok(offices.signed(Action::Issue(issue), &[registrar]).encode())
    }

    async fn send(&self, transaction: &[u8]) -> Result<()> {
        let body = Broadcast { transaction }.body();
        let url = format!("{}/", self.url());
        let answer = reqwest::Client::new().post(url).body(body).send().await?;
        match decode_broadcast(&answer.bytes().await?)? {
            BroadcastAnswer::Waiting { .. } => Ok(()),
            other => Err(anyhow!("{other:?}")),
        }
    }

    /// Waits until the ledger's last header is at or after this time.
    async fn until(&self, time: Seconds) -> Result<()> {
        let mut ticks = tokio::time::interval(TICK);
        while self.lock()?.ledger.next_time()? <= time {
            ticks.tick().await;
        }
        Ok(())
    }

    fn lock(&self) -> Result<std::sync::MutexGuard<'_, Devnet>> {
        self.devnet.lock().map_err(|_| anyhow!("a test panicked"))
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

/// A node of an election in this process: it takes transactions, and promises ballots.
pub(crate) fn serving(devnet: &Devnet) -> Service {
    let service = Service::new(
        Arc::clone(&devnet.store),
        Arc::clone(&devnet.validators),
        devnet.chain_id.clone(),
        devnet.genesis.clone(),
        None,
    );
    service
        .with_mempool(Arc::clone(&devnet.mempool))
        .with_promisers(devnet.script.offices.promisers())
}

/// Everything before registration, at once.
pub(crate) fn set_up(settings: &Settings) -> Result<Devnet> {
    let end = now() + settings.seconds_to_watch();
    let mut devnet = Devnet::open(Store::in_memory()?, settings, end)?;
    while !is_set_up(&devnet) {
        devnet.step(Until::Result)?;
    }
    Ok(devnet)
}

fn is_set_up(devnet: &Devnet) -> bool {
    let next = devnet.ledger.height() + 1;
    devnet.script.schedule.is_set_up_before(next)
}

/// A block as soon as its time has come.
pub(crate) fn make_blocks(
    devnet: Arc<Mutex<Devnet>>,
    service: Arc<Service>,
    stopped: Arc<AtomicBool>,
) {
    std::thread::spawn(move || {
        while !stopped.load(Ordering::Relaxed) {
            let Ok(mut devnet) = devnet.lock() else {
                return;
            };
            let next = devnet.ledger.height() + 1;
            if devnet.script.schedule.time(next) <= now() {
                match devnet.step(Until::Result) {
                    Ok(Some((height, outcomes))) => {
                        let refused = outcomes.iter().filter(|o| **o != Outcome::Ok).count();
                        if refused > 0 {
                            eprintln!("polling: {refused} transactions refused in block {height}");
                        }
                        service.announce(height);
                    }
                    Ok(None) => return,
                    Err(error) => {
                        eprintln!("polling: {error}");
                        return;
                    }
                }
            } else {
                drop(devnet);
                std::thread::sleep(TICK);
            }
        }
    });
}
