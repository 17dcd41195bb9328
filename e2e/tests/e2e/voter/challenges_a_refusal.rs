//! A receipt of a ballot that the ledger refused is rejected, with the public reason, and never called counted.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use verifier_core::Outcome;

pub async fn test(visit: &Visit) -> Result<()> {
    let election = visit.election().await?;
    let site = visit.site().await?;
    for outcome in [
        Outcome::AssetSpent,
        Outcome::InvalidProof,
        Outcome::InvalidSignature,
    ] {
        let Ok(sample) = election.receipt(outcome) else {
            continue;
        };
        visit.paste_receipt(&site, &sample.text).await?;
        let verdict = visit.receipt_verdict().await?;
        ensure(verdict == "rejected", || format!("{outcome:?}: {verdict}"))?;
        visit
            .browser
            .see_with("answer-counted", "data-answer", "no")
            .await?;
        visit
            .browser
            .see_with("check-receipt.outcome", "data-outcome", "failed")
            .await?;
        visit.sentence("reasons-receipt.outcome").await?;
        visit.browser.click("receipt-again").await?;
    }
    Ok(())
}
