//! Cards that a kiosk does not take: each has its own sentence, in both languages, and nothing is cast.

use super::{booth, polls};
use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Browser, Polling, photo_of_code, photo_of_desk};
use verifier_core::{ContractId, GenesisHash, VotingRight};

pub async fn other_cards(visit: &Visit) -> Result<()> {
    let polls = polls().await?;
    let site = visit.site_with(&polls.card).await?;
    let (genesis, contract) = (polls.card.genesis, polls.card.contract_id());
    let browser = &visit.browser;
    booth::open(browser, &site).await?;
    browser.click("kiosk-start").await?;
    let mut sentences = Vec::new();
    let elsewhere = [
        VotingRight::new(GenesisHash([9; 32]), contract, [1; 32]),
        VotingRight::new(genesis, ContractId([9; 32]), [1; 32]),
    ];
    let mut pictures = vec![torn()?, photo_of_code("CHG1-AAAA")?];
    for right in &elsewhere {
        pictures.push(photo_of_code(&right.to_text())?);
    }
    for picture in pictures {
        booth::show_photo(browser, &picture).await?;
        sentences.push(visit.sentence("kiosk-scan-trouble").await?);
        browser.click("kiosk-quit").await?;
        browser.click("kiosk-start").await?;
    }
    let own = VotingRight::new(genesis, contract, [1; 32]).to_text();
    let (start, _) = own.split_at(own.len() - 9);
    browser.click("kiosk-quit").await?;
    booth::type_card(browser, start).await?;
    browser
        .see_with("kiosk-scan", "data-trouble", "card")
        .await?;
    sentences.push(visit.sentence("kiosk-scan-trouble").await?);
    sentences.dedup();
    // Both cards of another election share a sentence.
    ensure(sentences.len() == 4, || format!("{sentences:#?}"))?;
    browser.click("kiosk-quit").await?;
    booth::show_card(browser, &own).await?;
    refused(visit, "not-issued").await?;
    no_code(browser).await
}

/// A picture without a code is no card, and no trouble either: the next one is waited for.
async fn no_code(browser: &Browser) -> Result<()> {
    browser.click("kiosk-start").await?;
    let folder = tempfile::TempDir::new()?;
    let path = folder.path().join("desk.png");
    std::fs::write(&path, photo_of_desk()?)?;
    browser.choose("kiosk-photo", &path).await?;
    ensure(browser.shows("kiosk-card").await?, || {
        "a desk was taken for a card".into()
    })?;
    browser.click("kiosk-quit").await?;
    booth::until_no_workers(browser).await
}

pub async fn used(visit: &Visit) -> Result<()> {
    let polls = polls().await?;
    let site = visit.site_with(&polls.card).await?;
    let (_, card) = booth::card(polls)?;
    let browser = &visit.browser;
    booth::open(browser, &site).await?;
    booth::type_card(browser, &card).await?;
    booth::choose(browser, 0).await?;
    let code = booth::code(browser).await?;
    booth::cast(browser).await?;
    browser.click("kiosk-finish").await?;
    // Until the block with the ballot is there, the ledger proves that the right is unspent: whoever is quicker sends a second one, which is refused.
    while !is_counted(visit, &card).await? {}
    booth::show_card(browser, &card).await?;
    refused_as(visit, "used").await?;
    let told = booth::code(browser).await?;
    ensure(told == code, || format!("{told} instead of {code}"))?;
    visit.sentence("kiosk-refused").await?;
    browser.click("kiosk-to-start").await?;
    booth::ready(browser).await
}

/// Voting ends while somebody is at the kiosk.
pub async fn closed(visit: &Visit) -> Result<()> {
    let polls = Polling::open(1).await?;
    let site = visit.site_with(&polls.card).await?;
    let (_, card) = booth::card(&polls)?;
    let browser = &visit.browser;
    booth::open(browser, &site).await?;
    booth::type_card(browser, &card).await?;
    booth::choose(browser, 0).await?;
    polls.close(0).await?;
    browser.click("kiosk-cast").await?;
    refused(visit, "closed").await
}

/// Whether the card is refused by now.
pub async fn is_counted(visit: &Visit, card: &str) -> Result<bool> {
    let browser = &visit.browser;
    booth::show_card(browser, card).await?;
    let shown = browser
        .wait_for("[data-testid='kiosk-choose'], [data-testid='kiosk-refused']")
        .await?;
    let refused = shown.attr("data-refusal").await?.is_some();
    browser
        .click(if refused {
            "kiosk-to-start"
        } else {
            "kiosk-quit"
        })
        .await?;
    Ok(refused)
}

async fn refused(visit: &Visit, reason: &str) -> Result<()> {
    refused_as(visit, reason).await?;
    visit.sentence("kiosk-refused").await?;
    booth::until_no_workers(&visit.browser).await?;
    visit.browser.click("kiosk-to-start").await
}

async fn refused_as(visit: &Visit, reason: &str) -> Result<()> {
    visit
        .browser
        .see_with("kiosk-refused", "data-refusal", reason)
        .await?;
    Ok(())
}

/// A card of which a third is missing.
fn torn() -> Result<Vec<u8>> {
    let whole = photo_of_code("CHR1-AEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIB")?;
    e2e::torn(&whole)
}
