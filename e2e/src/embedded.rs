//! An election on the embedded engine: one process, simulated time.

use crate::election::{Engine, Held, Secrets, now};
use crate::served::Served;
use anyhow::Result;
use node::devnet::{Devnet, INTERVAL, Seed, Settings, Until, consensus_key, export};
use node::rpc::{Service, router};
use node::storage::Store;
use std::sync::Arc;
use tempfile::TempDir;
use verifier_core::TrustCard;

const SEED: u64 = 7;
/// Receipts that are handed out, beside those of refused ballots.
const RECEIPTS: usize = 20;

/// Holds the election, from its definition to its result, and serves it.
pub async fn embedded(municipalities: u16, ballots: u32) -> Result<Held> {
    let settings = Settings {
        municipalities,
        candidates: 4,
        ballots,
        invalid: 10,
        seed: SEED,
        genesis_time: None,
        interval: INTERVAL,
        per_block: None,
        fault: None,
        live: None,
    };
    let devnet = tokio::task::spawn_blocking(move || run(&settings)).await??;
    let service = Arc::new(Service::new(
        Arc::clone(&devnet.store),
        Arc::clone(&devnet.validators),
        devnet.chain_id.clone(),
        devnet.genesis.clone(),
        None,
    ));
    let served = Served::start(router(Arc::clone(&service))).await?;
    let url = served.url().to_owned();
    service.publish(devnet.files(Some(&url), RECEIPTS)?);
    let files = service.files();
    let folder = TempDir::new()?;
    export(&devnet, folder.path(), RECEIPTS)?;
    let offices = devnet.script.offices.keys.iter();
    Ok(Held {
        engine: Engine::Embedded { _served: served },
        url,
        card: TrustCard::parse(files.trust_card.as_bytes())?,
        slips: files.slips,
        receipts: files.receipts.into_iter().map(|(_, text)| text).collect(),
        export: folder,
        secrets: Secrets {
            validators: (0..municipalities)
                .map(|index| consensus_key(Seed(SEED), index))
                .collect(),
            promises: offices.map(|keys| keys.promise.clone()).collect(),
        },
    })
}

fn run(settings: &Settings) -> Result<Devnet> {
    let mut devnet = Devnet::open(Store::in_memory()?, settings, now())?;
    while devnet.step(Until::Result)?.is_some() {}
    Ok(devnet)
}
