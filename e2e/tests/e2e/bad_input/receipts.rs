//! Receipts that cannot be checked.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::{Context, Result};
use e2e::during;
use verifier_core::{ContractId, GenesisHash, Outcome, Receipt, TrackingCode};

/// A typing error is told from a ballot that nobody knows by the check code.
pub async fn empty_and_mistyped(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit.site().await?;
    let good = &election.receipt(Outcome::Ok)?.text;
    let mut sentences = Vec::new();
    let mistyped = mistype(good).context("a longer receipt")?;
    let cut = good.get(..good.len() / 2).context("half of it")?;
    for text in ["", "hello", &mistyped, cut] {
        visit.paste_receipt(&site, text).await?;
        let [korean, _] = visit.sentence("receipt-trouble").await?;
        ensure(!visit.browser.shows("verdict").await?, || {
            format!("a verdict on {text}")
        })?;
        sentences.push(korean);
        visit.browser.open_nothing().await?;
    }
    sentences.dedup();
    ensure(sentences.len() >= 3, || {
        format!("not told apart: {sentences:?}")
    })?;
    unknown_is_something_else(visit, &site, &sentences).await
}

async fn unknown_is_something_else(
    visit: &Visit,
    site: &e2e::Site,
    troubles: &[String],
) -> Result<()> {
    let election = visit.election().await?;
    let known = election.receipt(Outcome::Ok)?.receipt.clone();
    let unknown = Receipt {
        tracking_code: TrackingCode([4; 32]),
        height: None,
        ..known
    };
    visit
        .paste_receipt(site, &election.promise(unknown)?.to_text())
        .await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "rejected", || {
        format!("an unknown receipt is {verdict}")
    })?;
    let [korean, _] = visit.sentence("reasons-receipt.ballot").await?;
    ensure(!troubles.contains(&korean), || {
        format!("told like a typing error: {korean}")
    })
}

/// Another chain, another genesis, another contract: three sentences.
pub async fn of_another_election(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit.site().await?;
    let known = election.receipt(Outcome::Ok)?.receipt.clone();
    let others = [
        Receipt {
            chain_id: "another-province".into(),
            ..known.clone()
        },
        Receipt {
            genesis: GenesisHash([1; 32]),
            ..known.clone()
        },
        Receipt {
            contract: ContractId([2; 32]),
            ..known
        },
    ];
    let mut sentences = Vec::new();
    for receipt in others {
        visit.paste_receipt(&site, &receipt.to_text()).await?;
        let verdict = visit.receipt_verdict().await?;
        ensure(verdict == "rejected", || verdict)?;
        let [korean, english] = visit.sentence("reasons-receipt.election").await?;
        if receipt.chain_id == "another-province" {
            ensure(english.contains("another-province"), || {
                format!("the culprit is not named: {english}")
            })?;
        }
        sentences.push(korean);
        visit.browser.click("receipt-again").await?;
    }
    sentences.dedup();
    ensure(sentences.len() == 3, || {
        format!("not told apart: {sentences:?}")
    })
}

/// The receipt names a height that the ledger has not reached.
pub async fn height_not_yet_reached(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit.site_with(&during(election.card.clone())).await?;
    let known = election.receipt(Outcome::Ok)?.receipt.clone();
    let early = Receipt {
        height: Some(9_999),
        ..known
    };
    visit.paste_receipt(&site, &early.to_text()).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "inconclusive", || verdict)?;
    let [_, english] = visit.sentence("reasons-receipt.header").await?;
    ensure(english.replace(',', "").contains("9999"), || {
        format!("the height is not named: {english}")
    })
}

/// The same text with one letter changed.
fn mistype(text: &str) -> Option<String> {
    let (before, after) = text.split_at_checked(text.len() / 2)?;
    let mut rest = after.chars();
    let letter = rest.next()?;
    let other = if letter == 'A' { 'B' } else { 'A' };
    Some(format!("{before}{other}{}", rest.as_str()))
}
