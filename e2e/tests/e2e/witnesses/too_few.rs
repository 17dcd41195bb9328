//! Too few nodes agree: what holds by every check is not accepted on the word of one, unless a final header needs nobody's word, or the
//! reader asks for fewer and is warned.

use super::{NOBODY, card};
use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::Lie;
use verifier_core::{Outcome, TrustCard};

pub async fn test(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let receipt = &election.receipt(Outcome::Ok)?.text;
    let old = visit.stage.liar(Lie::Older).await?;
    let card = card(visit, &[election.url(), NOBODY, NOBODY, old.url()]).await?;
    let site = visit.site_with(&card).await?;
    visit.browser.open(&site, "#/nodes").await?;
    visit
        .browser
        .see_with("witness-status", "data-state", "too-few")
        .await?;
    visit.sentence("witness-status").await?;
    visit
        .browser
        .see_with("node-row", "data-state", "unreachable")
        .await?;
    lower(visit).await?;
    let link = format!("#/check?r={receipt}");
    visit.browser.open(&site, &link).await?;
    let verdict = from_the_first_node(visit).await?;
    ensure(verdict == "accepted", || {
        format!("with one node asked for: {verdict}")
    })?;
    visit.browser.open(&site, "#/nodes").await?;
    visit.browser.click("required-default").await?;
    visit.browser.until_gone("required-low").await?;
    visit.browser.open(&site, &link).await?;
    let verdict = from_the_first_node(visit).await?;
    ensure(verdict == "inconclusive", || {
        format!("with three: {verdict}")
    })?;
    visit.sentence("verdict-title").await?;
    Ok(())
}

/// The final header is trusted for its hash.
pub async fn after(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let card = TrustCard {
        final_header: election.card.final_header,
        ..card(visit, &[election.url(), NOBODY, NOBODY]).await?
    };
    let site = visit.site_with(&card).await?;
    let receipt = &election.receipt(Outcome::Ok)?.text;
    visit
        .browser
        .open(&site, &format!("#/check?r={receipt}"))
        .await?;
    let verdict = from_the_first_node(visit).await?;
    ensure(verdict == "accepted", || verdict)
}

/// One node is enough, says the reader, and is warned.
async fn lower(visit: &Visit) -> Result<()> {
    visit.browser.paste("required", "1").await?;
    visit.browser.press("\t").await?;
    visit.sentence("required-low").await?;
    Ok(())
}

/// The verdict with the data of the honest node, whichever was asked first.
async fn from_the_first_node(visit: &Visit) -> Result<String> {
    for (node, check, outcome) in [
        ("1", "check-receipt.header", "unknown"),
        ("0", "check-receipt.outcome", "passed"),
    ] {
        visit.browser.see("verdict").await?;
        visit.browser.select("receipt-node", node).await?;
        visit
            .browser
            .see_with(check, "data-outcome", outcome)
            .await?;
    }
    visit.receipt_verdict().await
}
