//! A card is held before the camera, the ballot is cast, the receipt is checked on another browser, and the recount includes it.

use super::booth;
use crate::stage::{dist, ensure};
use crate::visit::Visit;
use anyhow::{Context, Result, bail};
use e2e::{Polling, Site, Transport, film_of_code, now};
use std::time::Duration;
use tempfile::TempDir;
use verifier_core::{CheckId, CheckOutcome, Receipt, TrustCard, Verdict};

const CANDIDATE: usize = 5;
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn test(visit: &Visit) -> Result<()> {
    let polls = Polling::open(3).await?;
    let before = polls.ballots()?;
    let site = visit.site_with(&polls.card).await?;
    let (_, text) = booth::card(&polls)?;
    let receipt = before_camera(visit, &site, &film_of_code(&text)?, CANDIDATE).await?;
    let parsed = Receipt::parse(&receipt)?;
    ensure(&parsed.mark == b"QZ27", || format!("{parsed:?}"))?;
    let link = format!("#/check?r={receipt}");
    recorded_soon(visit, &site, &link).await?;
    ensure(polls.ballots()? > before, || "nothing was counted".into())?;
    let ended = polls.close(1).await?;
    recount_accepts(polls.url(), &ended).await?;
    let after = Site::start(dist(), Some(ended.to_json().into_bytes())).await?;
    visit.browser.open(&after, &link).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)
}

/// Votes on a browser of its own, whose camera shows this film. Gives the receipt.
pub async fn before_camera(
    visit: &Visit,
    site: &Site,
    film: &[u8],
    candidate: usize,
) -> Result<String> {
    let folder = TempDir::new()?;
    let file = folder.path().join("card.y4m");
    std::fs::write(&file, film)?;
    let kiosk = visit
        .stage
        .browser_with_camera(visit.reader.language, &file)
        .await?;
    let voted = async {
        kiosk.resize(visit.reader.width).await?;
        booth::open(&kiosk, site).await?;
        kiosk.click("kiosk-start").await?;
        booth::choose(&kiosk, candidate).await?;
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

/// Checks the receipt on the visitor's own browser, as at home, until the ledger has it, which takes a block or two.
pub async fn recorded_soon(visit: &Visit, site: &Site, link: &str) -> Result<()> {
    for _ in 0..20 {
        visit.browser.open_nothing().await?;
        visit.browser.open(site, link).await?;
        if visit.receipt_verdict().await? == "accepted" {
            return Ok(());
        }
    }
    bail!("the ballot is not recorded")
}

/// The node's ledger, recounted.
pub async fn recount_accepts(url: &str, card: &TrustCard) -> Result<()> {
    let report = Transport::new(url, PATIENCE)
        .recount(card.clone(), now())
        .await
        .report
        .context("no report")?;
    let failed = report.checks.iter();
    let failed: Vec<CheckId> = failed
        .filter(|check| check.outcome != CheckOutcome::Passed)
        .map(|check| check.id)
        .collect();
    ensure(report.verdict == Verdict::Accepted, || {
        format!("the recount: {failed:?}")
    })
}
