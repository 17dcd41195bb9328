//! Asks all nodes of the trust card for the same headers.

use super::{clock, document, kept, node, setting};
use crate::state::SessionChange;
use crate::state::watch::Found;
use futures_util::stream::{self, StreamExt};
use gloo::timers::future::TimeoutFuture;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use verifier_core::rpc::{CommitAnswer, decode_answer};
use verifier_core::{
    Agreement, Anchor, Answer, CardAge, Consensus, Height, NodeStanding, Request, Seconds, Survey,
    TrustCard, Verdict,
};

/// So many requests are under way at a time, over all nodes.
const AT_ONCE: usize = 24;
/// A node that is a block behind what a verification relies on gets so many chances to catch up, this long apart.
const PATIENCE: u32 = 5;
const PAUSE_MS: u32 = 1_000;
const CLOSE: Height = 20;

/// Between two surveys of a ledger that grows, and of one that has ended.
const RUNNING_MS: u32 = 30_000;
const ENDED_MS: u32 = 300_000;

/// One survey; `None` if the card's validators cannot be used. What enough nodes agree on is kept for the next visit.
async fn run(card: &TrustCard) -> Option<Found> {
    let found = ask(card, None).await?;
    let now = clock::now();
    let expired = matches!(card.age(now), CardAge::Expired { .. });
    if found.agreement.consensus() == Consensus::Enough
        && !expired
        && let Some(anchor) = anchor(&found)
    {
        kept::remember(card, anchor);
    }
    Some(found)
}

/// Surveys at once, and again and again while the tab is looked at and `on` holds.
pub async fn watch(card: Rc<TrustCard>, on: Rc<Cell<bool>>, tell: impl Fn(SessionChange)) {
    let pause = match card.final_header {
        Some(_) => ENDED_MS, // nothing is added any more
        None => RUNNING_MS,
    };
    while on.get() {
        if document::is_visible() {
            tell(SessionChange::Asking);
            let found = run(&card).await;
            if let Some(found) = found.filter(|_| on.get()) {
                tell(SessionChange::Surveyed(Rc::new(found)));
            }
        }
        TimeoutFuture::new(pause).await;
    }
}

/// A survey beside a verification, about the header that it relies on. Nodes a few blocks behind it are waited for. Where there is no
/// verdict to hold back, nobody is asked.
pub async fn beside(
    card: &TrustCard,
    verdict: Verdict,
    anchor: Option<Anchor>,
) -> Option<Rc<Found>> {
    match verdict {
        Verdict::Inconclusive => None,
        Verdict::Accepted | Verdict::Rejected => relying_on(card, anchor).await.map(Rc::new),
    }
}

async fn relying_on(card: &TrustCard, anchor: Option<Anchor>) -> Option<Found> {
    let mut found = ask(card, anchor).await?;
    for _ in 0..PATIENCE {
        if !may_catch_up(&found.agreement) {
            break;
        }
        TimeoutFuture::new(PAUSE_MS).await;
        found = ask(card, anchor).await?;
    }
    Some(found)
}

async fn ask(card: &TrustCard, relied_on: Option<Anchor>) -> Option<Found> {
    let now = clock::now();
    let mut survey = Survey::new(card, now, kept::known(card)).ok()?;
    if let Some(required) = setting::required(card) {
        survey = survey.requiring(required);
    }
    if let Some(anchor) = relied_on {
        survey = survey.relying_on(anchor);
    }
    let mut notes = Notes {
        latency_ms: vec![None; card.nodes.len()],
        times: Vec::new(),
    };
    loop {
        let needs = survey.needs();
        if needs.is_empty() {
            return Some(notes.finish(survey.agreement(), now));
        }
        let mut answers = stream::iter(needs)
            .map(|(at, request)| one(card, at, request))
            .buffer_unordered(AT_ONCE);
        while let Some((at, request, answer, took)) = answers.next().await {
            notes.take(at, &request, &answer, took);
            survey.supply(at, &request, answer);
        }
    }
}

async fn one(card: &TrustCard, at: usize, request: Request) -> (usize, Request, Answer, u64) {
    let begun = clock::milliseconds();
    let url = card.nodes.get(at).map_or("", |node| node.url.as_str());
    let answer = node::ask(url, &request).await;
    let took = clock::milliseconds().saturating_sub(begun);
    (at, request, answer, took)
}

/// What is shown beside the agreement.
struct Notes {
    latency_ms: Vec<Option<u64>>,
    /// Node, height and time of the headers that came.
    times: Vec<(usize, Height, Seconds)>,
}

impl Notes {
    fn take(&mut self, at: usize, request: &Request, answer: &Answer, took: u64) {
        let Ok(bytes) = answer else {
            return;
        };
        match request {
            Request::Status => {
                if let Some(latency) = self.latency_ms.get_mut(at) {
                    *latency = Some(took);
                }
            }
            _ => self
                .times
                .extend(header_time(bytes).map(|(h, t)| (at, h, t))),
        }
    }

    /// Only headers of nodes without fault count: their signatures were verified.
    fn finish(self, agreement: Agreement, at: Seconds) -> Found {
        let sound = |node: &usize| {
            let standing = agreement.nodes.get(*node);
            matches!(standing, Some(NodeStanding::Agrees { .. }))
        };
        let times: BTreeMap<Height, Seconds> = self
            .times
            .iter()
            .filter(|(node, ..)| sound(node))
            .map(|(_, height, time)| (*height, *time))
            .collect();
        Found {
            compared_time: times.get(&agreement.height).copied(),
            newest: times.last_key_value().map(|(h, t)| (*h, *t)),
            agreement,
            latency_ms: self.latency_ms,
            at,
        }
    }
}

fn header_time(bytes: &[u8]) -> Option<(Height, Seconds)> {
    let header = decode_answer::<CommitAnswer>(bytes)
        .ok()?
        .signed_header
        .header;
    let time = u64::try_from(header.time.unix_timestamp()).ok()?;
    Some((header.height.value(), time))
}

/// The header that the nodes agreed on.
fn anchor(found: &Found) -> Option<Anchor> {
    let (height, hash) = (found.agreement.height, found.agreement.hash?);
    let time = found.compared_time?;
    Some(Anchor { height, hash, time })
}

fn may_catch_up(agreement: &Agreement) -> bool {
    let close = |node: &NodeStanding| matches!(node, NodeStanding::Behind { latest } if latest.saturating_add(CLOSE) >= agreement.height);
    matches!(agreement.consensus(), Consensus::TooFew { .. }) && agreement.nodes.iter().any(close)
}
