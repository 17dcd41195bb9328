//! Nodes that are not there. Slow, lying and older ones are among the lies.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use verifier_core::{NodeAddress, Outcome, TrustCard};

/// Nothing listens on the discard port of this machine.
const NOBODY: &str = "http://127.0.0.1:9";

pub async fn unreachable(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit.site_with(&election.card_with_node(NOBODY)).await?;
    visit
        .paste_receipt(&site, &election.receipt(Outcome::Ok)?.text)
        .await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "inconclusive", || verdict)?;
    visit.sentence("reasons-receipt.header").await?;
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.click("recount-start").await?;
    visit.sentence("recount-fault").await?;
    Ok(())
}

/// Where one node is silent, the reader takes another and gets a verdict.
pub async fn another_node_answers(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let urls = [NOBODY.to_owned(), election.url().to_owned()];
    let nodes = (0..)
        .zip(urls)
        .map(|(municipality, url)| NodeAddress { municipality, url })
        .collect();
    let site = visit
        .site_with(&TrustCard {
            nodes,
            ..election.card.clone()
        })
        .await?;
    visit
        .paste_receipt(&site, &election.receipt(Outcome::Ok)?.text)
        .await?;
    visit.receipt_verdict().await?;
    for (node, expected) in [
        ("0", "inconclusive"),
        ("1", "accepted"),
        ("0", "inconclusive"),
    ] {
        visit.browser.select("receipt-node", node).await?;
        visit
            .browser
            .see_with("verdict", "data-verdict", expected)
            .await?;
    }
    Ok(())
}
