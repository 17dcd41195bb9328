//! A whole election from its archive, in the page and in the terminal: rate, digest, the memory of the tab, how soon it answers input; and the same with
//! ten bad ballots hidden in it.

use crate::table::Table;
use anyhow::{Context, Result, ensure};
use e2e::{Browser, Chromedriver, Language, Memory, Served, Site};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often a key is pressed while the page recounts, and its memory is looked at.
const BETWEEN_KEYS: Duration = Duration::from_millis(120);
/// No recount that is measured here takes longer.
const PATIENCE: Duration = Duration::from_secs(3600);
const BAD: usize = 10;

/// Remembers, in milliseconds, how long after each key the next frame was there.
const WATCH: &str = "
    window.answers = [];
    document.addEventListener('keydown', (event) => {
      requestAnimationFrame(() => setTimeout(() => window.answers.push(performance.now() - event.timeStamp)));
    });
";
const ANSWERS: &str = "return window.answers;";

/// What a recount came to.
struct Recounted {
    digest: String,
    refused: Vec<String>,
    ballots: f64,
    seconds: f64,
}

/// What the page was like meanwhile.
struct Felt {
    peak: Memory,
    answers: Vec<f64>,
}

/// The archives of an honest election and of one with bad ballots, of so many ballots each.
pub struct Archives {
    pub honest: PathBuf,
    pub bad: PathBuf,
}

impl Archives {
    /// In `folder`, as `./x bench` has them made.
    pub fn within(folder: &Path) -> Self {
        Self {
            honest: folder.join("honest"),
            bad: folder.join("bad"),
        }
    }
}

pub async fn recounts(
    table: &mut Table,
    chromedriver: &Chromedriver,
    archives: &Archives,
    dist: &Path,
) -> Result<()> {
    let clean = in_terminal(&archives.honest, &[])?;
    let without_hints = in_terminal(&archives.honest, &["--no-hints"])?;
    let found = in_terminal(&archives.bad, &["--no-hints"])?;
    ensure!(
        found.refused.len() == BAD,
        "{:?} are refused",
        found.refused
    );
    ensure!(
        clean.digest == without_hints.digest,
        "hints change the digest"
    );
    let size = clean.ballots;
    table.say(
        format!("terminal, {size:.0} ballots, all cores, ballots per second"),
        format!(
            "{:.0}; without hints {:.0}",
            clean.rate(),
            without_hints.rate()
        ),
    );
    table.say(
        format!("ten bad ballots in {size:.0}, times a clean run, terminal"),
        format!("{:.2}", slowdown(&found, &without_hints)),
    );
    let (page, felt) = in_page(chromedriver, &archives.honest, dist).await?;
    ensure!(page.digest == clean.digest, "page and terminal differ");
    table.say(
        format!("page, {size:.0} ballots, workers on all cores, ballots per second"),
        format!("{:.0}, the terminal's digest", page.rate()),
    );
    table.say(
        "peak memory of the tab",
        format!(
            "{} MiB; {} MiB with what all of the browser's processes share",
            felt.peak.own, felt.peak.resident
        ),
    );
    table.say("from a key to the next frame meanwhile", felt.answered()?);
    let (bad_page, _) = in_page(chromedriver, &archives.bad, dist).await?;
    ensure!(
        bad_page.digest == found.digest && bad_page.refused == found.refused,
        "the page names other bad ballots"
    );
    table.say(
        format!("ten bad ballots in {size:.0}, times a clean run, page"),
        format!("{:.2}, all named", slowdown(&bad_page, &page)),
    );
    Ok(())
}

impl Recounted {
    fn of(report: &Value, seconds: f64) -> Result<Self> {
        ensure!(
            report["verdict"] == "accepted",
            "the verdict is {}",
            report["verdict"]
        );
        let codes = report["refused"]
            .as_array()
            .context("no list of refused ballots")?;
        let code = |ballot: &Value| Some(ballot["code"].as_str()?.to_owned());
        let participation = report["participation"]
            .as_array()
            .context("no participation")?;
        let ballots = participation.iter().filter_map(|of| of["ballots"].as_f64());
        Ok(Self {
            digest: report["digest"].as_str().context("no digest")?.to_owned(),
            refused: codes.iter().filter_map(code).collect(),
            ballots: ballots.sum(),
            seconds,
        })
    }

    fn rate(&self) -> f64 {
        self.ballots / self.seconds
    }
}

fn slowdown(bad: &Recounted, clean: &Recounted) -> f64 {
    clean.rate() / bad.rate()
}

impl Felt {
    fn answered(mut self) -> Result<String> {
        self.answers.sort_by(f64::total_cmp);
        let worst = self.answers.last().context("no key was answered")?;
        let late = self
            .answers
            .iter()
            .filter(|answer| **answer > 100.0)
            .count();
        let median = self
            .answers
            .get(self.answers.len() / 2)
            .context("no key was answered")?;
        Ok(format!(
            "median {median:.0} ms, worst {worst:.0} ms, {late} of {} above 100 ms",
            self.answers.len()
        ))
    }
}

/// By the command line, which is timed as a whole.
fn in_terminal(archive: &Path, further: &[&str]) -> Result<Recounted> {
    let begun = Instant::now();
    let output = Command::new("target/release/chamgwan")
        .arg("recount")
        .arg(archive)
        .arg("--trust-card")
        .arg(archive.join("trust-card.json"))
        .arg("--json")
        .args(further)
        .stderr(Stdio::inherit())
        .output()
        .context("target/release/chamgwan")?;
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(
        output.status.success(),
        "chamgwan did not accept the archive"
    );
    Recounted::of(&serde_json::from_slice(&output.stdout)?, seconds)
}

/// By a visitor with a new browser, from the click to the report.
async fn in_page(
    chromedriver: &Chromedriver,
    archive: &Path,
    dist: &Path,
) -> Result<(Recounted, Felt)> {
    let browser = Browser::start(chromedriver, Language::English).await?;
    let measured = visit(&browser, archive, dist).await;
    browser.quit().await?;
    measured
}

async fn visit(browser: &Browser, archive: &Path, dist: &Path) -> Result<(Recounted, Felt)> {
    let card = std::fs::read(archive.join("trust-card.json"))?;
    let site = Site::start(dist.to_owned(), Some(card)).await?;
    let source = Served::start(node::archive::routes(archive)).await?;
    browser.open(&site, "#/recount").await?;
    let other = "details:has([data-testid='recount-address']) summary";
    browser.wait_for(other).await?.click().await?;
    browser.paste("recount-address", source.url()).await?;
    let _: Value = browser.run(WATCH, vec![]).await?;
    let begun = Instant::now();
    browser.click("recount-start").await?;
    let peak = watch(browser, begun).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let felt = Felt {
        peak,
        answers: browser.run(ANSWERS, vec![]).await?,
    };
    browser.click("save-json").await?;
    let report = browser.downloaded("chamgwan-recount.json").await?;
    let report: Value = serde_json::from_slice(&report)?;
    Ok((Recounted::of(&report, seconds)?, felt))
}

/// Presses keys until the report is there; gives the most memory that a process of the browser's pages took at one of these moments.
async fn watch(browser: &Browser, begun: Instant) -> Result<Memory> {
    let mut peak = Memory::default();
    let mut ticks = tokio::time::interval(BETWEEN_KEYS);
    while !browser.shows("recount-done").await? {
        ensure!(begun.elapsed() < PATIENCE, "no report after {PATIENCE:?}");
        ticks.tick().await;
        browser.press("k").await?;
        peak = peak.max(browser.memory()?);
    }
    Ok(peak)
}
