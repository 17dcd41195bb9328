//! A receipt is kept: with its proof, which is checked without a network; as a text file; on paper.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use serde_json::Value;
use tempfile::TempDir;
use verifier_core::{Outcome, Receipt, ReceiptProof, short_code};

/// 80 mm and 210 mm in points, as a PDF names them.
const ROLL: &str = "/MediaBox [0 0 226";

pub async fn test(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit.site().await?;
    let sample = election.receipt(Outcome::Ok)?;
    visit.paste_receipt(&site, &sample.text).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)?;
    let short = visit.browser.text("short-code").await?;
    ensure(short == short_code(&sample.receipt.tracking_code), || short)?;
    visit.browser.click("receipt-save-text").await?;
    let text = visit.browser.downloaded("chamgwan-receipt.txt").await?;
    let text = String::from_utf8(text)?;
    ensure(
        Receipt::parse(&text).as_ref() == Ok(&sample.receipt),
        || text,
    )?;
    print_slip(visit).await?;
    visit.browser.click("save-proof").await?;
    visit.browser.see("proof-saved").await?;
    visit.sentence("proof-saved").await?;
    let name = "chamgwan-receipt-proof.json";
    let bytes = visit.browser.downloaded(name).await?;
    let proven = ReceiptProof::read(&bytes)?.check(&election.card)?;
    ensure(proven.counted, || format!("{proven:?}"))?;
    check_offline(visit, &bytes).await
}

async fn check_offline(visit: &Visit, bytes: &[u8]) -> Result<()> {
    let folder = TempDir::new()?;
    let path = folder.path().join("proof.json");
    std::fs::write(&path, bytes)?;
    visit.browser.click("receipt-again").await?;
    visit.browser.go_offline(true).await?;
    visit.browser.drop_onto("receipt-drop", &[&path]).await?;
    visit
        .browser
        .see_with("filed", "data-filed", "counted")
        .await?;
    visit.browser.click("receipt-again").await?;
    std::fs::write(&path, bytes.to_ascii_uppercase())?;
    visit.browser.choose("receipt-file", &path).await?;
    visit
        .browser
        .see_with("filed", "data-filed", "unreadable")
        .await?;
    visit.browser.go_offline(false).await
}

/// What the print dialogue would be given, on a receipt printer's roll.
async fn print_slip(visit: &Visit) -> Result<()> {
    let set = "document.documentElement.setAttribute('data-print', 'receipt-80mm')";
    let _: Value = visit.browser.run(set, Vec::new()).await?;
    let pdf = String::from_utf8_lossy(&visit.browser.print().await?).into_owned();
    ensure(pdf.contains(ROLL), || "the page is not 80 mm wide".into())?;
    let unset = "document.documentElement.removeAttribute('data-print')";
    let _: Value = visit.browser.run(unset, Vec::new()).await?;
    Ok(())
}
