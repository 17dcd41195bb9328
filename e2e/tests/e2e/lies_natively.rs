//! Every lie is told to the verifier itself: it never accepts, and blames what is wrong.

use crate::stage::{Stage, ensure};
use anyhow::{Context, Result};
use e2e::{Blame, Flow, Lie, Transport, during, now};
use libtest_mimic::Trial;
use std::sync::Arc;
use std::time::Duration;
use verifier_core::{CheckOutcome, Doubt, Outcome, Report, Verdict};

/// Long enough for an honest node on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
const LITTLE_PATIENCE: Duration = Duration::from_millis(300);

pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let flows = [Flow::ReceiptAfter, Flow::ReceiptDuring, Flow::Recount];
    let mut trials = vec![stage.trial("natively::the_truth_is_accepted", truth)];
    for lie in Lie::ALL {
        for flow in flows {
            let name = format!("natively::{}::{flow:?}", lie.name());
            trials.push(stage.trial(&name, move |stage| told(stage, *lie, flow)));
        }
    }
    for lie in Lie::OF_CONTENTS {
        let name = format!("natively::{}::told_by_all_validators", lie.name());
        trials.push(stage.trial(&name, move |stage| told_by_all(stage, lie)));
    }
    trials
}

/// Not even all validators together can make a recount accept: it does not rest on their word.
async fn told_by_all(stage: Arc<Stage>, lie: Lie) -> Result<()> {
    let (node, card) = stage.conspiracy(lie).await?;
    let node = Transport::new(node.url(), PATIENCE);
    let report = node
        .recount(card, now())
        .await
        .report
        .context("no report")?;
    ensure(report.verdict == Verdict::Rejected, || describe(&report))
}

async fn truth(stage: Arc<Stage>) -> Result<()> {
    let election = stage.election().await?;
    let honest = Transport::new(election.url(), PATIENCE);
    let sample = election.receipt(Outcome::Ok)?;
    for card in [election.card.clone(), during(election.card.clone())] {
        let (report, _) = honest.check(card.clone(), &sample.text, now()).await;
        ensure(report.verdict == Verdict::Accepted, || describe(&report))?;
        let report = honest
            .recount(card, now())
            .await
            .report
            .context("no report")?;
        ensure(report.verdict == Verdict::Accepted, || describe(&report))?;
    }
    Ok(())
}

async fn told(stage: Arc<Stage>, lie: Lie, flow: Flow) -> Result<()> {
    let election = stage.election().await?;
    let liar = stage.liar(lie).await?;
    let patience = if lie == Lie::Delayed {
        LITTLE_PATIENCE
    } else {
        PATIENCE
    };
    let node = Transport::new(liar.url(), patience);
    let card = election.card.clone();
    let receipt = &election.receipt(Outcome::Ok)?.text;
    let (report, fault) = match flow {
        Flow::ReceiptAfter => (Some(node.check(card, receipt, now()).await.0), None),
        Flow::ReceiptDuring => (Some(node.check(during(card), receipt, now()).await.0), None),
        Flow::Recount => {
            let recounted = node.recount(card, now()).await;
            (recounted.report, recounted.fault)
        }
    };
    match (Blame::of(lie, flow), report) {
        (None, report) => {
            let report = report.context("no report")?;
            ensure(report.verdict == Verdict::Accepted, || describe(&report))
        }
        (Some(blame), Some(report)) => is_blamed(&blame, &report),
        (Some(blame), None) => {
            let fault = fault.context("neither a report nor a fault")?;
            ensure(
                blame.checks.is_empty() && (blame.says)(&Doubt::Source(fault.clone())),
                || format!("{fault}"),
            )
        }
    }
}

fn is_blamed(blame: &Blame, report: &Report) -> Result<()> {
    ensure(report.verdict == Verdict::Inconclusive, || describe(report))?;
    let blamed = report.checks.iter().any(|check| {
        blame.checks.contains(&check.id)
            && matches!(&check.outcome, CheckOutcome::Unknown(doubt) if (blame.says)(doubt))
    });
    ensure(blamed, || describe(report))
}

fn describe(report: &Report) -> String {
    let rows = report
        .checks
        .iter()
        .map(|check| format!("\n  {} {:?}", check.id.as_str(), check.outcome));
    format!("{:?}{}", report.verdict, rows.collect::<String>())
}
