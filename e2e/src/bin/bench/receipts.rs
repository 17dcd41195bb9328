//! How long a voter waits for a verdict.

use crate::table::Table;
use anyhow::{Context, Result, ensure};
use e2e::{Browser, Chromedriver, Election, Language, Sample, Site};
use std::path::Path;
use verifier_core::Outcome;

const MUNICIPALITIES: u16 = 31;
const USUAL_BALLOTS: u32 = 2000;
/// Three blocks of ten thousand ballots, and those that come in the grace.
const CROWDED_BALLOTS: u32 = 30_300;
const CROWD: usize = 10_000;
/// Receipts that are checked after the first.
const WARM: usize = 9;

/// Milliseconds from the click to the frame that shows the verdict.
const MEASURE: &str = "
    const done = arguments[0];
    const start = performance.now();
    const look = () => document.querySelector(\"[data-testid='receipt-done']\") ? done(performance.now() - start) : requestAnimationFrame(look);
    document.querySelector(\"[data-testid='receipt-check']\").click();
    requestAnimationFrame(look);
";

pub async fn latency(table: &mut Table, chromedriver: &Chromedriver, dist: &Path) -> Result<()> {
    let usual = Election::hold(MUNICIPALITIES, USUAL_BALLOTS).await?;
    let what = format!("verdict on a receipt among {USUAL_BALLOTS} ballots");
    waited(table, chromedriver, dist, &usual, what).await?;
    let crowded = Election::hold_in_blocks_of(CROWD, MUNICIPALITIES, CROWDED_BALLOTS).await?;
    let what = format!("verdict on a receipt among {CROWD} ballots in its block");
    waited(table, chromedriver, dist, &crowded, what).await
}

async fn waited(
    table: &mut Table,
    chromedriver: &Chromedriver,
    dist: &Path,
    election: &Election,
    what: String,
) -> Result<()> {
    let browser = Browser::start(chromedriver, Language::English).await?;
    let measured = verdicts(&browser, election, dist).await;
    browser.quit().await?;
    let (first, warm) = measured?;
    let worst = warm.iter().copied().fold(0.0, f64::max);
    let median = Table::median(warm)?;
    table.say(
        what,
        format!("{median:.0} ms (worst of {WARM}: {worst:.0} ms, the first: {first:.0} ms)"),
    );
    Ok(())
}

/// The first, and those after it, in milliseconds.
async fn verdicts(browser: &Browser, election: &Election, dist: &Path) -> Result<(f64, Vec<f64>)> {
    let card = election.card.to_json().into_bytes();
    let site = Site::start(dist.to_owned(), Some(card)).await?;
    let counted = |sample: &&Sample| sample.outcome == Outcome::Ok;
    let mut samples = election.samples.iter().filter(counted);
    browser.open(&site, "#/check").await?;
    let first = verdict(browser, samples.next().context("no receipt")?).await?;
    let mut warm = Vec::new();
    for sample in samples.take(WARM) {
        browser.click("receipt-again").await?;
        warm.push(verdict(browser, sample).await?);
    }
    Ok((first, warm))
}

async fn verdict(browser: &Browser, sample: &Sample) -> Result<f64> {
    browser.paste("receipt-text", &sample.text).await?;
    let waited = browser.run_async(MEASURE, vec![]).await?;
    let verdict = browser.attribute("verdict", "data-verdict").await?;
    ensure!(verdict == "accepted", "a good receipt was {verdict}");
    Ok(waited)
}
