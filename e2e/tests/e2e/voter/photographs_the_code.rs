//! A photo of the receipt's QR code is as good as its text; a photo without one is said to hold none.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{photo_of_code, photo_of_desk};
use tempfile::TempDir;
use verifier_core::Outcome;

pub async fn test(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    let sample = visit.election().await?.receipt(Outcome::Ok)?;
    choose(visit, &site, &photo_of_code(&sample.text)?).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)
}

pub async fn without_a_code(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    choose(visit, &site, &photo_of_desk()?).await?;
    visit.sentence("receipt-trouble").await?;
    ensure(!visit.browser.shows("verdict").await?, || {
        "a verdict on nothing".into()
    })
}

async fn choose(visit: &Visit, site: &e2e::Site, photo: &[u8]) -> Result<()> {
    let folder = TempDir::new()?;
    let file = folder.path().join("photo.png");
    std::fs::write(&file, photo)?;
    visit.browser.open(site, "#/check").await?;
    visit.browser.choose("receipt-file", &file).await?;
    visit
        .browser
        .wait_for("[data-testid='receipt-done'], [data-testid='receipt-trouble']")
        .await?;
    Ok(())
}
