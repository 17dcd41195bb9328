//! Collects the proof of a receipt from one node, and checks it.

use super::state_check;
use verifier_core::{
    Doubt, ProofCollectError, ProvenBallot, ReceiptProof, ReceiptProofCollect, TrustCard,
};

/// The proof and what it shows, or why there is none. The node is the one at position `at` of the trust card's list.
pub async fn collect(
    card: &TrustCard,
    begun: &ReceiptProofCollect,
    at: usize,
) -> Result<(ReceiptProof, ProvenBallot), ProofCollectError> {
    let mut collect = begun.clone();
    let url = card.nodes.get(at).map(|node| node.url.as_str());
    state_check::fetch_all(url, collect.needs(), |request, answer| {
        collect.supply(request, answer);
    })
    .await;
    let proof = collect.outcome().ok_or(Doubt::NotReached)?;
    let proof = proof.map_err(ProofCollectError::clone)?.clone();
    let ballot = proof.check(card)?;
    Ok((proof, ballot))
}
