//! A recount that is interrupted: the browser ends a worker, the tab is closed, the line is lost, nothing can be kept. It comes to the same digest.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::{Context, Result};
use e2e::{Liar, Manner, Site, Tale};
use std::time::Duration;

/// A node that takes its time, so that there is something to interrupt.
const PACE: Duration = Duration::from_millis(40);
/// However few blocks are left, it is to be seen that some were kept.
const LONG_ENOUGH: Duration = Duration::from_secs(4);
/// Lets the test end a worker as browsers do: without a word to the page.
const REMEMBER_WORKERS: &str = "window.workers = []; const Given = Worker; window.Worker = class extends Given { constructor(...all) { super(...all); window.workers.push(this); } };";

/// Every worker is ended, one after another, the one that leads as well.
pub async fn workers_end(visit: &Visit) -> Result<()> {
    let (_node, site) = slow(visit).await?;
    let script = visit.browser.before_pages(REMEMBER_WORKERS).await?;
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.click("recount-start").await?;
    for worker in [1, 0] {
        visit
            .browser
            .see_with("recount-worker", "data-doing", "fetching")
            .await?;
        let end = format!("window.workers[{worker}].terminate(); return window.workers.length;");
        let before: usize = visit.browser.run(&end, vec![]).await?;
        ensure(before > worker, || format!("{before} workers"))?;
    }
    accepted_with_the_digest(visit).await?;
    let all: usize = visit
        .browser
        .run("return window.workers.length;", vec![])
        .await?;
    ensure(all > 3, || format!("{all} workers in all"))?;
    visit.browser.allow_storage(&script).await
}

/// The next visit goes on where the tab was closed, and says so; it can also start anew.
pub async fn tab_closes(visit: &Visit) -> Result<()> {
    let (node, site) = slow(visit).await?;
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.click("recount-start").await?;
    visit
        .browser
        .see_with("recount-worker", "data-doing", "fetching")
        .await?;
    visit.browser.open_nothing().await?;
    node.tell(told(visit, Manner::LateOn("/block", LONG_ENOUGH)).await?);
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.click("recount-start").await?;
    visit.browser.see("recount-kept").await?;
    node.tell(told(visit, Manner::Late(PACE)).await?);
    accepted_with_the_digest(visit).await?;
    visit.browser.click("recount-again").await?;
    visit.browser.click("recount-start").await?;
    accepted_with_the_digest(visit).await?;
    visit.sentence("recount-kept").await?;
    visit.browser.click("recount-anew").await?;
    visit.browser.until_gone("recount-kept").await?;
    accepted_with_the_digest(visit).await
}

/// No verdict comes of a lost line; it is waited for.
pub async fn line_is_lost(visit: &Visit) -> Result<()> {
    let (_node, site) = slow(visit).await?;
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.click("recount-start").await?;
    visit
        .browser
        .see_with("recount-worker", "data-doing", "fetching")
        .await?;
    visit.browser.go_offline(true).await?;
    visit.sentence("recount-line").await?;
    ensure(!visit.browser.shows("verdict").await?, || {
        "a verdict from a lost line".into()
    })?;
    visit.browser.go_offline(false).await?;
    accepted_with_the_digest(visit).await
}

/// Without storage the recount goes on, and says that nothing is kept.
pub async fn nothing_is_kept(visit: &Visit) -> Result<()> {
    let (_node, site) = slow(visit).await?;
    visit.browser.limit_storage(site.url(), Some(0)).await?;
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.click("recount-start").await?;
    visit.browser.see("recount-not-kept").await?;
    accepted_with_the_digest(visit).await?;
    visit.browser.limit_storage(site.url(), None).await
}

async fn slow(visit: &Visit) -> Result<(Liar, Site)> {
    let election = visit.election().await?;
    let tale = told(visit, Manner::Late(PACE)).await?;
    let node = Liar::start(tale, election.url()).await?;
    let card = election.card_with_node(node.url());
    Ok((node, visit.site_with(&card).await?))
}

async fn told(visit: &Visit, manner: Manner) -> Result<Tale> {
    let election = visit.election().await?;
    Ok(Tale {
        manner,
        ..Tale::truth(election.truth.clone())
    })
}

async fn accepted_with_the_digest(visit: &Visit) -> Result<()> {
    let verdict = visit.recount_verdict().await?;
    ensure(verdict == "accepted", || verdict)?;
    let ballots = visit.browser.text("counted-ballots").await?;
    let election = visit.election().await?;
    let expected = election.truth.totals.as_ref().context("no totals")?;
    let expected = verifier_core::ClaimedTotals::parse(expected)?;
    let expected: u64 = expected.cells.iter().map(|cell| cell.ballots).sum();
    ensure(ballots.replace(',', "") == expected.to_string(), || ballots)
}
