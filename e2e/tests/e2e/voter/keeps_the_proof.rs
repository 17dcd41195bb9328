//! A receipt is kept: with its proof, which is checked without a network; as a text file; on paper.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use serde_json::Value;
use tempfile::TempDir;
use verifier_core::{Outcome, Receipt, ReceiptProof, short_code};

/// 80 mm in points, as a PDF measures. Chrome rounds paper to a hundredth of an inch.
const ROLL: f64 = 226.77;
const ROUNDED: f64 = 0.5;

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
    let pdf = String::from_utf8_lossy(&visit.browser.print_to_size().await?).into_owned();
    let width = width_of(&pdf);
    ensure(
        width.is_some_and(|width| (width - ROLL).abs() < ROUNDED),
        || format!("the page is not 80 mm wide, but {width:?} points"),
    )?;
    let unset = "document.documentElement.removeAttribute('data-print')";
    let _: Value = visit.browser.run(unset, Vec::new()).await?;
    Ok(())
}

/// The width of a PDF's first page, in points.
fn width_of(pdf: &str) -> Option<f64> {
    let (_, corners) = pdf.split_once("/MediaBox [0 0 ")?;
    corners.split_whitespace().next()?.parse().ok()
}
