//! `chamgwan check`: a receipt, against one node.

use crate::source::Source;
use anyhow::{Context, Result};
use std::path::Path;
use verifier_core::{ReceiptCheck, Report, Seconds, TrustCard};

pub fn check(card: TrustCard, receipt: &str, node: Option<String>, now: Seconds) -> Result<Report> {
    let text = read_receipt(receipt)?;
    let node = node
        .or_else(|| card.nodes.first().map(|node| node.url.clone()))
        .context("the trust card names no node; name one with --node")?;
    let source = Source::node(&node);
    let mut check = ReceiptCheck::new(card, &text, now);
    loop {
        let needs = check.needs();
        if needs.is_empty() {
            return Ok(check.report());
        }
        for request in needs {
            let answer = source.fetch(&request);
            check.supply(&request, answer);
        }
    }
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
