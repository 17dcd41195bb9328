//! A voter tests the device before voting: an honest one opens what was chosen, one that steals votes is caught.

use super::{booth, polls};
use crate::stage::{dist, ensure};
use crate::visit::Visit;
use anyhow::{Context, Result, bail};
use e2e::{Browser, Site};
use tempfile::TempDir;

const CANDIDATE: usize = 2;

pub async fn honest(visit: &Visit) -> Result<()> {
    let polls = polls().await?;
    let site = visit.site_with(&polls.card).await?;
    let (_, card) = booth::card(polls)?;
    let (opening, code) = challenge(&visit.browser, &site, &card).await?;
    let saved = {
        visit.browser.click("save-opening").await?;
        visit.browser.downloaded("chamgwan-opening.txt").await?
    };
    ensure(saved == opening.as_bytes(), || "another file".into())?;
    // The same card votes afterwards: its asset is unspent.
    visit.browser.click("kiosk-vote-now").await?;
    booth::show_photo(&visit.browser, &e2e::photo_of_code(&card)?).await?;
    booth::choose(&visit.browser, CANDIDATE).await?;
    let other = booth::code(&visit.browser).await?;
    ensure(other != code, || "the challenged ballot is cast".into())?;
    booth::cast(&visit.browser).await?;
    let (choice, told, spoil) = on_another_device(visit, &site, &opening).await?;
    ensure(choice == CANDIDATE.to_string(), || choice)?;
    ensure(told == code, || format!("{told} instead of {code}"))?;
    ensure(spoil == "recorded", || spoil)
}

/// The same page, but for a module that encrypts another candidate than the voter's.
pub async fn lying(visit: &Visit) -> Result<()> {
    let Some(module) = booth::lying_module() else {
        bail!("There is no kiosk that steals votes: './x test' builds it.");
    };
    let polls = polls().await?;
    let folder = TempDir::new()?;
    booth::with_module(&dist(), &module, folder.path())?;
    let card = polls.card.to_json().into_bytes();
    let tampered = Site::start(folder.path().to_owned(), Some(card)).await?;
    let (_, card) = booth::card(polls)?;
    let (opening, code) = challenge(&visit.browser, &tampered, &card).await?;
    let site = visit.site_with(&polls.card).await?;
    let (choice, told, _) = on_another_device(visit, &site, &opening).await?;
    ensure(told == code, || format!("{told} instead of {code}"))?;
    ensure(choice != CANDIDATE.to_string(), || {
        "the theft went unnoticed".into()
    })
}

/// Votes up to the tracking code and challenges. Gives the opening and the code that was shown before.
async fn challenge(browser: &Browser, site: &Site, card: &str) -> Result<(String, String)> {
    booth::open(browser, site).await?;
    booth::show_card(browser, card).await?;
    booth::choose(browser, CANDIDATE).await?;
    let code = booth::code(browser).await?;
    browser.click("kiosk-challenge").await?;
    browser.see("kiosk-opened").await?;
    booth::until_no_workers(browser).await?;
    browser.see("opening-qr").await?;
    let opening = browser.see("opening-code").await?;
    let opening = opening.prop("textContent").await?.context("no opening")?;
    Ok((opening, code))
}

/// What another browser says of an opening: the candidate, the tracking code, and whether it can be counted.
async fn on_another_device(
    visit: &Visit,
    site: &Site,
    opening: &str,
) -> Result<(String, String, String)> {
    let browser = visit.stage.another_browser(visit.reader.language).await?;
    let told = async {
        browser.resize(visit.reader.width).await?;
        browser.open(site, "#/check").await?;
        browser.paste("receipt-text", opening).await?;
        browser.click("receipt-check").await?;
        let choice = browser.attribute("opening-choice", "data-choice").await?;
        let code = browser.text("tracking-code").await?;
        let spoil = browser
            .wait_for("[data-testid='opening-spoil'] [data-spoil]:not([data-spoil='looking'])")
            .await?;
        let spoil = spoil.attr("data-spoil").await?.context("no spoil")?;
        Ok((choice, code, spoil))
    };
    let told = told.await;
    browser.quit().await?;
    told
}
