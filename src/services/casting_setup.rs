//! Reads the blocks before opening, from one node after another, until the keys are known that ballots are made with.

use super::state_check::fetch_all;
use super::{clock, node};
use crate::state::kiosk::Readiness;
use gloo::timers::future::TimeoutFuture;
use std::cell::Cell;
use std::rc::Rc;
use verifier_core::{CastingSetup, SetupStanding, TrustCard};

/// Between two looks at a ledger that has not come to the opening.
const EARLY_MS: u32 = 3_000;
/// Before another node is asked.
const FAULTED_MS: u32 = 2_000;

/// Reads until it is ready, or there is nothing to get ready for, or `on` no longer holds.
pub async fn run(card: Rc<TrustCard>, on: Rc<Cell<bool>>, tell: impl Fn(Readiness)) {
    let mut at = node::some_node(card.nodes.len());
    while on.get() {
        match read_from(&card, at, &on, &tell).await {
            SetupStanding::Faulted(fault) => {
                tell(Readiness::Faulted(fault));
                TimeoutFuture::new(FAULTED_MS).await;
                at = (at + 1).checked_rem(card.nodes.len()).unwrap_or(0);
            }
            SetupStanding::NoKeys => return tell(Readiness::NoKeys),
            SetupStanding::Ready | SetupStanding::Early | SetupStanding::Reading => return,
        }
    }
}

async fn read_from(
    card: &TrustCard,
    at: usize,
    on: &Cell<bool>,
    tell: &impl Fn(Readiness),
) -> SetupStanding {
    let mut setup = CastingSetup::new(card.clone(), clock::now());
    let url = card.nodes.get(at).map(|node| node.url.as_str());
    while on.get() {
        match setup.standing() {
            SetupStanding::Reading => {
                let blocks = setup.progress().last.unwrap_or(0);
                tell(Readiness::Reading(blocks));
                let needs = setup.needs();
                fetch_all(url, needs, |request, answer| setup.supply(request, answer)).await;
            }
            SetupStanding::Early => {
                tell(Readiness::Early);
                TimeoutFuture::new(EARLY_MS).await;
                setup.look_again();
            }
            SetupStanding::Ready => {
                let ready = setup.keys().map(|keys| Readiness::Ready(Rc::new(keys)));
                ready.map(tell);
                return SetupStanding::Ready;
            }
            ended @ (SetupStanding::NoKeys | SetupStanding::Faulted(_)) => return ended,
        }
    }
    setup.standing()
}
