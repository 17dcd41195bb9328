//! `chamgwan check`: a receipt, against one node; the others are witnesses.

use crate::source::Source;
use anyhow::{Context, Result, anyhow};
use std::path::Path;
use verifier_core::{
    Anchor, ReceiptCheck, ReceiptProof, ReceiptProofCollect, Seconds, TrustCard, Verdict,
    short_code,
};

/// The check, which is over, and the header that it relies on.
pub fn check(
    card: TrustCard,
    receipt: &str,
    node: &str,
    now: Seconds,
) -> Result<(ReceiptCheck, Option<Anchor>)> {
    let text = read_receipt(receipt)?;
    let source = Source::node(node);
    let mut check = ReceiptCheck::new(card, &text, now);
    loop {
        let needs = check.needs();
        if needs.is_empty() {
            let anchor = check.evidence().anchor;
            let anchor = anchor.map(|(height, hash, time)| Anchor { height, hash, time });
            return Ok((check, anchor));
        }
        for request in needs {
            let answer = source.fetch(&request);
            check.supply(&request, answer);
        }
    }
}

/// Collects the proof of a receipt whose check is over, and writes it; where the ballot is not in effect there is none.
///
/// # Errors
/// If the node does not give what it takes, or the file cannot be written.
pub fn save_proof(check: &ReceiptCheck, node: &str, path: &Path) -> Result<()> {
    let source = Source::node(node);
    let mut collect = ReceiptProofCollect::new(check)
        .context("there is no proof to save: the ballot was not found in effect")?;
    for request in collect.needs() {
        let answer = source.fetch(&request);
        collect.supply(&request, answer);
    }
    let outcome = collect.outcome().context("the proof is not complete")?;
    let proof = outcome.map_err(|error| anyhow!("there is no proof: {error}"))?;
    std::fs::write(path, proof.to_json())
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// Judges a receipt with its proof, without a network.
///
/// # Errors
/// If the file cannot be read as one.
pub fn proof(card: &TrustCard, path: &Path) -> Result<Verdict> {
    let bytes = std::fs::read(path)
        .with_context(|| format!("the proof {} cannot be read", path.display()))?;
    let proof = ReceiptProof::read(&bytes).with_context(|| {
        format!(
            "{} cannot be read as a receipt with its proof",
            path.display()
        )
    })?;
    match proof.check(card) {
        Ok(ballot) => {
            let ((height, hash, _), (anchor, _, _)) = (ballot.block, ballot.anchor);
            let word = if ballot.counted {
                "counted"
            } else {
                "recorded"
            };
            println!("Ballot {}", proof.receipt.tracking_code);
            println!("  {}", short_code(&proof.receipt.tracking_code));
            println!("is {word}: it is in block {height}, {hash},");
            println!(
                "by the state under header {anchor}, which the validators of the trust card signed."
            );
            Ok(Verdict::Accepted)
        }
        Err(error) => {
            eprintln!("This file does not prove that the ballot is recorded: {error}.");
            Ok(Verdict::Rejected)
        }
    }
}

/// The node to ask: the one named, or else the first of the trust card.
pub fn node(card: &TrustCard, named: Option<String>) -> Result<String> {
    named
        .or_else(|| card.nodes.first().map(|node| node.url.clone()))
        .context("the trust card names no node; name one with --node")
}

/// The text itself, or what the file of that name holds.
fn read_receipt(receipt: &str) -> Result<String> {
    let path = Path::new(receipt);
    if path.is_file() {
        std::fs::read_to_string(path).with_context(|| format!("{receipt} cannot be read as text"))
    } else {
        Ok(receipt.to_string())
    }
}
