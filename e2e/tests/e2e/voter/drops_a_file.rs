//! A receipt in a text file is dropped onto the page, or chosen.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use tempfile::TempDir;
use verifier_core::Outcome;

pub async fn test(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    let sample = visit.election().await?.receipt(Outcome::Ok)?;
    let folder = TempDir::new()?;
    let file = folder.path().join("receipt.txt");
    std::fs::write(&file, format!("{}\n", sample.text))?;
    visit.browser.open(&site, "#/check").await?;
    visit.browser.drop_onto("receipt-drop", &[&file]).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || format!("dropped: {verdict}"))?;
    visit.browser.click("receipt-again").await?;
    visit.browser.choose("receipt-file", &file).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || format!("chosen: {verdict}"))
}
