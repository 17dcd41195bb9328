//! The receipt's code is held before the camera.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::film_of_code;
use tempfile::TempDir;
use verifier_core::Outcome;

pub async fn test(visit: &Visit) -> Result<()> {
    let sample = visit.election().await?.receipt(Outcome::Ok)?;
    let folder = TempDir::new()?;
    let film = folder.path().join("desk.y4m");
    std::fs::write(&film, film_of_code(&sample.text)?)?;
    let site = visit.site().await?;
    let browser = visit
        .stage
        .browser_with_camera(visit.reader.language, &film)
        .await?;
    let scanned = async {
        browser.resize(visit.reader.width).await?;
        browser.open(&site, "#/check").await?;
        browser.click("receipt-camera").await?;
        browser.see("receipt-done").await?;
        browser.attribute("verdict", "data-verdict").await
    };
    let verdict = scanned.await;
    browser.quit().await?;
    let verdict = verdict?;
    ensure(verdict == "accepted", || verdict)
}
