//! From the first page to a verdict without a pointing device.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::{Result, bail};
use thirtyfour::Key;
use verifier_core::Outcome;

/// More stops than any page has before what a reader looks for.
const STOPS: usize = 30;

pub async fn test(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    let sample = visit.election().await?.receipt(Outcome::Ok)?;
    visit.browser.open(&site, "#/").await?;
    visit.browser.see("start-check").await?;
    visit.browser.press(Key::Tab + "").await?;
    let first = visit.browser.focus().await?;
    ensure(first == "skip-link", || {
        format!("the first stop is {first}")
    })?;
    visit.browser.press(Key::Enter + "").await?;
    tab_to(visit, "start-check").await?;
    visit.browser.press(Key::Enter + "").await?;
    visit.browser.see("receipt-text").await?;
    tab_to(visit, "receipt-text").await?;
    visit.browser.type_text(&sample.text).await?;
    tab_to(visit, "receipt-check").await?;
    visit.browser.press(Key::Enter + "").await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)?;
    visit.browser.until_focus("verdict-title").await
}

async fn tab_to(visit: &Visit, id: &str) -> Result<()> {
    for _ in 0..STOPS {
        if visit.browser.focus().await? == id {
            return Ok(());
        }
        visit.browser.press(Key::Tab + "").await?;
    }
    bail!("{id} is not reached with the Tab key")
}
