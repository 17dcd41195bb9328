//! While the election runs, a ballot is recorded, and not yet counted: two different answers.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::during;
use verifier_core::Outcome;

pub async fn test(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit.site_with(&during(election.card.clone())).await?;
    visit
        .paste_receipt(&site, &election.receipt(Outcome::Ok)?.text)
        .await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)?;
    visit
        .browser
        .see_with("answer-recorded", "data-answer", "yes")
        .await?;
    visit
        .browser
        .see_with("answer-counted", "data-answer", "not-yet")
        .await?;
    Ok(())
}
