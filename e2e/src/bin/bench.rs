//! Measures in headless Chrome: ballots verified per second, and how long a voter waits for a verdict.
//!
//! Usage: `bench BALLOTS DIST`, the folders of the built benchmark page and of the built portal.

use anyhow::{Context, Result, ensure};
use e2e::{Browser, Chromedriver, Election, Language, Sample, Site};
use serde_json::json;
use std::path::PathBuf;
use verifier_core::Outcome;

const MUNICIPALITIES: u16 = 31;
const BALLOTS: u32 = 2000;
/// Milliseconds that a voter may wait on a page that is warm.
const PATIENCE: f64 = 1000.0;

const MEASURE_RATES: &str = "
    const [candidates, done] = arguments;
    import('./rates.js').then((bench) => bench.rates(candidates)).then(done);
";
/// Milliseconds from the click to the frame that shows the verdict.
const MEASURE_VERDICT: &str = "
    const done = arguments[0];
    const start = performance.now();
    const look = () => document.querySelector(\"[data-testid='receipt-done']\") ? done(performance.now() - start) : requestAnimationFrame(look);
    document.querySelector(\"[data-testid='receipt-check']\").click();
    requestAnimationFrame(look);
";

#[tokio::main]
async fn main() -> Result<()> {
    let mut folders = std::env::args_os().skip(1).map(PathBuf::from);
    let usage = "usage: bench BALLOTS DIST";
    let (ballots, dist) = (
        folders.next().context(usage)?,
        folders.next().context(usage)?,
    );
    let chromedriver = Chromedriver::start().await?;
    let browser = Browser::start(&chromedriver, Language::English).await?;
    let measured = measure(&browser, ballots, dist).await;
    browser.quit().await?;
    chromedriver.stop().await;
    measured
}

async fn measure(browser: &Browser, ballots: PathBuf, dist: PathBuf) -> Result<()> {
    measure_rates(browser, ballots).await?;
    measure_verdicts(browser, dist).await
}

async fn measure_rates(browser: &Browser, ballots: PathBuf) -> Result<()> {
    let site = Site::start(ballots, None).await?;
    browser.open(&site, "").await?;
    println!(
        "k  batched  with hints  one by one  elastic-elgamal  (ballots per second in Chrome, one core)"
    );
    for candidates in [2, 4, 8] {
        let [batched, hinted, single, peer]: [f64; 4] = browser
            .run_async(MEASURE_RATES, vec![json!(candidates)])
            .await?;
        println!("{candidates}  {batched:.0}  {hinted:.0}  {single:.0}  {peer:.0}");
    }
    Ok(())
}

async fn measure_verdicts(browser: &Browser, dist: PathBuf) -> Result<()> {
    let election = Election::hold(MUNICIPALITIES, BALLOTS).await?;
    let site = Site::start(dist, Some(election.card.to_json().into_bytes())).await?;
    let counted = |sample: &&Sample| sample.outcome == Outcome::Ok;
    let mut samples = election.samples.iter().filter(counted);
    browser.open(&site, "#/check").await?;
    let first = verdict(browser, samples.next().context("no receipt")?).await?;
    let mut warm = Vec::new();
    for sample in samples.take(9) {
        browser.click("receipt-again").await?;
        warm.push(verdict(browser, sample).await?);
    }
    warm.sort_by(f64::total_cmp);
    let median = *warm.get(warm.len() / 2).context("too few receipts")?;
    let worst = *warm.last().context("too few receipts")?;
    println!(
        "verdict on a receipt among {BALLOTS} ballots: first {first:.0} ms; then {median:.0} ms (median), {worst:.0} ms (worst of {})",
        warm.len()
    );
    ensure!(
        median < PATIENCE,
        "a voter waits longer than {PATIENCE:.0} ms"
    );
    Ok(())
}

async fn verdict(browser: &Browser, sample: &Sample) -> Result<f64> {
    browser.paste("receipt-text", &sample.text).await?;
    let waited = browser.run_async(MEASURE_VERDICT, vec![]).await?;
    let verdict = browser.attribute("verdict", "data-verdict").await?;
    ensure!(verdict == "accepted", "a good receipt was {verdict}");
    Ok(waited)
}
