//! All validators together sign a ledger in which a ballot counts twice, or an outcome is misstated. The recount rejects it.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::Lie;

pub async fn test(visit: &Visit) -> Result<()> {
    for (lie, check) in [
        (Lie::CountedTwice, "recount.assets"),
        (Lie::OutcomeMisstated, "recount.outcomes"),
    ] {
        let (_node, card) = visit.stage.conspiracy(lie).await?;
        let site = visit.site_with(&card).await?;
        visit.browser.open(&site, "#/recount").await?;
        visit.browser.click("recount-start").await?;
        let verdict = visit.recount_verdict().await?;
        ensure(verdict == "rejected", || {
            format!("{}: {verdict}", lie.name())
        })?;
        visit
            .browser
            .see_with(&format!("check-{check}"), "data-outcome", "failed")
            .await?;
        let code = visit
            .election()
            .await?
            .plot()?
            .receipt
            .tracking_code
            .to_string();
        let [_, english] = visit.sentence(&format!("reasons-{check}")).await?;
        let named = code.get(..8).is_some_and(|start| english.contains(start))
            || english.chars().any(|c| c.is_ascii_digit());
        ensure(named, || format!("the culprit is not named: {english}"))?;
    }
    Ok(())
}
