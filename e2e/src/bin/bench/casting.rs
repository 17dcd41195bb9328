//! How long a kiosk encrypts and proves: the built page's own worker, from the order to the tracking code.

use crate::table::Table;
use anyhow::{Context, Result, ensure};
use caster::{FromCaster, ToCaster};
use e2e::{Browser, Chromedriver, Language, Site};
use rand_core::{OsRng, RngCore};
use serde_json::json;
use std::path::Path;
use verifier_core::prove::EncryptionSecret;
use verifier_core::{
    AssetId, ContractId, ElectionKeys, GenesisHash, KeySetId, TrackingCode, VotingRight,
};

const GENESIS: GenesisHash = GenesisHash([1; 32]);
const CONTRACT: ContractId = ContractId([2; 32]);
const CANDIDATES: u16 = 8;
/// Ballots that are made after the first.
const WARM: usize = 25;

/// Makes ballots one after another, each for a new right; gives the milliseconds of each. What is said is made by the same code as the page's.
const MEASURE: &str = "
    const [module, begin, read, choose, encrypt, rights, encrypted, done] = arguments;
    const worker = new Worker(`./worker.js?module=${module}`, { type: 'module' });
    const next = () => new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data[0][0]);
      worker.onerror = (event) => reject(new Error(event.message));
    });
    const say = (bytes, ...beside) => { const answer = next(); worker.postMessage([new Uint8Array(bytes), ...beside]); return answer; };
    (async () => {
      const taken = [];
      await next();
      for (const right of rights) {
        await say(begin);
        await say(read, right);
        await say(choose, '5');
        const start = performance.now();
        const kind = await say(encrypt);
        taken.push(performance.now() - start);
        if (kind !== encrypted) throw new Error(`the worker answered with ${kind}`);
      }
      worker.terminate();
      return taken;
    })().then(done, (error) => done(String(error)));
";

/// The table's line.
pub async fn latency(table: &mut Table, chromedriver: &Chromedriver, dist: &Path) -> Result<()> {
    let browser = Browser::start(chromedriver, Language::English).await?;
    let measured = ballots(&browser, dist).await;
    browser.quit().await?;
    let mut taken = measured?;
    ensure!(taken.len() == WARM + 1, "{} ballots were made", taken.len());
    let first = taken.remove(0);
    let worst = taken.iter().copied().fold(0.0, f64::max);
    let median = Table::median(taken)?;
    table.say(
        format!("to encrypt and prove a ballot, {CANDIDATES} candidates, Chromium"),
        format!("{median:.1} ms (worst of {WARM}: {worst:.1} ms, the first: {first:.1} ms)"),
    );
    Ok(())
}

async fn ballots(browser: &Browser, dist: &Path) -> Result<Vec<f64>> {
    let site = Site::start(dist.to_owned(), None).await?;
    browser.open(&site, "#/about").await?;
    let module = browser
        .run::<String>(
            "return document.querySelector(\"meta[name='cast-worker']\").content;",
            vec![],
        )
        .await
        .context("the page names no worker that casts")?;
    let keys = election();
    let rights: Vec<String> = (0..=WARM).map(|_| right()).collect();
    let encrypt = ToCaster::Encrypt {
        asset: AssetId {
            municipality: 1,
            batch: 0,
            index: 0,
        },
        mark: *b"QZ27",
    };
    let encrypted = borsh::to_vec(&FromCaster::Encrypted(TrackingCode([0; 32])))?;
    let arguments = vec![
        json!(module),
        json!(borsh::to_vec(&ToCaster::Begin(keys))?),
        json!(borsh::to_vec(&ToCaster::Read)?),
        json!(borsh::to_vec(&ToCaster::Choose)?),
        json!(borsh::to_vec(&encrypt)?),
        json!(rights),
        json!(encrypted.first()),
    ];
    browser.run_async(MEASURE, arguments).await
}

/// Any points will do for addresses.
fn election() -> ElectionKeys {
    ElectionKeys {
        genesis: GENESIS,
        contract: CONTRACT,
        key_set: KeySetId([3; 32]),
        addresses: (0..CANDIDATES)
            .map(|_| EncryptionSecret::draw(&mut OsRng).point())
            .collect(),
    }
}

/// The text of a new card.
fn right() -> String {
    let mut seed = [0; 32];
    OsRng.fill_bytes(&mut seed);
    VotingRight::new(GENESIS, CONTRACT, seed)
        .to_text()
        .to_string()
}
