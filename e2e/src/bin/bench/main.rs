//! Measures, and prints one table: ballots verified per second, natively and in headless Chrome, beside peers; how workers add up; how long a voter waits;
//! how long a kiosk encrypts; a whole election in the page and in the terminal.
//!
//! Usage: `bench [--only WORD] BALLOTS DIST ARCHIVES`, the folders of the built benchmark page, of the built portal and of two archives. WORD is part of the
//! name of what is measured.

mod archive;
mod casting;
mod chromium;
mod native;
mod receipts;
mod table;

use anyhow::{Context, Result, ensure};
use archive::Archives;
use e2e::Chromedriver;
use std::path::{Path, PathBuf};
use table::Table;

/// Every number is the median of so many runs.
const RUNS: usize = 5;
const PARTS: [&str; 7] = [
    "native", "belenios", "chromium", "workers", "receipts", "casting", "archive",
];

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut only = String::new();
    if arguments.first().is_some_and(|word| word == "--only") {
        only = arguments.get(1).cloned().context("--only WORD")?;
        arguments.drain(..2);
    }
    let [ballots, dist, archives] = arguments.as_slice() else {
        anyhow::bail!("usage: bench [--only WORD] BALLOTS DIST ARCHIVES");
    };
    let (ballots, dist) = (PathBuf::from(ballots), PathBuf::from(dist));
    let wanted = |part: &str| part.contains(&only);
    ensure!(
        PARTS.into_iter().any(wanted),
        "'{only}' is part of none of {}",
        PARTS.join(", ")
    );
    let mut table = Table::default();
    native::rates(
        &mut table,
        &ballots,
        if wanted("native") { RUNS } else { 0 },
    )?;
    if wanted("belenios") {
        native::belenios(&mut table, RUNS)?;
    }
    let chromedriver = Chromedriver::start().await?;
    if wanted("chromium") {
        chromium::rates(&mut table, &chromedriver, ballots.clone(), RUNS).await?;
    }
    if wanted("workers") {
        chromium::workers(&mut table, &chromedriver, ballots, RUNS).await?;
    }
    if wanted("receipts") {
        receipts::latency(&mut table, &chromedriver, &dist).await?;
    }
    if wanted("casting") {
        casting::latency(&mut table, &chromedriver, &dist).await?;
    }
    if wanted("archive") {
        let archives = Archives::within(Path::new(archives));
        archive::recounts(&mut table, &chromedriver, &archives, &dist).await?;
    }
    chromedriver.stop().await;
    table.print();
    Ok(())
}
