//! More than a third of the validators sign two histories. Each alone convinces; together they convict.

use crate::stage::{Stage, ensure, workspace};
use anyhow::{Context, Result};
use e2e::{Transport, during, now, survey};
use libtest_mimic::Trial;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::process::Command;
use verifier_core::{AttackEvidence, Consensus, Outcome, TrustCard, Verdict};

const PATIENCE: Duration = Duration::from_secs(20);

pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    vec![
        stage.trial("natively::fork::honest_nodes_agree", honest),
        stage.trial("natively::fork::names_exactly_the_culprits", culprits),
        stage.trial("natively::fork::stops_the_terminal", terminal),
    ]
}

async fn honest(stage: Arc<Stage>) -> Result<()> {
    let card = during(stage.election().await?.card.clone());
    let agreement = survey(&card, PATIENCE, now()).await?;
    ensure(agreement.consensus() == Consensus::Enough, || {
        format!("{agreement:?}")
    })
}

async fn culprits(stage: Arc<Stage>) -> Result<()> {
    let fork = stage.election().await?.fork().await?;
    let agreement = survey(&fork.card, PATIENCE, now()).await?;
    ensure(agreement.consensus() == Consensus::Conflict, || {
        format!("{:?}", agreement.nodes)
    })?;
    let file = agreement.evidence.context("no evidence")?.to_json();
    let evidence = AttackEvidence::read(file.as_bytes(), &fork.card)?;
    ensure(evidence.height() == fork.height, || {
        format!("block {}", evidence.height())
    })?;
    let (named, suspects) = (evidence.culprits(), evidence.suspects());
    ensure(named == fork.culprits && suspects.is_empty(), || {
        format!("{named:?} {suspects:?}")
    })
}

/// The node with the ballot alone is believed; beside the other one it is not, and the evidence that is left names the culprits.
async fn terminal(stage: Arc<Stage>) -> Result<()> {
    let election = stage.election().await?;
    let receipt = &election.receipt(Outcome::Ok)?.text;
    let fork = election.fork().await?;
    let [node, _] = &fork.nodes;
    let alone = Transport::new(node.url(), PATIENCE);
    let (report, _) = alone.check(fork.card.clone(), receipt, now()).await;
    ensure(report.verdict == Verdict::Accepted, || {
        format!("{:?}", report.checks)
    })?;

    let folder = tempfile::tempdir()?;
    let (card, evidence) = (folder.path().join("card"), folder.path().join("evidence"));
    std::fs::write(&card, fork.card.to_json())?;
    let card = card.to_string_lossy();
    let file = evidence.to_string_lossy();
    let options = ["--trust-card", &card, "--evidence", &file];
    let (status, said) = chamgwan(&[&["check", receipt], options.as_slice()].concat()).await?;
    ensure(status == Some(2) && said.is_empty(), || {
        format!("{status:?} {said}")
    })?;
    let options = ["evidence", &file, "--trust-card", &card, "--json"];
    let (status, said) = chamgwan(&options).await?;
    ensure(status == Some(0), || said.clone())?;
    ensure(named(&said)? == keys(&fork.card, &fork.culprits), || said)?;
    holds_no_more_once_altered(&evidence, &options).await
}

async fn holds_no_more_once_altered(file: &Path, options: &[&str]) -> Result<()> {
    let text = std::fs::read_to_string(file)?;
    std::fs::write(file, text.replacen("\"round\": 0", "\"round\": 1", 1))?;
    let (status, said) = chamgwan(options).await?;
    ensure(status == Some(1) && said.is_empty(), || said)
}

fn named(printed: &str) -> Result<BTreeSet<String>> {
    let printed: Value = serde_json::from_str(printed)?;
    let culprits = printed.get("culprits").and_then(Value::as_array);
    let culprits = culprits.context("no culprits")?;
    let keys = culprits
        .iter()
        .filter_map(|culprit| culprit["key"].as_str());
    Ok(keys.map(str::to_owned).collect())
}

fn keys(card: &TrustCard, of: &BTreeSet<verifier_core::PublicKey>) -> BTreeSet<String> {
    let keys = card.validators.iter().map(|validator| validator.key);
    let keys = keys.filter(|key| of.contains(key));
    keys.map(|key| key.to_string()).collect()
}

/// Exit status and output of the command line.
async fn chamgwan(arguments: &[&str]) -> Result<(Option<i32>, String)> {
    let output = Command::new(env!("CARGO"))
        .current_dir(workspace())
        .args([
            "run", "--quiet", "--locked", "-p", "cli", "--bin", "chamgwan", "--",
        ])
        .args(arguments)
        .output()
        .await?;
    Ok((output.status.code(), String::from_utf8(output.stdout)?))
}
