//! Carries a receipt's check: fetches what it needs from one node until it needs nothing more.

use super::{clock, node, survey};
use crate::state::Findings;
use futures_util::stream::{self, StreamExt};
use gloo::timers::future::TimeoutFuture;
use verifier_core::{
    Anchor, Check, Evidence, Receipt, ReceiptCheck, Report, SourceFault, TrustCard,
};

/// A browser opens about this many connections to one server.
const AT_ONCE: usize = 6;

/// Checks a receipt against the node at position `at` of the trust card's list, and shows the checks as they are done. Then all nodes
/// are asked for the header that the check came to rely on.
pub async fn run(
    card: &TrustCard,
    receipt: &Receipt,
    at: usize,
    progress: impl Fn(&[Check]),
) -> Findings {
    let (report, evidence) = check(card, receipt, at, progress).await;
    let anchor = evidence.anchor;
    let anchor = anchor.map(|(height, hash, time)| Anchor { height, hash, time });
    let found = survey::beside(card, report.verdict, anchor).await;
    Findings {
        report,
        evidence,
        found,
    }
}

async fn check(
    card: &TrustCard,
    receipt: &Receipt,
    at: usize,
    progress: impl Fn(&[Check]),
) -> (Report, Evidence) {
    let mut check = ReceiptCheck::new(card.clone(), &receipt.to_text(), clock::now());
    let url = card.nodes.get(at).map(|node| node.url.as_str());
    loop {
        progress(&check.report().checks);
        TimeoutFuture::new(0).await; // let the page draw what is known so far
        let needs = check.needs();
        if needs.is_empty() {
            return (check.report(), check.evidence().clone());
        }
        let mut answers = stream::iter(needs)
            .map(|request| async move {
                let answer = match url {
                    Some(url) => node::ask(url, &request).await,
                    None => Err(SourceFault::Unreachable),
                };
                (request, answer)
            })
            .buffer_unordered(AT_ONCE);
        while let Some((request, answer)) = answers.next().await {
            check.supply(&request, answer);
        }
    }
}
