//! A node tells one history on the first visit and another on the next, both validly signed. The reader's own memory catches it.

use super::card;
use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Liar, Tale};
use verifier_core::Outcome;

pub async fn test(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let node = Liar::start(Tale::truth(election.truth.clone()), election.url()).await?;
    let site = visit.site_with(&card(visit, &[node.url()]).await?).await?;
    visit.browser.open(&site, "#/nodes").await?;
    visit.browser.see("kept-anchor").await?;
    visit.browser.open_nothing().await?;

    node.tell(election.second_history()?);
    visit.browser.open(&site, "#/nodes").await?;
    visit
        .browser
        .see_with("node-row", "data-state", "rewrote")
        .await?;
    visit.sentence("witness-alarm").await?;
    let receipt = &election.receipt(Outcome::Ok)?.text;
    visit
        .browser
        .open(&site, &format!("#/check?r={receipt}"))
        .await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "inconclusive", || verdict)?;

    visit.browser.open(&site, "#/nodes").await?;
    visit.browser.click("forget").await?;
    visit.browser.until_gone("witness-alarm").await?;
    visit
        .browser
        .see_with("node-row", "data-state", "agrees")
        .await?;
    Ok(())
}
