//! A link that carries the receipt after `#` starts the check by itself; another link on the same page starts the next one.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::{Context, Result};
use verifier_core::Outcome;

pub async fn test(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    let samples = visit.election().await?.samples.iter();
    let mut counted = samples.filter(|sample| sample.outcome == Outcome::Ok);
    for _ in 0..2 {
        let sample = counted.next().context("two receipts")?;
        visit
            .browser
            .open(&site, &format!("#/check?r={}", sample.text))
            .await?;
        let code = sample.receipt.tracking_code.to_string();
        visit.browser.until_text("tracking-code", &code).await?;
        let verdict = visit.receipt_verdict().await?;
        ensure(verdict == "accepted", || verdict)?;
    }
    Ok(())
}
