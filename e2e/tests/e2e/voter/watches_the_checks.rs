//! The checks appear one by one; the language can be changed meanwhile, and is remembered.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Liar, Manner, Tale};
use std::time::Duration;
use verifier_core::Outcome;

/// A node that takes its time over headers, so that there is something to watch.
const PACE: Duration = Duration::from_secs(4);

pub async fn test(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let tale = Tale {
        manner: Manner::LateOn("/blockchain", PACE),
        ..Tale::truth(election.truth.clone())
    };
    let node = Liar::start(tale, election.url()).await?;
    let site = visit
        .site_with(&election.card_with_node(node.url()))
        .await?;
    let receipt = &election.receipt(Outcome::Ok)?.text;
    visit
        .browser
        .open(&site, &format!("#/check?r={receipt}"))
        .await?;
    visit.browser.see("receipt-running").await?;
    visit
        .browser
        .see_with("check-receipt.promise", "data-outcome", "passed")
        .await?;
    visit
        .browser
        .see_with("check-receipt.header", "data-outcome", "running")
        .await?;
    visit
        .browser
        .see_with("check-receipt.outcome", "data-outcome", "waiting")
        .await?;
    visit.switch_to(visit.reader.language.other()).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)?;
    visit.browser.open_nothing().await?;
    visit.browser.open(&site, "#/").await?;
    visit
        .browser
        .wait_for(&format!(
            "html[lang='{}']",
            visit.reader.language.other().tag()
        ))
        .await?;
    Ok(())
}
