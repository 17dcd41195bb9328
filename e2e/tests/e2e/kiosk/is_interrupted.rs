//! Whatever interrupts a voter, the kiosk says truly whether the ballot was cast.

use super::{booth, polls};
use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Browser, Conduct, Polling, Relay, Site};

/// Every municipality's node passes through this one.
async fn behind_relay(visit: &Visit, polls: &Polling) -> Result<(Relay, Site)> {
    let relay = Relay::start(polls.url()).await?;
    let urls = [relay.url(); 4];
    let site = visit.site_with(&polls.card_with_nodes(urls)).await?;
    Ok((relay, site))
}

/// Goes as far as the tracking code.
async fn up_to_the_code(browser: &Browser, site: &Site, card: &str) -> Result<String> {
    booth::open(browser, site).await?;
    booth::type_card(browser, card).await?;
    booth::choose(browser, 1).await?;
    booth::code(browser).await
}

/// The ballot arrives, the answers do not: the ledger tells.
pub async fn answer_lost(visit: &Visit) -> Result<()> {
    let polls = polls().await?;
    let (relay, site) = behind_relay(visit, polls).await?;
    let (_, card) = booth::card(polls)?;
    let code = up_to_the_code(&visit.browser, &site, &card).await?;
    relay.behave(Conduct::SwallowsAnswers);
    visit.browser.click("kiosk-cast").await?;
    visit.browser.see("kiosk-done").await?;
    ensure(booth::code(&visit.browser).await? == code, || {
        "another code".into()
    })?;
    ensure(!visit.browser.shows("receipt-qr").await?, || {
        "a receipt without a promise".into()
    })?;
    visit.sentence("kiosk-done").await?;
    Ok(())
}

/// Nobody takes the ballot: the kiosk says that it was not cast, sends it again when asked, and after a reload the card is as good as before.
pub async fn nothing_taken(visit: &Visit) -> Result<()> {
    let polls = polls().await?;
    let (relay, site) = behind_relay(visit, polls).await?;
    let (_, card) = booth::card(polls)?;
    let browser = &visit.browser;
    let code = up_to_the_code(browser, &site, &card).await?;
    relay.behave(Conduct::TakesNothing);
    browser.click("kiosk-cast").await?;
    browser.see("kiosk-undecided").await?;
    visit.sentence("kiosk-undecided").await?;
    ensure(booth::code(browser).await? == code, || {
        "another code".into()
    })?;
    relay.behave(Conduct::Honest);
    browser.click("kiosk-again").await?;
    browser.see("kiosk-done").await?;
    ensure(booth::code(browser).await? == code, || {
        "another code".into()
    })?;
    browser.see("receipt-qr").await?;
    // Somebody else's ballot is not cast either, and the kiosk is left at that.
    let (_, other) = booth::card(polls)?;
    browser.click("kiosk-finish").await?;
    booth::type_card(browser, &other).await?;
    booth::choose(browser, 1).await?;
    relay.behave(Conduct::TakesNothing);
    browser.click("kiosk-cast").await?;
    browser.see("kiosk-undecided").await?;
    relay.behave(Conduct::Honest);
    browser.open_nothing().await?;
    up_to_the_code(browser, &site, &other).await?;
    booth::cast(browser).await?;
    Ok(())
}

/// The page is loaded again in the middle of a vote.
pub async fn reloaded(visit: &Visit) -> Result<()> {
    let polls = polls().await?;
    let site = visit.site_with(&polls.card).await?;
    let (_, card) = booth::card(polls)?;
    let browser = &visit.browser;
    up_to_the_code(browser, &site, &card).await?;
    browser.open_nothing().await?;
    booth::open(browser, &site).await?;
    booth::until_no_workers(browser).await?;
    browser.see("kiosk-idle").await?;
    booth::type_card(browser, &card).await?;
    booth::choose(browser, 1).await?;
    booth::cast(browser).await?;
    Ok(())
}

/// A voter goes away in the middle; seconds are shortened.
pub async fn timed_out(visit: &Visit) -> Result<()> {
    let polls = polls().await?;
    let site = visit.site_with(&polls.card).await?;
    let (_, card) = booth::card(polls)?;
    let browser = &visit.browser;
    let quick = "const every = window.setInterval; window.setInterval = (what, pause, ...rest) => every(what, pause >= 1000 ? pause / 20 : pause, ...rest);";
    let name = browser.before_pages(quick).await?;
    let result = forgotten(visit, &site, &card).await;
    browser.allow_storage(&name).await?;
    result
}

async fn forgotten(visit: &Visit, site: &Site, card: &str) -> Result<()> {
    let browser = &visit.browser;
    booth::open(browser, site).await?;
    booth::type_card(browser, card).await?;
    browser.see("kiosk-choose").await?;
    browser.see("kiosk-warning").await?;
    browser.until_focus("kiosk-go-on").await?;
    browser.click("kiosk-go-on").await?;
    browser.until_gone("kiosk-warning").await?;
    ensure(browser.shows("kiosk-choose").await?, || {
        "more time was not given".into()
    })?;
    browser.see("kiosk-warning").await?;
    browser.see("kiosk-idle").await?;
    booth::until_no_workers(browser).await
}
