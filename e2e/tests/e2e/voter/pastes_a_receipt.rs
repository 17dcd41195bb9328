//! A receipt pasted as text is checked row by row; the ballot is recorded, and counted. Nobody learns which ballot it was.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Liar, Tale};
use verifier_core::{CheckId, Outcome};

pub async fn test(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    let sample = visit.election().await?.receipt(Outcome::Ok)?;
    visit.paste_receipt(&site, &sample.text).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)?;
    for id in CheckId::of_receipt() {
        visit
            .browser
            .see_with(&format!("check-{}", id.as_str()), "data-outcome", "passed")
            .await?;
    }
    visit
        .browser
        .see_with("answer-recorded", "data-answer", "yes")
        .await?;
    visit
        .browser
        .see_with("answer-counted", "data-answer", "yes")
        .await?;
    let code = visit.browser.text("tracking-code").await?;
    ensure(code == sample.receipt.tracking_code.to_string(), || {
        format!("the page shows the tracking code {code}")
    })?;
    visit.sentence("verdict-title").await?;
    Ok(())
}

/// Neither the web server nor the node is told the receipt, the tracking code or the asset.
pub async fn names_it_to_nobody(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let node = Liar::start(Tale::truth(election.truth.clone()), election.url()).await?;
    let site = visit
        .site_with(&election.card_with_node(node.url()))
        .await?;
    let sample = election.receipt(Outcome::Ok)?;
    visit
        .browser
        .open(&site, &format!("#/check?r={}", sample.text))
        .await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)?;
    let code = sample.receipt.tracking_code.to_string();
    let asset = sample.receipt.asset;
    let whole_asset = hex(&[asset.municipality, asset.batch, asset.index]);
    for asked in site.asked().into_iter().chain(node.asked()) {
        let lower = asked.to_lowercase();
        let named = [&*code, "chg1", &*whole_asset]
            .into_iter()
            .any(|secret| lower.contains(secret));
        ensure(!named, || format!("somebody was told: {asked}"))?;
    }
    Ok(())
}

fn hex(numbers: &[u16]) -> String {
    numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
