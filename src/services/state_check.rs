//! Carries a question about the state: fetches what it needs from one node until it needs nothing more.

use super::{clock, node, survey};
use crate::state::rights::Answered;
use futures_util::stream::{self, StreamExt};
use gloo::timers::future::TimeoutFuture;
use verifier_core::{
    Anchor, Answer, Check, Request, SourceFault, StateCheck, StateQuestion, TrustCard,
};

/// A browser opens about this many connections to one server.
const AT_ONCE: usize = 6;

/// Asks the node at position `at` of the trust card's list, and shows the checks as they are done. Then all nodes are asked for the header
/// that the answer hangs from.
pub async fn run(
    card: &TrustCard,
    question: StateQuestion,
    at: usize,
    progress: impl Fn(&[Check]),
) -> Answered {
    let mut check = StateCheck::new(card.clone(), question, clock::now());
    let url = card.nodes.get(at).map(|node| node.url.as_str());
    loop {
        progress(check.checks());
        TimeoutFuture::new(0).await; // let the page draw what is known so far
        let needs = check.needs();
        if needs.is_empty() {
            let (verdict, anchor) = (check.verdict(), check.anchor());
            let relied_on = anchor.map(|(height, hash, time)| Anchor { height, hash, time });
            return Answered {
                verdict,
                answer: check.answer().cloned(),
                checks: check.checks().into(),
                anchor,
                found: survey::beside(card, verdict, relied_on).await,
            };
        }
        fetch_all(url, needs, |request, answer| check.supply(request, answer)).await;
    }
}

/// Fetches all of these, a few at once, and hands over each answer as it comes.
pub async fn fetch_all(
    url: Option<&str>,
    needs: Vec<Request>,
    mut supply: impl FnMut(&Request, Answer),
) {
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
        supply(&request, answer);
    }
}
