//! `chamgwan dispute`: a file that says that a municipality broke its promise; and the writing of one.

use crate::source::Source;
use anyhow::{Context, Result, bail};
use serde::Serialize;
use std::path::Path;
use verifier_core::{
    BrokenPromise, CollectError, DisputeCollect, DisputeFile, HeaderHash, Height, Name, Receipt,
    Seconds, TrackingCode, TrustCard, Verdict, short_code,
};

/// Verifies everything in the file against the trust card, and names the municipality. `Accepted` if the promise was broken, `Rejected` if the
/// file shows no broken promise.
///
/// # Errors
/// If it cannot be read.
pub fn dispute(card: &TrustCard, path: &Path, json: bool) -> Result<Verdict> {
    let bytes = std::fs::read(path)
        .with_context(|| format!("the dispute {} cannot be read", path.display()))?;
    let file = DisputeFile::read(&bytes)
        .with_context(|| format!("{} cannot be read as a dispute", path.display()))?;
    let broken = match file.check(card) {
        Ok(broken) => broken,
        Err(error) => {
            eprintln!("This file shows no broken promise: {error}.");
            return Ok(Verdict::Rejected);
        }
    };
    let municipality = card.contract.municipality(broken.municipality);
    let name = &municipality
        .context("the contract has no such municipality")?
        .name;
    if json {
        print_json(&broken, name)?;
    } else {
        print!("{}", describe(&broken, name));
    }
    Ok(Verdict::Accepted)
}

/// What the file shows, in sentences.
fn describe(broken: &BrokenPromise, name: &Name) -> String {
    let (height, hash, time) = broken.header;
    let lines = [
        format!("{} ({}) broke its promise.", name.en, name.ko),
        format!("{}이(가) 약속을 지키지 않았습니다.", name.ko),
        format!(
            "  ballot         {}  ({})",
            broken.code,
            short_code(&broken.code)
        ),
        format!("  voting right   {}", broken.asset),
        format!("  promised at    {} (seconds since 1970)", broken.time),
        format!("  due by         {}", broken.deadline),
        format!("  not there at   {time}, after block {height}: {hash}"),
    ];
    lines.join("\n") + "\n"
}

#[derive(Serialize)]
struct Printed<'a> {
    municipality: u16,
    name_ko: &'a str,
    name_en: &'a str,
    tracking_code: TrackingCode,
    voting_right: String,
    time: Seconds,
    deadline: Seconds,
    height: Height,
    header: HeaderHash,
    header_time: Seconds,
}

fn print_json(broken: &BrokenPromise, name: &Name) -> Result<()> {
    let (height, header, header_time) = broken.header;
    let printed = Printed {
        municipality: broken.municipality,
        name_ko: &name.ko,
        name_en: &name.en,
        tracking_code: broken.code,
        voting_right: broken.asset.to_string(),
        time: broken.time,
        deadline: broken.deadline,
        height,
        header,
        header_time,
    };
    println!("{}", serde_json::to_string_pretty(&printed)?);
    Ok(())
}

/// Collects a dispute about the receipt from a node and writes it, if there is reason for one.
///
/// # Errors
/// If there is none, or the node does not give what it takes.
pub fn write(
    card: &TrustCard,
    receipt: &Receipt,
    node: &str,
    path: &Path,
    now: Seconds,
) -> Result<()> {
    let source = Source::node(node);
    let mut collect = DisputeCollect::new(card.clone(), receipt.clone(), now);
    let file = loop {
        for request in collect.needs() {
            let answer = source.fetch(&request);
            collect.supply(&request, answer);
        }
        match collect.outcome() {
            None => {}
            Some(Ok(file)) => break file,
            Some(Err(CollectError::Doubt(doubt))) => {
                bail!("no dispute can be written yet: {doubt}")
            }
            Some(Err(CollectError::DoesNotHold(error))) => {
                bail!("there is no reason for a dispute: {error}")
            }
        }
    };
    std::fs::write(path, file.to_json())
        .with_context(|| format!("{} cannot be written", path.display()))
}
