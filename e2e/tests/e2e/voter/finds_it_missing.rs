//! A promise that was not kept: the receipt is genuine, its ballot is nowhere, and the page gives a dispute file.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::{Context, Result};
use serde_json::Value;
use verifier_core::{Outcome, Receipt, TrackingCode};

pub async fn test(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit.site().await?;
    let unused = election.unused_asset().context("every asset is spent")?;
    let known = election.receipt(Outcome::Ok)?.receipt.clone();
    let mut promise = known.promise.clone();
    promise.municipality = unused.municipality;
    let lost = Receipt {
        asset: unused,
        tracking_code: TrackingCode([3; 32]),
        height: None,
        promise,
        ..known
    };
    let lost = election.promise(lost)?.to_text();
    visit.paste_receipt(&site, &lost).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "rejected", || verdict)?;
    visit
        .browser
        .see_with("answer-recorded", "data-answer", "no")
        .await?;
    visit.browser.click("save-dispute").await?;
    let dispute: Value =
        serde_json::from_slice(&visit.browser.downloaded("chamgwan-dispute.json").await?)?;
    let named = dispute.get("receipt").and_then(Value::as_str);
    ensure(named == Some(&*lost), || {
        format!("the dispute file names {named:?}")
    })
}
