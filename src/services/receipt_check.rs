//! Carries a receipt's check: fetches what it needs from one node until it needs nothing more.

use super::{clock, header_store, node, survey};
use crate::state::Findings;
use crate::state::kept_headers::KeptHeaders;
use futures_util::stream::{self, StreamExt};
use gloo::timers::future::TimeoutFuture;
use std::rc::Rc;
use verifier_core::{
    Anchor, Check, Receipt, ReceiptCheck, ReceiptProofCollect, SourceFault, TrustCard, Verdict,
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
    let check = check(card, receipt, at, progress).await;
    let (report, evidence) = (check.report(), check.evidence().clone());
    let anchor = evidence.anchor;
    let anchor = anchor.map(|(height, hash, time)| Anchor { height, hash, time });
    let found = survey::beside(card, report.verdict, anchor).await;
    Findings {
        report,
        evidence,
        found,
        proof: ReceiptProofCollect::new(&check).map(Rc::new),
    }
}

/// With the headers kept from an earlier visit; if that does not end well, anew without them, for they may be damaged.
async fn check(
    card: &TrustCard,
    receipt: &Receipt,
    at: usize,
    progress: impl Fn(&[Check]),
) -> ReceiptCheck {
    let kept = header_store::load(card).await;
    let mut headers = kept.clone();
    let mut result = check_with(card, receipt, at, &mut headers, &progress).await;
    let accepted = |check: &ReceiptCheck| check.report().verdict == Verdict::Accepted;
    if !accepted(&result) && kept != KeptHeaders::default() {
        headers = KeptHeaders::default();
        result = check_with(card, receipt, at, &mut headers, &progress).await;
    }
    if accepted(&result) && headers != kept {
        header_store::save(card, &headers).await;
    }
    result
}

async fn check_with(
    card: &TrustCard,
    receipt: &Receipt,
    at: usize,
    headers: &mut KeptHeaders,
    progress: &impl Fn(&[Check]),
) -> ReceiptCheck {
    let mut check = ReceiptCheck::new(card.clone(), &receipt.to_text(), clock::now());
    let url = card.nodes.get(at).map(|node| node.url.as_str());
    loop {
        progress(&check.report().checks);
        TimeoutFuture::new(0).await; // let the page draw what is known so far
        let needs = check.needs();
        if needs.is_empty() {
            return check;
        }
        let (kept, asked): (Vec<_>, Vec<_>) = needs
            .into_iter()
            .map(|request| (headers.answer(&request), request))
            .partition(|(answer, _)| answer.is_some());
        for (answer, request) in kept {
            check.supply(&request, answer.ok_or(SourceFault::Unreachable));
        }
        let mut answers = stream::iter(asked)
            .map(|(_, request)| async move {
                let answer = match url {
                    Some(url) => node::ask(url, &request).await,
                    None => Err(SourceFault::Unreachable),
                };
                (request, answer)
            })
            .buffer_unordered(AT_ONCE);
        while let Some((request, answer)) = answers.next().await {
            if let Ok(bytes) = &answer {
                headers.take(&request, bytes);
            }
            check.supply(&request, answer);
        }
    }
}
