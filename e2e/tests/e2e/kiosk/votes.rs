//! A card is held before the camera, the ballot is cast, the receipt is checked on another browser, and the recount includes it.

use super::booth;
use crate::stage::{dist, ensure};
use crate::visit::Visit;
use anyhow::{Context, Result};
use e2e::{Polling, Site, Transport, film_of_code, now};
use std::time::Duration;
use tempfile::TempDir;
use verifier_core::{CheckId, CheckOutcome, Receipt, Verdict};

const CANDIDATE: usize = 5;
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn test(visit: &Visit) -> Result<()> {
    let polls = Polling::open(3).await?;
    let before = polls.ballots()?;
    let site = visit.site_with(&polls.card).await?;
    let (right, text) = booth::card(&polls)?;
    drop(right);
    let receipt = at_the_kiosk(visit, &site, &text).await?;
    let parsed = Receipt::parse(&receipt)?;
    ensure(&parsed.mark == b"QZ27", || format!("{parsed:?}"))?;
    // Another browser with a profile of its own, as at home.
    let link = format!("#/check?r={receipt}");
    recorded_soon(visit, &site, &link).await?;
    ensure(polls.ballots()? > before, || "nothing was counted".into())?;
    let ended = polls.close(1).await?;
    let report = Transport::new(polls.url(), PATIENCE)
        .recount(ended.clone(), now())
        .await
        .report
        .context("no report")?;
    let failed: Vec<CheckId> = report
        .checks
        .iter()
        .filter(|check| check.outcome != CheckOutcome::Passed)
        .map(|check| check.id)
        .collect();
    ensure(report.verdict == Verdict::Accepted, || {
        format!("the recount: {failed:?}")
    })?;
    let after = Site::start(dist(), Some(ended.to_json().into_bytes())).await?;
    visit.browser.open(&after, &link).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)
}

async fn at_the_kiosk(visit: &Visit, site: &Site, card: &str) -> Result<String> {
    let folder = TempDir::new()?;
    let film = folder.path().join("card.y4m");
    std::fs::write(&film, film_of_code(card)?)?;
    let kiosk = visit
        .stage
        .browser_with_camera(visit.reader.language, &film)
        .await?;
    let voted = async {
        kiosk.resize(visit.reader.width).await?;
        booth::open(&kiosk, site).await?;
        kiosk.click("kiosk-start").await?;
        booth::choose(&kiosk, CANDIDATE).await?;
        let code = booth::code(&kiosk).await?;
        let receipt = booth::cast(&kiosk).await?;
        let promised = Receipt::parse(&receipt)?.tracking_code.to_string();
        ensure(promised == code, || format!("{promised} instead of {code}"))?;
        kiosk.see("receipt-qr").await?;
        kiosk.click("kiosk-finish").await?;
        booth::ready(&kiosk).await?;
        booth::until_no_workers(&kiosk).await?;
        Ok(receipt)
    };
    let voted = voted.await;
    kiosk.quit().await?;
    voted
}

/// Checks the receipt until the ledger has it, which takes a block or two.
async fn recorded_soon(visit: &Visit, site: &Site, link: &str) -> Result<()> {
    for _ in 0..20 {
        visit.browser.open_nothing().await?;
        visit.browser.open(site, link).await?;
        if visit.receipt_verdict().await? == "accepted" {
            return Ok(());
        }
    }
    anyhow::bail!("the ballot is not recorded")
}
