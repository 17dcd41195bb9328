//! Nodes, self-test and about.

use crate::stage::{self, ensure};
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Lie, Site};
use serde_json::json;
use tempfile::TempDir;
use verifier_core::{AttackEvidence, NodeAddress, TrustCard};

/// Nothing listens on the discard port of this machine.
const NOBODY: &str = "http://127.0.0.1:9";

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

/// Agreement, lag, silence, nonsense and conflict are five different answers; two valid commits at one height can be kept as evidence.
pub async fn nodes_that_differ(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let liars = [
        visit.stage.liar(Lie::Older).await?,
        visit.stage.liar(Lie::NotJson).await?,
        visit.stage.liar(Lie::ForgedHeader).await?,
        visit.stage.second_history().await?,
    ];
    let mut urls = vec![election.url().to_owned(), NOBODY.to_owned()];
    urls.extend(liars.iter().map(|liar| liar.url().to_owned()));
    let nodes = (0..)
        .zip(urls)
        .map(|(municipality, url)| NodeAddress { municipality, url })
        .collect();
    let card = TrustCard {
        nodes,
        ..election.card.clone()
    };
    let site = visit.site_with(&card).await?;
    visit.browser.open(&site, "#/nodes").await?;
    visit.browser.see("compared-height").await?;
    let states = states(visit).await?;
    let expected = [
        "agrees",
        "unreachable",
        "behind",
        "faulty",
        "faulty",
        "conflict",
    ];
    ensure(states == expected, || format!("{states:?}"))?;
    visit.sentence("witness-alarm").await?;
    visit.sentence("nodes-conflict").await?;
    visit.browser.click("save-evidence").await?;
    let file = visit.browser.downloaded("chamgwan-evidence.json").await?;
    let evidence = AttackEvidence::read(&file, &card)?;
    ensure(evidence.culprits().len() == card.validators.len(), || {
        "not everybody is named".into()
    })
}

/// All frozen cases are judged as they should be, and the files are those of the build.
pub async fn self_test(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    visit.browser.open(&site, "#/self-test").await?;
    for tested in ["self-test-receipts", "self-test-elections"] {
        let passed = format!("[data-testid='{tested}'] [data-outcome='passed']");
        visit.browser.wait_for(&passed).await?;
        let script = "return [...document.querySelectorAll(`[data-testid='${arguments[0]}'] [data-testid='self-test-case']`)].map((c) => c.dataset.verdict);";
        let verdicts: Vec<String> = visit.browser.run(script, vec![json!(tested)]).await?;
        let accepted = verdicts.iter().filter(|verdict| *verdict == "accepted");
        ensure(accepted.count() == 1 && verdicts.len() == 8, || {
            format!("{tested}: {verdicts:?}")
        })?;
    }
    visit.browser.see("build-matches").await?;
    visit.browser.see("build-digest").await?;
    Ok(())
}

/// A self-test that does not come out as it should stops everything; that of the workers, every recount.
pub async fn self_test_fails(visit: &Visit) -> Result<()> {
    let (check, recount) = (("#/check", "receipt-text"), ("#/recount", "recount-start"));
    without_tape(visit, "self-test.json", &[check, recount]).await?;
    without_tape(visit, "self-test-forged.json", &[recount]).await
}

async fn without_tape(visit: &Visit, tape: &str, refused: &[(&str, &str)]) -> Result<()> {
    let card = visit.election().await?.card.to_json().into_bytes();
    let dist = TempDir::new()?;
    for entry in std::fs::read_dir(stage::dist())? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), dist.path().join(entry.file_name()))?;
        }
    }
    std::fs::write(dist.path().join(tape), "{}")?;
    let site = Site::start(dist.path().to_owned(), Some(card)).await?;
    for (place, start) in refused {
        visit.browser.open(&site, place).await?;
        visit.sentence("self-test-refusal").await?;
        ensure(!visit.browser.shows(start).await?, || {
            format!("{start} is there all the same")
        })?;
    }
    visit.browser.open(&site, "#/self-test").await?;
    let failed = "[data-testid='self-test-elections'] [data-outcome='failed']";
    visit.browser.wait_for(failed).await?;
    visit.browser.see("build-differs").await?;
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
