//! What voters do at a kiosk.

use crate::stage::{artefacts, ensure, workspace};
use anyhow::{Context, Result};
use e2e::{Browser, Polling, Site, photo_of_code};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use verifier_core::{VotingRight, short_code};

pub const MARK: &str = "QZ27";

/// Opens the kiosk and waits until it is ready.
pub async fn open(browser: &Browser, site: &Site) -> Result<()> {
    browser.open(site, "#/kiosk").await?;
    ready(browser).await
}

/// Waits until a voter may begin.
pub async fn ready(browser: &Browser) -> Result<()> {
    browser
        .wait_for("[data-testid='kiosk-start']:not([disabled])")
        .await?;
    Ok(())
}

/// Begins, and shows the card as a photo.
pub async fn show_card(browser: &Browser, text: &str) -> Result<()> {
    browser.click("kiosk-start").await?;
    show_photo(browser, &photo_of_code(text)?).await
}

/// Shows a picture where a card is asked for.
pub async fn show_photo(browser: &Browser, picture: &[u8]) -> Result<()> {
    let folder = TempDir::new()?;
    let path = folder.path().join("card.png");
    std::fs::write(&path, picture)?;
    browser.see("kiosk-card").await?;
    browser.choose("kiosk-photo", &path).await?;
    // The file is read by the time that anything comes of it.
    browser
        .wait_for("[data-trouble='card'], [data-testid='kiosk-choose'], [data-testid='kiosk-refused'], [data-testid='kiosk-waiting']")
        .await?;
    Ok(())
}

/// Begins, and types the card's text.
pub async fn type_card(browser: &Browser, text: &str) -> Result<()> {
    browser.click("kiosk-start").await?;
    browser.see("kiosk-card").await?;
    // There is no camera here, and so the other ways are open.
    browser
        .wait_for("[data-trouble] [data-testid='kiosk-scan-trouble']")
        .await?;
    browser.paste("kiosk-typed", text).await?;
    browser.click("kiosk-typed-go").await
}

/// Chooses a candidate, confirms, and sets the mark.
pub async fn choose(browser: &Browser, candidate: usize) -> Result<()> {
    browser.see("kiosk-choose").await?;
    browser
        .click(&format!("kiosk-candidate-{candidate}"))
        .await?;
    browser.click("kiosk-next").await?;
    browser.see("kiosk-review").await?;
    browser.click("kiosk-confirm").await?;
    browser.see("kiosk-mark").await?;
    for letter in MARK.chars() {
        browser.click(&format!("kiosk-key-{letter}")).await?;
    }
    browser.click("kiosk-mark-done").await?;
    browser.see("kiosk-decide").await?;
    ensure(browser.text("kiosk-own-mark").await? == MARK, || {
        "another mark".into()
    })
}

/// The whole tracking code on show; its short form stands beside it.
pub async fn code(browser: &Browser) -> Result<String> {
    let whole = browser.text("tracking-code").await?;
    let short = browser.text("kiosk-code").await?;
    let expected = short_code(&whole.parse()?);
    ensure(short == expected, || {
        format!("{short} instead of {expected}")
    })?;
    Ok(whole)
}

/// Casts what is shown, and gives the receipt's text.
pub async fn cast(browser: &Browser) -> Result<String> {
    browser.click("kiosk-cast").await?;
    browser.see("kiosk-done").await?;
    receipt(browser).await
}

/// The receipt's text, whether or not it is folded away.
pub async fn receipt(browser: &Browser) -> Result<String> {
    let text = browser.see("receipt-code").await?;
    let text = text.prop("textContent").await?;
    text.context("no receipt")
}

/// A card, as its text.
pub fn card(polls: &Polling) -> Result<(VotingRight, String)> {
    let right = polls.take_right()?;
    let text = right.to_text().to_string();
    Ok((right, text))
}

/// How many workers live: each holds a lock for as long as it does.
pub async fn workers(browser: &Browser) -> Result<usize> {
    let script = "const done = arguments[arguments.length - 1]; navigator.locks.query().then((all) => done(all.held.length));";
    browser.run_async(script, vec![]).await
}

/// Waits until no worker lives.
pub async fn until_no_workers(browser: &Browser) -> Result<()> {
    let script = "const done = arguments[arguments.length - 1]; (async () => { for (let tries = 0; tries < 500; tries += 1) { if ((await navigator.locks.query()).held.length === 0) return done(true); await new Promise((next) => setTimeout(next, 20)); } done(false); })();";
    let gone: bool = browser.run_async(script, vec![]).await?;
    ensure(gone, || "a worker is still alive".into())
}

/// Where the module of a kiosk that steals votes was built to, if it was.
pub fn lying_module() -> Option<PathBuf> {
    let folder = workspace().join("target/workers/cast-lying");
    folder
        .join("cast-worker_bg.wasm")
        .is_file()
        .then_some(folder)
}

/// The page as it was built, but for the module that casts.
pub fn with_module(dist: &Path, module: &Path, out: &Path) -> Result<()> {
    for entry in std::fs::read_dir(dist)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let target = out.join(&name);
        let from = match name.rsplit_once('.') {
            Some((start, "js")) if start.starts_with("cast-") => module.join("cast-worker.js"),
            Some((start, "wasm")) if start.starts_with("cast-") => {
                module.join("cast-worker_bg.wasm")
            }
            _ => entry.path(),
        };
        if entry.file_type()?.is_dir() {
            std::fs::create_dir_all(&target)?;
            for inner in std::fs::read_dir(entry.path())? {
                let inner = inner?;
                std::fs::copy(inner.path(), target.join(inner.file_name()))?;
            }
        } else {
            std::fs::copy(from, target)?;
        }
    }
    Ok(())
}

/// Where pictures of the kiosk are kept.
pub fn pictures() -> PathBuf {
    artefacts().join("kiosk")
}
