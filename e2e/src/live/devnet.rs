//! On the embedded engine: a thread makes a block whenever one is due.

use super::{GLANCE, Times};
use crate::polling::serving;
use crate::served::Served;
use anyhow::{Context, Result, anyhow};
use node::clock;
use node::devnet::{Devnet, Live, Settings, Until};
use node::rpc::{Service, router};
use node::storage::Store;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use verifier_core::TrustCard;

const SEED: u64 = 23;
/// Seconds between blocks.
const PACE: u64 = 1;

/// What keeps the election going.
pub(super) struct Playing {
    service: Arc<Service>,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<()>>>,
    _served: Served,
}

pub(super) struct Begun {
    pub playing: Playing,
    pub nodes: Vec<String>,
    pub homes: Vec<PathBuf>,
    pub card: TrustCard,
}

/// An election whose registration has begun.
pub(super) async fn begin(
    municipalities: u16,
    ballots: u32,
    times: Times,
    folder: &Path,
) -> Result<Begun> {
    let settings = settings(municipalities, ballots, times);
    let devnet = tokio::task::spawn_blocking(move || set_up(&settings)).await??;
    let service = Arc::new(serving(&devnet));
    let served = Served::start(router(Arc::clone(&service))).await?;
    let url = served.url().to_owned();
    publish(&devnet, &service, &url)?;
    let homes = devnet.write_homes(&url, folder)?;
    let card = TrustCard::parse(service.files().trust_card.as_bytes())?;
    let stopped = Arc::new(AtomicBool::new(false));
    let thread = std::thread::spawn({
        let (service, stopped, url) = (Arc::clone(&service), Arc::clone(&stopped), url.clone());
        move || play(devnet, &service, &url, &stopped)
    });
    Ok(Begun {
        playing: Playing {
            service,
            stopped,
            thread: Some(thread),
            _served: served,
        },
        nodes: (0..municipalities)
            .map(|m| format!("{url}/n/{m}"))
            .collect(),
        homes,
        card,
    })
}

fn settings(municipalities: u16, ballots: u32, times: Times) -> Settings {
    Settings {
        municipalities,
        candidates: 4,
        ballots,
        invalid: 0,
        seed: SEED,
        genesis_time: None,
        interval: PACE,
        per_block: None,
        fault: None,
        live: Some(Live {
            registration: times.registration,
            voting: Some(times.voting),
            phones: false,
        }),
    }
}

fn set_up(settings: &Settings) -> Result<Devnet> {
    let end = clock().saturating_add(settings.seconds_to_watch());
    let mut devnet = Devnet::open(Store::in_memory()?, settings, end)?;
    while !devnet
        .script
        .schedule
        .is_set_up_before(devnet.ledger.height() + 1)
    {
        devnet.step(Until::Setup)?.context("the setup has ended")?;
    }
    Ok(devnet)
}

fn play(mut devnet: Devnet, service: &Service, url: &str, stopped: &AtomicBool) -> Result<()> {
    let last = devnet.script.schedule.last_height(Until::Result);
    while devnet.ledger.height() < last && !stopped.load(Ordering::Relaxed) {
        let height = devnet.ledger.height() + 1;
        if clock() < devnet.script.schedule.time(height) {
            std::thread::sleep(GLANCE / 2);
            continue;
        }
        devnet.step(Until::Result)?;
        publish(&devnet, service, url)?;
    }
    Ok(())
}

fn publish(devnet: &Devnet, service: &Service, url: &str) -> Result<()> {
    service.publish(devnet.files(Some(url), 0)?);
    service.announce(devnet.ledger.height());
    Ok(())
}

impl Playing {
    /// The card that names the final header, once there is one.
    pub fn final_card(&self) -> Result<Option<TrustCard>> {
        let ended = self.thread.as_ref().is_none_or(JoinHandle::is_finished);
        let card = TrustCard::parse(self.service.files().trust_card.as_bytes())?;
        if ended && card.final_header.is_none() {
            return Err(anyhow!("the devnet has stopped before its result"));
        }
        Ok(card.final_header.is_some().then_some(card))
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // What went wrong in there was said where it was missed.
            let _ = thread.join();
        }
    }
}
