//! What somebody asks about a voting right, or about their name.

use crate::stage::{Stage, ensure};
use crate::visit::{BOTH, Visit};
use anyhow::{Context, Result};
use e2e::{Conduct, Liar, Relay, Tale};
use libtest_mimic::Trial;
use std::sync::Arc;
use verifier_core::{CheckId, GenesisHash, Outcome, Receipt, RollSlip};

pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for reader in BOTH {
        trials.extend([
            stage.visit("rights::used_by_the_receipts_ballot", reader, used),
            stage.visit("rights::used_by_another_ballot", reader, used_by_another),
            stage.visit("rights::unused_or_not_issued", reader, unused),
            stage.visit("rights::nobody_voted_in_my_name", reader, name),
            stage.visit("rights::what_cannot_be_asked", reader, bad_input),
            stage.visit("rights::lies_are_not_answers", reader, lies),
            stage.visit("rights::names_nobody", reader, names_nobody),
        ]);
    }
    trials
}

/// A receipt's right was used by its own ballot, in a block; every check has its row.
async fn used(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    let sample = visit.election().await?.receipt(Outcome::Ok)?;
    let answer = visit.ask_about_right(&site, &sample.text).await?;
    ensure(answer == "spent", || answer)?;
    for id in CheckId::of_state() {
        let row = format!("check-{}", id.as_str());
        visit
            .browser
            .see_with(&row, "data-outcome", "passed")
            .await?;
    }
    let by = visit.browser.text("spent-by").await?;
    ensure(by == sample.receipt.tracking_code.to_string(), || by)?;
    let final_header = visit.election().await?.card.final_header;
    let last = final_header.context("no final header")?.height - 1;
    visit
        .browser
        .see_with("holds-at", "data-height", &last.to_string())
        .await?;
    visit.sentence("verdict-title").await?;
    visit.sentence("holds-at").await?;
    Ok(())
}

/// The receipt of a second ballot: the right was used by the first.
async fn used_by_another(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    let sample = visit.election().await?.receipt(Outcome::AssetSpent)?;
    let answer = visit.ask_about_right(&site, &sample.text).await?;
    ensure(answer == "spent", || answer)?;
    let by = visit.browser.text("spent-by").await?;
    ensure(by != sample.receipt.tracking_code.to_string(), || by)?;
    visit
        .browser
        .wait_for("[data-testid='verdict'].bad")
        .await?;
    visit.sentence("verdict-title").await?;
    Ok(())
}

async fn unused(visit: &Visit) -> Result<()> {
    let (site, election) = (visit.site().await?, visit.election().await?);
    let asset = election.unused_asset().context("all assets are used")?;
    let answer = visit.ask_about_right(&site, &asset.to_string()).await?;
    ensure(answer == "unspent", || answer)?;
    visit.sentence("verdict-title").await?;
    let nowhere = format!("{}-900-0", asset.municipality);
    let answer = visit.ask_about_right(&site, &nowhere).await?;
    ensure(answer == "no-such-right", || answer)?;
    visit.sentence("verdict-title").await?;
    Ok(())
}

async fn name(visit: &Visit) -> Result<()> {
    let (site, election) = (visit.site().await?, visit.election().await?);
    for (issued, expected) in [(false, "not-on-list"), (true, "on-list")] {
        let slip = election.roll_slip(issued)?;
        let answer = visit.ask_about_right(&site, &slip).await?;
        ensure(answer == expected, || answer)?;
        let verdict = visit.browser.attribute("verdict", "data-verdict").await?;
        ensure(verdict == "accepted", || verdict)?;
        visit.sentence("verdict-title").await?;
    }
    Ok(())
}

/// Each bad input has its own sentence, in both languages, and starts nothing.
async fn bad_input(visit: &Visit) -> Result<()> {
    let (site, election) = (visit.site().await?, visit.election().await?);
    let slip = election.roll_slip(false)?;
    let elsewhere = RollSlip {
        genesis: GenesisHash([9; 32]),
        ..RollSlip::parse(&slip)?
    };
    let receipt = Receipt {
        genesis: GenesisHash([9; 32]),
        ..election.receipt(Outcome::Ok)?.receipt.clone()
    };
    let start = match slip.starts_with("CHN1-AE") {
        true => "CHN1-AF",
        false => "CHN1-AE",
    };
    let mistyped = format!("{start}{}", slip.get(7..).context("a slip without data")?);
    let inputs = [
        " ",
        "hello",
        "1-2-x",
        "99-0-0",
        "CHG1-AAAA",
        &mistyped,
        &elsewhere.to_text(),
        &receipt.to_text(),
    ];
    let mut sentences = Vec::new();
    for input in inputs {
        visit.open_rights(&site).await?;
        visit.browser.paste("receipt-text", input).await?;
        visit.browser.click("receipt-check").await?;
        visit.browser.see("receipt-trouble").await?;
        sentences.push(visit.sentence("receipt-trouble").await?);
        ensure(!visit.browser.shows("rights-done").await?, || {
            format!("{input:?} was answered")
        })?;
    }
    sentences.sort();
    sentences.dedup();
    // Two forms of nonsense, and two things of another election, share a sentence each.
    ensure(sentences.len() == inputs.len() - 2, || {
        format!("{sentences:#?}")
    })
}

/// A node that exchanges the ballot that used a right, or leaves an Issue transaction out, or answers nothing, brings no answer.
async fn lies(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let sample = election.receipt(Outcome::Ok)?;
    let mut tale = Tale::truth(election.truth.clone());
    let code = sample.receipt.tracking_code.as_bytes().to_vec();
    tale.replaced_state = Some((code, vec![7; 32]));
    let liar = Liar::start(tale, election.url()).await?;
    refused(visit, liar.url(), &sample.text).await?;
    let relay = Relay::start(election.url()).await?;
    relay.behave(Conduct::DropsFrom(1));
    refused(visit, relay.url(), &election.roll_slip(true)?).await?;
    relay.behave(Conduct::Fails);
    refused(visit, relay.url(), &sample.text).await
}

async fn refused(visit: &Visit, url: &str, text: &str) -> Result<()> {
    let card = visit.election().await?.card_with_node(url);
    let site = visit.site_with(&card).await?;
    let answer = visit.ask_about_right(&site, text).await?;
    ensure(answer == "none", || answer)?;
    let verdict = visit.browser.attribute("verdict", "data-verdict").await?;
    ensure(verdict == "inconclusive", || verdict)?;
    visit.sentence("verdict-title").await?;
    Ok(())
}

/// Nobody is told which right, which ballot or which entry on the roll is looked for.
async fn names_nobody(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let relay = Relay::start(election.url()).await?;
    let site = visit
        .site_with(&election.card_with_node(relay.url()))
        .await?;
    let receipt = &election.receipt(Outcome::Ok)?.receipt;
    let slip = election.roll_slip(true)?;
    visit.ask_about_right(&site, &receipt.to_text()).await?;
    visit.ask_about_right(&site, &slip).await?;
    let slip = RollSlip::parse(&slip)?;
    let asset = receipt.asset;
    let asset = [asset.municipality, asset.batch, asset.index];
    let asset: String = asset
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let secrets = [
        receipt.tracking_code.to_string(),
        slip.commitment().to_string(),
        asset,
        "chg1".into(),
        "chn1".into(),
    ];
    for asked in site.asked().into_iter().chain(relay.asked()) {
        let lower = asked.to_lowercase();
        let named = secrets.iter().any(|secret| lower.contains(secret));
        ensure(!named, || format!("somebody was told: {asked}"))?;
    }
    Ok(())
}
