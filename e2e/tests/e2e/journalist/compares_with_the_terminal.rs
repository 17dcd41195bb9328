//! An export dropped onto the page gives the digest that the command line prints for the same folder.

use crate::stage::{ensure, workspace};
use crate::visit::Visit;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;
use tokio::process::Command;

pub async fn test(visit: &Visit) -> Result<()> {
    let folder = visit.election().await?.export();
    let site = visit.site().await?;
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.drop_onto("recount-drop", &[folder]).await?;
    let verdict = visit.recount_verdict().await?;
    ensure(verdict == "accepted", || format!("dropped: {verdict}"))?;
    let shown = visit.browser.text("report-digest").await?;
    let printed = digest_in_the_terminal(folder).await?;
    ensure(shown == printed, || {
        format!("the page says {shown}, the command line {printed}")
    })?;
    visit.browser.click("recount-again").await?;
    visit.browser.choose("recount-folder", folder).await?;
    let verdict = visit.recount_verdict().await?;
    ensure(verdict == "accepted", || format!("chosen: {verdict}"))
}

async fn digest_in_the_terminal(folder: &Path) -> Result<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "run", "--quiet", "--locked", "-p", "cli", "--bin", "chamgwan", "--", "recount",
        ])
        .arg(folder)
        .arg("--trust-card")
        .arg(folder.join("trust-card.json"))
        .arg("--json")
        .current_dir(workspace())
        .output()
        .await?;
    ensure(output.status.success(), || {
        String::from_utf8_lossy(&output.stderr).into_owned()
    })?;
    let report: Value = serde_json::from_slice(&output.stdout)?;
    Ok(report
        .get("digest")
        .and_then(Value::as_str)
        .context("no digest")?
        .to_owned())
}
