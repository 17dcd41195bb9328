//! `chamgwan evidence`: a file that says that validators signed two histories.

use anyhow::{Context, Result};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;
use verifier_core::{
    AttackEvidence, CardValidator, HeaderHash, PublicKey, TrustCard, Verdict, header_hash,
};

/// Verifies everything in the file against the trust card, and prints whom it names. `Accepted` if the evidence holds, `Rejected` if
/// the file is evidence of nothing.
pub fn evidence(card: &TrustCard, path: &Path, json: bool) -> Result<Verdict> {
    let bytes = std::fs::read(path)
        .with_context(|| format!("the evidence {} cannot be read", path.display()))?;
    match AttackEvidence::read(&bytes, card) {
        Ok(evidence) if json => print_json(&evidence, card)?,
        Ok(evidence) => print!("{}", describe(&evidence, card)),
        Err(error) => {
            eprintln!("This file is no evidence: {error}.");
            return Ok(Verdict::Rejected);
        }
    }
    Ok(Verdict::Accepted)
}

/// What the evidence says, in sentences.
pub fn describe(evidence: &AttackEvidence, card: &TrustCard) -> String {
    let height = evidence.height();
    let mut lines = vec![format!(
        "The validators signed two histories from block {height} on:"
    )];
    lines.extend(hashes(evidence).map(|hash| format!("  {hash}")));
    if let Some(common) = evidence.common() {
        let (height, hash) = (common.height, header_hash(common));
        lines.push(format!("Both follow block {height}: {hash}"));
    }
    let mut list = |title: &str, keys: BTreeSet<PublicKey>| {
        if !keys.is_empty() {
            lines.push(title.into());
        }
        lines.extend(named(card, &keys).into_iter().map(line));
    };
    list("Signed both, against the rules:", evidence.culprits());
    list(
        "Signed both in different rounds; some of them broke the rules, but this does not show which:",
        evidence.suspects(),
    );
    lines.join("\n") + "\n"
}

fn line(validator: &CardValidator) -> String {
    let CardValidator {
        name_ko,
        name_en,
        key,
        ..
    } = validator;
    format!("  {name_en} ({name_ko})  {key}")
}

#[derive(Serialize)]
struct Printed<'a> {
    height: u64,
    common: Option<HeaderHash>,
    histories: [HeaderHash; 2],
    culprits: Vec<&'a CardValidator>,
    suspects: Vec<&'a CardValidator>,
}

fn print_json(evidence: &AttackEvidence, card: &TrustCard) -> Result<()> {
    let printed = Printed {
        height: evidence.height(),
        common: evidence.common().map(header_hash),
        histories: hashes(evidence),
        culprits: named(card, &evidence.culprits()),
        suspects: named(card, &evidence.suspects()),
    };
    println!("{}", serde_json::to_string_pretty(&printed)?);
    Ok(())
}

fn hashes(evidence: &AttackEvidence) -> [HeaderHash; 2] {
    evidence
        .sides()
        .each_ref()
        .map(|side| header_hash(&side.first.header))
}

/// The card's validators with these keys, in its order.
fn named<'a>(card: &'a TrustCard, keys: &BTreeSet<PublicKey>) -> Vec<&'a CardValidator> {
    let validators = card.validators.iter();
    validators.filter(|it| keys.contains(&it.key)).collect()
}
