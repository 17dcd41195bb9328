//! What the page makes of several nodes at once.

mod agree;
mod forked;
mod kept;
mod rewritten;
mod too_few;

use crate::stage::Stage;
use crate::visit::{BOTH, Visit};
use anyhow::Result;
use e2e::during;
use libtest_mimic::Trial;
use std::sync::Arc;
use verifier_core::{NodeAddress, TrustCard};

/// Nothing listens on the discard port of this machine.
const NOBODY: &str = "http://127.0.0.1:9";

pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let visits = |reader| {
        [
            stage.visit("witnesses::agree", reader, agree::test),
            stage.visit(
                "witnesses::storage_is_refused",
                reader,
                agree::without_storage,
            ),
            stage.visit("witnesses::headers_are_kept", reader, kept::test),
            stage.visit("witnesses::too_few", reader, too_few::test),
            stage.visit(
                "witnesses::too_few_beside_a_final_header",
                reader,
                too_few::after,
            ),
            stage.visit("witnesses::a_fork_stops_everything", reader, forked::test),
            stage.visit(
                "witnesses::history_is_rewritten_between_visits",
                reader,
                rewritten::test,
            ),
        ]
    };
    BOTH.into_iter().flat_map(visits).collect()
}

/// The trust card while the election runs, with nodes at these addresses.
async fn card(visit: &Visit, urls: &[&str]) -> Result<TrustCard> {
    let nodes = (0..).zip(urls).map(|(municipality, url)| NodeAddress {
        municipality,
        url: (*url).to_owned(),
    });
    Ok(TrustCard {
        nodes: nodes.collect(),
        ..during(visit.election().await?.card.clone())
    })
}
