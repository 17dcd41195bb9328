//! The whole election from a municipality's node: every check passes, the totals are the election's, the report can be saved.

use crate::stage::{artefacts, ensure};
use crate::visit::Visit;
use anyhow::{Context, Result};
use e2e::{Transport, now};
use serde_json::Value;
use std::time::Duration;
use verifier_core::{CheckId, ClaimedTotals};

pub async fn test(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit.site().await?;
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.click("recount-start").await?;
    let verdict = visit.recount_verdict().await?;
    ensure(verdict == "accepted", || verdict)?;
    for id in CheckId::of_recount() {
        visit
            .browser
            .see_with(&format!("check-{}", id.as_str()), "data-outcome", "passed")
            .await?;
    }
    has_the_totals(visit, &expected_votes(election)?).await?;
    let tiles = visit.browser.all("tile").await?.len();
    ensure(tiles == election.card.contract.municipalities.len(), || {
        format!("{tiles} tiles")
    })?;
    has_the_digest(visit).await?;
    visit.sentence("verdict-title").await?;
    let printed = visit.browser.print().await?;
    std::fs::create_dir_all(artefacts())?;
    std::fs::write(
        artefacts().join(format!("recount-printed-{}.pdf", visit.reader.name())),
        printed,
    )?;
    Ok(())
}

/// The candidates' totals, summed over all cells.
pub fn expected_votes(election: &e2e::Election) -> Result<Vec<u64>> {
    let claimed = ClaimedTotals::parse(election.truth.totals.as_ref().context("no totals")?)?;
    let candidates = election.card.contract.candidates.len();
    let votes = |candidate| {
        claimed
            .cells
            .iter()
            .filter_map(move |cell| cell.votes.get(candidate))
            .sum()
    };
    Ok((0..candidates).map(votes).collect())
}

async fn has_the_totals(visit: &Visit, expected: &[u64]) -> Result<()> {
    let script = "return [...document.querySelectorAll(\"[data-testid='candidate-votes']\")].map((v) => Number(v.dataset.votes));";
    let shown: Vec<u64> = visit.browser.run(script, vec![]).await?;
    ensure(shown == expected, || {
        format!("the page shows {shown:?}, the election has {expected:?}")
    })
}

/// The same digest on the page, in the saved report, and from the verifier without a browser.
async fn has_the_digest(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let shown = visit.browser.text("report-digest").await?;
    let natively = Transport::new(election.url(), Duration::from_secs(20))
        .recount(election.card.clone(), now())
        .await;
    let expected = natively.report.context("no report")?.digest().to_string();
    ensure(shown == expected, || {
        format!("the page's digest is {shown}, natively it is {expected}")
    })?;
    visit.browser.click("save-json").await?;
    let saved: Value =
        serde_json::from_slice(&visit.browser.downloaded("chamgwan-recount.json").await?)?;
    let saved = saved
        .get("digest")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    ensure(saved == expected, || {
        format!("the saved report's digest is {saved}")
    })?;
    visit.browser.click("save-csv").await?;
    let table = String::from_utf8(visit.browser.downloaded("chamgwan-recount.csv").await?)?;
    ensure(table.contains(&expected), || {
        "the saved table names another digest".into()
    })
}
