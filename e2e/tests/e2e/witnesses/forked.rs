//! More than a third of the validators have signed two histories: every page says so, nothing is accepted, and what the reader can
//! save names exactly them.

use crate::stage::{ensure, workspace};
use crate::visit::Visit;
use anyhow::{Context, Result};
use e2e::Fork;
use serde_json::Value;
use tokio::process::Command;
use verifier_core::{AttackEvidence, Outcome};

pub async fn test(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let fork = election.fork().await?;
    let site = visit.site_with(&fork.card).await?;
    let receipt = &election.receipt(Outcome::Ok)?.text;
    let link = format!("#/check?r={receipt}");
    visit.browser.open(&site, &link).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "inconclusive", || verdict)?;
    visit.sentence("verdict-title").await?;
    for place in ["#/", "#/recount", "#/about", "#/nodes"] {
        visit.browser.open(&site, place).await?;
        visit.sentence("witness-alarm").await?;
    }
    evidence(visit, &fork).await?;
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.click("recount-start").await?;
    let verdict = visit.recount_verdict().await?;
    ensure(verdict == "inconclusive", || verdict)?;
    ensure(!visit.browser.shows("totals").await?, || {
        "totals of one of two histories are shown".into()
    })
}

/// The page names as many as the file does, and the terminal the same.
async fn evidence(visit: &Visit, fork: &Fork) -> Result<()> {
    let rows = visit.browser.run::<usize>(
        "return document.querySelectorAll(\"[data-testid='culprits'] li\").length;",
        vec![],
    );
    visit.browser.see("culprits").await?;
    let rows = rows.await?;
    ensure(rows == fork.culprits.len(), || format!("{rows} are named"))?;
    visit.browser.click("save-evidence").await?;
    let file = visit.browser.downloaded("chamgwan-evidence.json").await?;
    let culprits = AttackEvidence::read(&file, &fork.card)?.culprits();
    ensure(culprits == fork.culprits, || format!("{culprits:?}"))?;
    let folder = tempfile::tempdir()?;
    let (card, evidence) = (folder.path().join("card"), folder.path().join("evidence"));
    std::fs::write(&card, fork.card.to_json())?;
    std::fs::write(&evidence, &file)?;
    let output = Command::new(env!("CARGO"))
        .current_dir(workspace())
        .args([
            "run", "--quiet", "--locked", "-p", "cli", "--bin", "chamgwan", "--", "evidence",
        ])
        .arg(&evidence)
        .arg("--trust-card")
        .arg(&card)
        .arg("--json")
        .output()
        .await?;
    let said: Value = serde_json::from_slice(&output.stdout)?;
    let named = said.get("culprits").and_then(Value::as_array);
    let named = named.context("no culprits")?.len();
    ensure(output.status.success() && named == rows, || {
        said.to_string()
    })
}
