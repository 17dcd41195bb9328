//! Nodes, self-test and about.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::Lie;
use verifier_core::{NodeAddress, TrustCard};

/// Every municipality has its row, and all agree.
pub async fn nodes(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit.site().await?;
    visit.browser.open(&site, "#/nodes").await?;
    visit.browser.see("compared-height").await?;
    let states = states(visit).await?;
    let all_agree =
        states.len() == election.card.nodes.len() && states.iter().all(|state| state == "agrees");
    ensure(all_agree, || format!("{states:?}"))
}

/// Agreement, lag, silence, nonsense and conflict are five different answers.
pub async fn nodes_that_differ(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let liars = [
        visit.stage.liar(Lie::Older).await?,
        visit.stage.liar(Lie::NotJson).await?,
        visit.stage.liar(Lie::ForgedHeader).await?,
    ];
    let mut urls = vec![election.url().to_owned(), "http://127.0.0.1:9".to_owned()];
    urls.extend(liars.iter().map(|liar| liar.url().to_owned()));
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
    visit.browser.open(&site, "#/nodes").await?;
    visit.browser.see("compared-height").await?;
    let states = states(visit).await?;
    ensure(
        states == ["agrees", "unreachable", "behind", "faulty", "conflict"],
        || format!("{states:?}"),
    )
}

/// All frozen cases are judged as they should be, and the files are those of the build.
pub async fn self_test(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    visit.browser.open(&site, "#/self-test").await?;
    visit
        .browser
        .see_with("self-test", "data-outcome", "passed")
        .await?;
    let script = "return [...document.querySelectorAll(\"[data-testid='self-test-case']\")].map((c) => c.dataset.verdict);";
    let verdicts: Vec<String> = visit.browser.run(script, vec![]).await?;
    let accepted = verdicts
        .iter()
        .filter(|verdict| *verdict == "accepted")
        .count();
    ensure(verdicts.len() > accepted && accepted > 0, || {
        format!("{verdicts:?}")
    })?;
    visit.browser.see("build-matches").await?;
    visit.browser.see("build-digest").await?;
    Ok(())
}

/// The table of threats is there.
pub async fn about(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    visit.browser.open(&site, "#/about").await?;
    visit.sentence("threats").await?;
    Ok(())
}

async fn states(visit: &Visit) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll(\"[data-testid='node-row']\")].map((row) => row.dataset.state);";
    visit.browser.run(script, vec![]).await
}
