//! A promise that was not kept: the receipt is genuine, its ballot is nowhere, and the page gives a dispute file that names the municipality.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::{Context, Result};
use tempfile::TempDir;
use verifier_core::{DisputeFile, Outcome, Receipt, TrackingCode};

pub async fn test(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit.site().await?;
    let unused = election.unused_asset().context("every asset is spent")?;
    let known = election.receipt(Outcome::Ok)?.receipt.clone();
    let mut promise = known.promise.clone();
    promise.municipality = unused.municipality;
    let lost = Receipt {
        asset: unused,
        tracking_code: TrackingCode([3; 32]),
        height: None,
        promise,
        ..known
    };
    let lost = election.promise(lost)?;
    visit.paste_receipt(&site, &lost.to_text()).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "rejected", || verdict)?;
    visit
        .browser
        .see_with("answer-recorded", "data-answer", "no")
        .await?;
    visit.browser.click("save-dispute").await?;
    visit.browser.see("dispute-written").await?;
    visit.sentence("dispute-written").await?;
    let bytes = visit.browser.downloaded("chamgwan-dispute.json").await?;
    let file = DisputeFile::read(&bytes)?;
    ensure(file.receipt == lost, || "another receipt's dispute".into())?;
    let broken = file.check(&election.card)?;
    ensure(broken.municipality == unused.municipality, || {
        format!("the dispute names {}", broken.municipality)
    })?;
    judge_again(visit, &bytes).await
}

/// Anybody else drops the file on the page, without a network.
async fn judge_again(visit: &Visit, bytes: &[u8]) -> Result<()> {
    let folder = TempDir::new()?;
    let path = folder.path().join("dispute.json");
    std::fs::write(&path, bytes)?;
    visit.browser.click("receipt-again").await?;
    visit.browser.go_offline(true).await?;
    visit.browser.drop_onto("receipt-drop", &[&path]).await?;
    visit
        .browser
        .see_with("filed", "data-filed", "broken")
        .await?;
    visit.browser.go_offline(false).await
}
