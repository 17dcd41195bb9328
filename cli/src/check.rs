//! `chamgwan check`: a receipt, against one node; the others are witnesses.

use crate::source::Source;
use anyhow::{Context, Result};
use std::path::Path;
use verifier_core::{Anchor, ReceiptCheck, Report, Seconds, TrustCard};

/// The report, and the header that it relies on.
pub fn check(
    card: TrustCard,
    receipt: &str,
    node: &str,
    now: Seconds,
) -> Result<(Report, Option<Anchor>)> {
    let text = read_receipt(receipt)?;
    let source = Source::node(node);
    let mut check = ReceiptCheck::new(card, &text, now);
    loop {
        let needs = check.needs();
        if needs.is_empty() {
            let anchor = check.evidence().anchor;
            let anchor = anchor.map(|(height, hash, time)| Anchor { height, hash, time });
            return Ok((check.report(), anchor));
        }
        for request in needs {
            let answer = source.fetch(&request);
            check.supply(&request, answer);
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
