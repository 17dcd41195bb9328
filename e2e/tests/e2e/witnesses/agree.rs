//! All nodes agree: every page says so, and a receipt is accepted. That needs nothing to be kept.

use super::card;
use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use verifier_core::Outcome;

const PAGES: [&str; 7] = [
    "#/",
    "#/check",
    "#/recount",
    "#/nodes",
    "#/self-test",
    "#/about",
    "#/nowhere",
];

pub async fn test(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit
        .site_with(&card(visit, &[election.url(); 4]).await?)
        .await?;
    for place in PAGES {
        visit.browser.open(&site, place).await?;
        let status = "[data-testid='witness-status'][data-state='enough'][data-agree='4']";
        visit.browser.wait_for(status).await?;
        visit.sentence("witness-status").await?;
        ensure(!visit.browser.shows("witness-alarm").await?, || {
            format!("an alarm on {place}")
        })?;
    }
    accepted(visit, &site).await
}

pub async fn without_storage(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit
        .site_with(&card(visit, &[election.url(); 4]).await?)
        .await?;
    let refusal = visit.browser.refuse_storage().await?;
    accepted(visit, &site).await?;
    visit.browser.open(&site, "#/nodes").await?;
    visit.browser.see("compared-height").await?;
    visit.sentence("nothing-kept").await?;
    visit.browser.allow_storage(&refusal).await
}

async fn accepted(visit: &Visit, site: &e2e::Site) -> Result<()> {
    let receipt = &visit.election().await?.receipt(Outcome::Ok)?.text;
    visit.paste_receipt(site, receipt).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)
}
