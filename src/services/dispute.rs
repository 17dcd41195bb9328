//! Collects a dispute file from one node, and checks it.

use super::{clock, state_check};
use verifier_core::{
    BrokenPromise, CollectError, DisputeCollect, DisputeFile, Doubt, Receipt, TrustCard,
};

/// The file and what it shows, or why there is none. The node is the one at position `at` of the trust card's list.
pub async fn collect(
    card: &TrustCard,
    receipt: &Receipt,
    at: usize,
) -> Result<(DisputeFile, BrokenPromise), CollectError> {
    let mut collect = DisputeCollect::new(card.clone(), receipt.clone(), clock::now());
    let url = card.nodes.get(at).map(|node| node.url.as_str());
    loop {
        let needs = collect.needs();
        if needs.is_empty() {
            let file = collect.outcome().ok_or(Doubt::NotReached)?;
            let file = file.map_err(CollectError::clone)?.clone();
            let broken = file.check(card)?;
            return Ok((file, broken));
        }
        state_check::fetch_all(url, needs, |request, answer| {
            collect.supply(request, answer);
        })
        .await;
    }
}
