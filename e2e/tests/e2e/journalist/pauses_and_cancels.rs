//! A recount can be paused, resumed and cancelled; a cancelled one reaches no verdict.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Liar, Manner, Tale};
use std::time::Duration;

/// A node that takes its time, so that there is a recount to pause.
const PACE: Duration = Duration::from_millis(60);

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
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.click("recount-start").await?;
    visit.browser.click("recount-pause").await?;
    visit
        .browser
        .see_with("recount-running", "data-paused", "true")
        .await?;
    visit.browser.click("recount-resume").await?;
    visit
        .browser
        .see_with("recount-running", "data-paused", "false")
        .await?;
    visit.browser.click("recount-cancel").await?;
    visit.browser.see("recount-cancelled").await?;
    ensure(!visit.browser.shows("verdict").await?, || {
        "a cancelled recount shows a verdict".into()
    })?;
    visit.browser.click("recount-start").await?;
    visit.browser.click("recount-pause").await?;
    visit.browser.click("recount-resume").await?;
    let verdict = visit.recount_verdict().await?;
    ensure(verdict == "accepted", || verdict)
}
