//! Rates in Chrome, by the page's own clock: variants by turns, and workers side by side.

use crate::table::{CANDIDATES, Row, Table};
use anyhow::Result;
use e2e::{Browser, Chromedriver, Language, Site};
use serde_json::json;
use std::path::PathBuf;

const LOAD: &str = "const [candidates, done] = arguments; import('./rates.js').then((bench) => bench.load(candidates)).then(done);";
const MEASURE: &str = "const [build, work, done] = arguments; import('./rates.js').then((bench) => done(bench.measure(build, work)));";
const TOGETHER: &str = "const [candidates, build, workers, done] = arguments; import('./rates.js').then((bench) => bench.together(candidates, build, workers)).then(done);";
/// Switches without which this Chrome has no wide arithmetic.
const WIDE: [&str; 1] = ["--js-flags=--wasm-wide-arithmetic"];

const VARIANTS: [(&str, &str, Row); 5] = [
    ("default", "batched", Row::Chromium),
    ("default", "hinted", Row::ChromiumHinted),
    ("wide", "batched", Row::Wide),
    ("wide", "hinted", Row::WideHinted),
    ("default", "peers", Row::PeerChromium),
];

/// Ballots per second on one core.
pub async fn rates(
    table: &mut Table,
    chromedriver: &Chromedriver,
    folder: PathBuf,
    runs: usize,
) -> Result<()> {
    let browser = Browser::start_with(chromedriver, Language::English, &WIDE).await?;
    let measured = by_turns(table, &browser, folder, runs).await;
    browser.quit().await?;
    measured
}

async fn by_turns(
    table: &mut Table,
    browser: &Browser,
    folder: PathBuf,
    runs: usize,
) -> Result<()> {
    let site = Site::start(folder, None).await?;
    browser.open(&site, "").await?;
    for candidates in CANDIDATES {
        let builds: Vec<String> = browser.run_async(LOAD, vec![json!(candidates)]).await?;
        let there = |build: &str| builds.iter().any(|one| one == build);
        let variants = VARIANTS.iter().filter(|(build, ..)| there(build));
        let mut rates: Vec<_> = variants.map(|variant| (variant, Vec::new())).collect();
        for _ in 0..runs {
            for ((build, work, _), rates) in &mut rates {
                rates.push(
                    browser
                        .run_async(MEASURE, vec![json!(build), json!(work)])
                        .await?,
                );
            }
        }
        for ((_, _, row), rates) in rates {
            table.set(*row, candidates, Table::median(rates)?);
        }
    }
    for row in [Row::Wide, Row::WideHinted] {
        table.lacks(row, "this Chrome has no wide arithmetic".into());
    }
    Ok(())
}

/// Two workers beside one, with the switches that everybody's Chrome has.
pub async fn workers(
    table: &mut Table,
    chromedriver: &Chromedriver,
    folder: PathBuf,
    runs: usize,
) -> Result<()> {
    let browser = Browser::start(chromedriver, Language::English).await?;
    let measured = side_by_side(table, &browser, folder, runs).await;
    browser.quit().await?;
    measured
}

async fn side_by_side(
    table: &mut Table,
    browser: &Browser,
    folder: PathBuf,
    runs: usize,
) -> Result<()> {
    let site = Site::start(folder, None).await?;
    browser.open(&site, "").await?;
    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..runs {
        for (workers, rates) in (1..).zip(&mut rates) {
            let question = vec![json!(4), json!("default"), json!(workers)];
            rates.push(browser.run_async(TOGETHER, question).await?);
        }
    }
    let [one, two] = rates.map(Table::median);
    let (one, two) = (one?, two?);
    table.say(
        "two workers beside one, 4 candidates, ballots per second",
        format!("{two:.0} : {one:.0} = {:.2}", two / one),
    );
    Ok(())
}
