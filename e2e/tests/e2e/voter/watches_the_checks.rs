//! The checks appear one by one; the language can be changed meanwhile, and is remembered.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Language, Liar, Manner, Tale};
use std::time::Duration;
use verifier_core::Outcome;

/// A node that takes its time, so that there is something to watch.
const PACE: Duration = Duration::from_millis(150);

pub async fn test(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let tale = Tale {
        manner: Manner::Late(PACE),
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
    visit.browser.click("language-switch").await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)?;
    let other = match visit.reader.language {
        Language::Korean => "en",
        Language::English => "ko",
    };
    visit.browser.open_nothing().await?;
    visit.browser.open(&site, "#/").await?;
    visit
        .browser
        .wait_for(&format!("html[lang='{other}']"))
        .await?;
    Ok(())
}
