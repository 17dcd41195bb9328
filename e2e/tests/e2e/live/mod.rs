//! Following an election while it runs.

use crate::stage::{Stage, ensure};
use crate::visit::{BOTH, Visit};
use anyhow::{Context, Result};
use e2e::{Conduct, Relay, Running};
use libtest_mimic::Trial;
use std::sync::Arc;
use verifier_core::Height;

const MUNICIPALITIES: u16 = 4;
const BALLOTS: u32 = 300;

pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for reader in BOTH {
        trials.extend([
            stage.visit("live::numbers_rise_with_each_block", reader, rises),
            stage.visit("live::asks_where_the_connection_is_cut", reader, cut),
            stage.visit("live::a_liars_block_is_never_shown", reader, liar),
            stage.visit("live::another_node_goes_on", reader, another_node),
            stage.visit("live::a_silent_node_is_left", reader, silent),
            stage.visit("live::after_the_end", reader, over),
        ]);
    }
    trials
}

async fn running() -> Result<Running> {
    let running = Running::begin(MUNICIPALITIES, BALLOTS).await?;
    running.make_blocks(5)?;
    Ok(running)
}

async fn follow(visit: &Visit, running: &Running, urls: &[&str]) -> Result<()> {
    let card = running.card_with_nodes(urls.iter().copied());
    let site = visit.site_with(&card).await?;
    visit.browser.open(&site, "#/live").await?;
    visit.browser.see("live-figures").await?;
    Ok(())
}

/// Waits until the page has verified all but the last block, whose outcomes are in the next header, and compares its numbers with the node's
/// own of the time when that block was the last.
async fn shows(visit: &Visit, height: Height, ballots: &[u64], checked_in: u64) -> Result<()> {
    visit
        .browser
        .see_with("live-height", "data-value", &height.to_string())
        .await?;
    let all: u64 = ballots.iter().sum();
    visit
        .browser
        .see_with("live-ballots", "data-value", &all.to_string())
        .await?;
    visit
        .browser
        .see_with("live-turnout", "data-value", &checked_in.to_string())
        .await?;
    let script = "return [...document.querySelectorAll(\"[data-testid='participation-row']\")].map((row) => Number(row.dataset.ballots));";
    let rows: Vec<u64> = visit.browser.run(script, vec![]).await?;
    ensure(rows == ballots, || {
        format!("{rows:?} instead of {ballots:?}")
    })
}

/// Makes a block and the one that signs its outcomes, and waits for the numbers after the first.
async fn next(visit: &Visit, running: &Running) -> Result<()> {
    running.make_blocks(1)?;
    let (height, ballots) = (running.height()?, running.ballots()?);
    let checked_in = running.checked_in()?;
    running.make_blocks(1)?;
    shows(visit, height, &ballots, checked_in).await
}

async fn rises(visit: &Visit) -> Result<()> {
    let running = running().await?;
    follow(visit, &running, &[running.url()]).await?;
    visit
        .browser
        .see_with("live-link", "data-link", "socket")
        .await?;
    // Turnout is certified on the way.
    for _ in 0..8 {
        next(visit, &running).await?;
    }
    let blocks = visit.browser.all("live-block").await?;
    ensure(blocks.len() == 8, || format!("{} blocks", blocks.len()))?;
    visit.browser.see("rate-chart").await?;
    visit.sentence("live-link").await?;
    running.close()?;
    visit.browser.see("live-closed").await?;
    visit.sentence("live-closed").await?;
    Ok(())
}

/// Without a connection the node is asked every few seconds; a hint is only a hint.
async fn cut(visit: &Visit) -> Result<()> {
    let running = running().await?;
    let relay = Relay::start(running.url()).await?;
    follow(visit, &running, &[relay.url()]).await?;
    visit
        .browser
        .see_with("live-link", "data-link", "socket")
        .await?;
    running.make_blocks(1)?;
    let (height, ballots) = (running.height()?, running.ballots()?);
    let checked_in = running.checked_in()?;
    running.make_blocks(1)?;
    relay.hint();
    shows(visit, height, &ballots, checked_in).await?;
    relay.cut();
    visit
        .browser
        .see_with("live-link", "data-link", "polling")
        .await?;
    visit.sentence("live-link").await?;
    next(visit, &running).await?;
    next(visit, &running).await
}

/// A block without one of its ballots is not counted; the truth is, once the node tells it.
async fn liar(visit: &Visit) -> Result<()> {
    let running = running().await?;
    let relay = Relay::start(running.url()).await?;
    follow(visit, &running, &[relay.url()]).await?;
    let verified = running.height()?;
    relay.behave(Conduct::DropsFrom(verified));
    next_is_not_shown(visit, &running, &relay, verified).await?;
    relay.behave(Conduct::Honest);
    next(visit, &running).await
}

async fn next_is_not_shown(
    visit: &Visit,
    running: &Running,
    relay: &Relay,
    verified: Height,
) -> Result<()> {
    let before = visit
        .browser
        .attribute("live-ballots", "data-value")
        .await?;
    running.make_blocks(2)?;
    relay.hint();
    visit.browser.see("live-trouble").await?;
    visit.sentence("live-troubles").await?;
    let shown = visit.browser.attribute("live-height", "data-value").await?;
    let shown: Height = shown.parse()?;
    ensure(shown < verified, || format!("block {shown} is shown"))?;
    let after = visit
        .browser
        .attribute("live-ballots", "data-value")
        .await?;
    ensure(after == before, || format!("{before} became {after}"))
}

/// Two nodes, one of which answers nothing any more: the other goes on.
async fn another_node(visit: &Visit) -> Result<()> {
    let running = running().await?;
    let relays = [
        Relay::start(running.url()).await?,
        Relay::start(running.url()).await?,
    ];
    follow(visit, &running, &relays.each_ref().map(Relay::url)).await?;
    for _ in 0..2 {
        let (_, asked) = asked(visit, &relays).await?;
        asked.behave(Conduct::Fails);
        next(visit, &running).await?;
        visit.browser.see("live-trouble").await?;
        asked.behave(Conduct::Honest);
    }
    Ok(())
}

/// A node that tells of no more blocks while another has some is left after a while, and said to have been silent.
async fn silent(visit: &Visit) -> Result<()> {
    let running = running().await?;
    let relays = [
        Relay::start(running.url()).await?,
        Relay::start(running.url()).await?,
    ];
    follow(visit, &running, &relays.each_ref().map(Relay::url)).await?;
    let (quiet, relay) = asked(visit, &relays).await?;
    relay.behave(Conduct::StopsAt(running.height()?));
    next(visit, &running).await?;
    let trouble = format!("[data-testid='live-trouble'][data-node='{quiet}']");
    visit.browser.wait_for(&trouble).await?;
    visit.sentence("live-troubles").await?;
    Ok(())
}

/// The node that the page asks, and its number.
async fn asked<'a>(visit: &Visit, relays: &'a [Relay]) -> Result<(usize, &'a Relay)> {
    let node = visit.browser.attribute("live-link", "data-node").await?;
    let node = node.parse()?;
    Ok((node, relays.get(node).context("no such node")?))
}

/// With a final header nothing more comes, and the numbers are those at the end.
async fn over(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    visit.browser.open(&site, "#/live").await?;
    visit
        .browser
        .see_with("live-link", "data-link", "over")
        .await?;
    visit.browser.see("live-closed").await?;
    let election = visit.election().await?;
    let last = election
        .card
        .final_header
        .context("no final header")?
        .height;
    let ballots: u64 = 400;
    visit
        .browser
        .see_with("live-height", "data-value", &(last - 1).to_string())
        .await?;
    visit
        .browser
        .see_with("live-ballots", "data-value", &ballots.to_string())
        .await?;
    Ok(())
}
