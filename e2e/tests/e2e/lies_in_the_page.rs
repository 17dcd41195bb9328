//! Every lie is told to the page: it says in both languages what is wrong, names the node, and never accepts.

use crate::stage::{Stage, ensure};
use crate::visit::{BOTH, Visit};
use anyhow::{Context, Result};
use e2e::{Blame, Flow, Lie, during};
use libtest_mimic::Trial;
use std::sync::Arc;
use verifier_core::{CheckId, Outcome};

pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut readers = BOTH.into_iter().cycle();
    for lie in Lie::ALL.iter().copied() {
        for flow in [Flow::ReceiptAfter, Flow::ReceiptDuring, Flow::Recount] {
            if Blame::of(lie, flow).is_some() {
                let Some(reader) = readers.next() else {
                    continue;
                };
                let name = format!("lies::{}::{flow:?}", lie.name());
                trials.push(stage.visit(&name, reader, async move |visit: &Visit| {
                    told(visit, lie, flow).await
                }));
            }
        }
    }
    trials
}

async fn told(visit: &Visit, lie: Lie, flow: Flow) -> Result<()> {
    let election = visit.election().await?;
    let node = visit.stage.liar(lie).await?;
    let card = election.card_with_node(node.url());
    let card = if flow == Flow::ReceiptDuring {
        during(card)
    } else {
        card
    };
    let site = visit.site_with(&card).await?;
    let blame = Blame::of(lie, flow).context("a lie that concerns nobody")?;
    match flow {
        Flow::Recount => {
            visit.browser.open(&site, "#/recount").await?;
            visit.browser.click("recount-start").await?;
            visit
                .browser
                .wait_for("[data-testid='recount-done'], [data-testid='recount-unusable']")
                .await?;
        }
        Flow::ReceiptAfter | Flow::ReceiptDuring => {
            let receipt = &election.receipt(Outcome::Ok)?.text;
            visit
                .browser
                .open(&site, &format!("#/check?r={receipt}"))
                .await?;
            visit.browser.see("receipt-done").await?;
        }
    }
    if blame.checks.is_empty() {
        return unusable(visit, node.url()).await;
    }
    let verdict = match flow {
        Flow::Recount => visit.recount_verdict().await?,
        Flow::ReceiptAfter | Flow::ReceiptDuring => visit.receipt_verdict().await?,
    };
    ensure(verdict == "inconclusive", || {
        format!("the verdict is {verdict}")
    })?;
    says_what_is_wrong(visit, blame.checks).await
}

async fn unusable(visit: &Visit, url: &str) -> Result<()> {
    visit.sentence("recount-fault").await?;
    let all = visit.browser.text("recount-unusable").await?;
    ensure(all.contains(url), || {
        format!("the node is not named: {all}")
    })?;
    ensure(!visit.browser.shows("verdict").await?, || {
        "a verdict without a report".into()
    })
}

async fn says_what_is_wrong(visit: &Visit, checks: &[CheckId]) -> Result<()> {
    for id in checks.iter().map(|id| id.as_str()) {
        let open = format!(
            "[data-testid='check-{id}'][data-outcome='unknown'] [data-testid='reasons-{id}']"
        );
        if visit.browser.has(&open).await? {
            let [korean, _] = visit.sentence(&format!("reasons-{id}")).await?;
            // "Not reached" is what rows say that come after the culprit.
            if !korean.contains("이르지") {
                return Ok(());
            }
        }
    }
    anyhow::bail!("none of {checks:?} says what is wrong")
}
