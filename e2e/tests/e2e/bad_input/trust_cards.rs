//! Trust cards that are not there, damaged, or too old.

use crate::stage::{dist, ensure};
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Site, during};
use tempfile::TempDir;
use verifier_core::{Outcome, TrustCard};

/// Nothing is verified without a card; one that the reader holds can be given.
pub async fn missing(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = Site::start(dist(), None).await?;
    visit.browser.open(&site, "#/check").await?;
    visit.sentence("trust-card-missing").await?;
    ensure(!visit.browser.shows("receipt-text").await?, || {
        "a receipt can be entered without a card".into()
    })?;
    let folder = TempDir::new()?;
    let file = folder.path().join("card.json");
    std::fs::write(&file, election.card.to_json())?;
    visit.browser.choose("trust-card-file", &file).await?;
    visit
        .browser
        .paste("receipt-text", &election.receipt(Outcome::Ok)?.text)
        .await?;
    visit.browser.click("receipt-check").await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)
}

/// No JSON, another version, another contract than the one named.
pub async fn malformed(visit: &Visit) -> Result<()> {
    let json = visit.election().await?.card.to_json();
    let other_version = json.replacen("\"version\": 1", "\"version\": 9", 1);
    let id = visit.election().await?.card.contract_id().to_string();
    let other_contract = json.replace(&id, &"0".repeat(id.len()));
    for card in ["{", &other_version, &other_contract] {
        ensure(*card != json, || "the card is not changed".into())?;
        let site = Site::start(dist(), Some(card.as_bytes().to_vec())).await?;
        visit.browser.open(&site, "#/recount").await?;
        visit.sentence("trust-card-malformed").await?;
        ensure(!visit.browser.shows("recount-start").await?, || {
            "a recount can be started without a card".into()
        })?;
    }
    Ok(())
}

/// Without a final header, the card's trusted header is good for its trusting period only.
pub async fn expired(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let card = TrustCard {
        trusting_period: 1,
        ..during(election.card.clone())
    };
    let site = visit.site_with(&card).await?;
    visit.browser.open(&site, "#/").await?;
    visit
        .browser
        .see_with("trust-card-age", "data-state", "expired")
        .await?;
    visit
        .paste_receipt(&site, &election.receipt(Outcome::Ok)?.text)
        .await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "inconclusive", || verdict)?;
    visit.sentence("trust-card-expired").await?;
    visit.sentence("reasons-receipt.header").await?;
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.click("recount-start").await?;
    let verdict = visit.recount_verdict().await?;
    ensure(verdict == "inconclusive", || verdict)?;
    visit.sentence("reasons-recount.headers").await?;
    renew(visit, &site).await
}

/// A card from another address takes the expired one's place.
async fn renew(visit: &Visit, site: &Site) -> Result<()> {
    let new = visit.site().await?;
    let address = format!("{}/trust-card.json", new.url());
    visit.browser.open(site, "#/").await?;
    visit.browser.paste("trust-card-address", &address).await?;
    visit.browser.click("trust-card-fetch").await?;
    visit
        .browser
        .see_with("trust-card-age", "data-state", "timeless")
        .await?;
    visit.browser.until_gone("trust-card-expired").await
}
