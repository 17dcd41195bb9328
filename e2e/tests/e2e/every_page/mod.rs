//! Every page in both languages at both widths: nothing serious for axe-core, nothing wider than the window, and a picture.

use crate::stage::{Stage, artefacts, ensure};
use crate::visit::{Reader, Visit};
use anyhow::Result;
use e2e::{Conduct, Lie, Relay, Running, Site, axe, during};
use libtest_mimic::Trial;
use std::sync::Arc;
use verifier_core::Outcome;

/// Address, and what must be there before the page counts as shown.
const PAGES: [(&str, &str, &str); 9] = [
    ("home", "#/", "witness-status"),
    ("check", "#/check", "receipt-text"),
    ("rights", "#/rights", "receipt-text"),
    ("live", "#/live", "live-figures"),
    ("recount", "#/recount", "recount-start"),
    ("nodes", "#/nodes", "compared-height"),
    ("self-test", "#/self-test", "self-test-case"),
    ("about", "#/about", "threats"),
    ("unknown", "#/nowhere", "page-unknown"),
];

pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let visits = |reader| {
        [
            stage.visit("every_page::is_accessible", reader, plain),
            stage.visit("every_page::results_are_accessible", reader, results),
            stage.visit("every_page::troubles_are_accessible", reader, troubles),
            stage.visit("every_page::alarms_are_accessible", reader, alarms),
        ]
    };
    Reader::all().flat_map(visits).collect()
}

async fn plain(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    for (name, place, there) in PAGES {
        visit.browser.open(&site, place).await?;
        visit.browser.see(there).await?;
        look(visit, name).await?;
    }
    Ok(())
}

/// What is shown after a check and after a recount.
async fn results(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    let receipt = &visit.election().await?.receipt(Outcome::Ok)?.text;
    visit
        .browser
        .open(&site, &format!("#/check?r={receipt}"))
        .await?;
    visit.receipt_verdict().await?;
    look(visit, "check-accepted").await?;
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.click("recount-start").await?;
    visit.recount_verdict().await?;
    look(visit, "recount-accepted").await?;
    rights(visit, &site).await?;
    live(visit).await
}

/// What is shown of a right that was used, and of a name on nobody's list.
async fn rights(visit: &Visit, site: &Site) -> Result<()> {
    let election = visit.election().await?;
    let receipt = election.receipt(Outcome::Ok)?.text.clone();
    visit.ask_about_right(site, &receipt).await?;
    look(visit, "rights-used").await?;
    let slip = election.roll_slip(false)?;
    visit.ask_about_right(site, &slip).await?;
    look(visit, "rights-not-on-list").await
}

/// What is shown while an election runs, and a node has been left.
async fn live(visit: &Visit) -> Result<()> {
    let running = Running::begin(31, 2_000).await?;
    running.make_blocks(30)?;
    let failing = Relay::start(running.url()).await?;
    let urls = [failing.url(), failing.url(), running.url()];
    let site = visit.site_with(&running.card_with_nodes(urls)).await?;
    visit.browser.open(&site, "#/live").await?;
    visit.browser.see("live-figures").await?;
    failing.behave(Conduct::Fails);
    running.make_blocks(10)?;
    let height = (running.height()? - 1).to_string();
    visit
        .browser
        .see_with("live-height", "data-value", &height)
        .await?;
    look(visit, "live-running").await
}

/// What is shown where something is wrong.
async fn troubles(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit.site().await?;
    visit.paste_receipt(&site, "hello").await?;
    visit.browser.see("receipt-trouble").await?;
    look(visit, "check-not-a-receipt").await?;
    let refused = &election.receipt(Outcome::AssetSpent)?.text;
    visit
        .browser
        .open(&site, &format!("#/check?r={refused}"))
        .await?;
    visit.receipt_verdict().await?;
    look(visit, "check-rejected").await?;
    let node = visit.stage.liar(Lie::BallotSwapped).await?;
    let lied_to = visit
        .site_with(&election.card_with_node(node.url()))
        .await?;
    visit.browser.open(&lied_to, "#/recount").await?;
    visit.browser.click("recount-start").await?;
    visit.recount_verdict().await?;
    look(visit, "recount-inconclusive").await
}

/// What is shown where the nodes or the trust card are not to be relied on.
async fn alarms(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let fork = election.fork().await?;
    let forked = visit.site_with(&fork.card).await?;
    visit.browser.open(&forked, "#/nodes").await?;
    visit.browser.see("culprits").await?;
    look(visit, "nodes-forked").await?;
    let receipt = &election.receipt(Outcome::Ok)?.text;
    let link = format!("#/check?r={receipt}");
    visit.browser.open(&forked, &link).await?;
    visit.receipt_verdict().await?;
    look(visit, "check-forked").await?;
    let old = visit.stage.liar(Lie::Older).await?;
    let mut card = during(election.card.clone());
    let urls = [election.url(), "http://127.0.0.1:9", old.url()];
    for (node, url) in card.nodes.iter_mut().zip(urls) {
        node.url = url.to_owned();
    }
    card.nodes.truncate(urls.len());
    card.trusting_period = 1;
    let few = visit.site_with(&card).await?;
    visit.browser.open(&few, "#/nodes").await?;
    visit.browser.see("compared-height").await?;
    look(visit, "nodes-few").await?;
    visit.browser.open(&few, "#/").await?;
    visit.browser.see("trust-card-expired").await?;
    look(visit, "home-expired").await
}

/// Photographs the page and judges it.
async fn look(visit: &Visit, name: &str) -> Result<()> {
    let picture = artefacts().join(format!("{name}-{}.png", visit.reader.name()));
    visit.browser.photograph(&picture).await?;
    let too_wide: f64 = visit
        .browser
        .run(
            "return document.documentElement.scrollWidth - window.innerWidth;",
            vec![],
        )
        .await?;
    ensure(too_wide <= 0.0, || {
        format!("{name} is {too_wide} pixels wider than the window")
    })?;
    let violations = axe::violations(&visit.browser).await?;
    let serious: String = violations
        .iter()
        .filter(|v| v.is_serious())
        .map(|v| format!("\n  {}", v.describe()))
        .collect();
    ensure(serious.is_empty(), || {
        format!("axe-core on {name}:{serious}")
    })
}
