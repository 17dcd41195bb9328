//! An election that runs: its blocks are made when a test asks for them, and told to whoever subscribed.

use crate::served::Served;
use anyhow::{Context, Result, anyhow};
use node::devnet::{Devnet, INTERVAL, Settings, Until};
use node::rpc::{Service, router};
use node::storage::Store;
use std::sync::{Arc, Mutex};
use verifier_core::{Height, NodeAddress, TrustCard};

const SEED: u64 = 11;

/// A ledger on the way to its result.
pub struct Running {
    devnet: Mutex<Devnet>,
    service: Arc<Service>,
    served: Served,
    /// The trust card of who follows it: it names no final header.
    pub card: TrustCard,
}

impl Running {
    /// An election that has been set up; nobody has voted yet.
    pub async fn begin(municipalities: u16, ballots: u32) -> Result<Self> {
        let settings = Settings {
            municipalities,
            candidates: 3,
            ballots,
            invalid: 4,
            seed: SEED,
            genesis_time: None,
            interval: INTERVAL,
            per_block: None,
            fault: None,
            live: None,
        };
        let devnet = tokio::task::spawn_blocking(move || set_up(&settings)).await??;
        let service = Arc::new(Service::new(
            Arc::clone(&devnet.store),
            Arc::clone(&devnet.validators),
            devnet.chain_id.clone(),
            devnet.genesis.clone(),
            None,
        ));
        let served = Served::start(router(Arc::clone(&service))).await?;
        let card = devnet.trust_card(Some(served.url()))?;
        service.announce(devnet.ledger.height());
        Ok(Self {
            devnet: Mutex::new(devnet),
            service,
            served,
            card: TrustCard::parse(card.as_bytes())?,
        })
    }

    /// Where an honest node answers.
    pub fn url(&self) -> &str {
        self.served.url()
    }

    /// The trust card with these nodes.
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

    /// Makes so many blocks, and tells subscribers of each.
    pub fn make_blocks(&self, count: usize) -> Result<()> {
        let mut devnet = self.lock()?;
        for _ in 0..count {
            let made = devnet.step(Until::Result)?;
            let (height, _) = made.context("the election is over")?;
            self.service.announce(height);
        }
        Ok(())
    }

    /// Makes blocks until no ballot can come any more.
    pub fn close(&self) -> Result<()> {
        let mut devnet = self.lock()?;
        while let Some((height, _)) = devnet.step(Until::Closed)? {
            self.service.announce(height);
        }
        Ok(())
    }

    /// The height of the last block.
    pub fn height(&self) -> Result<Height> {
        Ok(self.lock()?.ledger.height())
    }

    /// Ballots that count in each municipality, up to the last block.
    pub fn ballots(&self) -> Result<Vec<u64>> {
        let devnet = self.lock()?;
        Ok(devnet.ledger.application().tally().ballots().collect())
    }

    /// People checked in, up to the last block.
    pub fn checked_in(&self) -> Result<u64> {
        let devnet = self.lock()?;
        let election = devnet.ledger.application().election();
        let count = u16::try_from(devnet.script.offices.electorates.len())?;
        Ok((0..count).map(|m| u64::from(election.checked_in(m))).sum())
    }

    fn lock(&self) -> Result<std::sync::MutexGuard<'_, Devnet>> {
        self.devnet.lock().map_err(|_| anyhow!("a test panicked"))
    }
}

fn set_up(settings: &Settings) -> Result<Devnet> {
    let mut devnet = Devnet::open(Store::in_memory()?, settings, crate::election::now())?;
    while devnet.step(Until::Setup)?.is_some() {}
    Ok(devnet)
}
