//! The heights to compare nodes at.
//!
//! A node that is stuck far below must not hide a fork above it, nor may one that claims a height that nobody else has: each node
//! backs the height that it claims with a signed header, and is compared there with everybody who has come as far.

use super::told::Told;
use crate::ids::Height;
use crate::trust_card::TrustCard;
use std::collections::BTreeSet;

/// Nodes this many blocks apart count as equally far, so that the height to agree on is one that nearly all have.
const LAG: Height = 20;

/// At most this many claimed heights are compared, the highest first.
const CLAIMS: usize = 8;

/// The lowest height that a node claims which is not far behind the middle one.
pub(super) fn middle(card: &TrustCard, nodes: &[Told]) -> Height {
    let claims = claims(card, nodes);
    let middle = claims.get(claims.len() / 2).copied().unwrap_or_default();
    let near = middle.saturating_sub(LAG);
    let lowest = claims.into_iter().find(|claim| *claim >= near);
    lowest.unwrap_or(card.trusted.height)
}

/// The highest heights claimed.
pub(super) fn highest(card: &TrustCard, nodes: &[Told]) -> impl Iterator<Item = Height> {
    let claims: BTreeSet<Height> = claims(card, nodes).into_iter().collect();
    claims.into_iter().rev().take(CLAIMS)
}

/// The latest heights of nodes without fault, lowest first. Below the card's trusted header there is nothing to compare.
fn claims(card: &TrustCard, nodes: &[Told]) -> Vec<Height> {
    let reaches = nodes.iter().filter_map(Told::sound_reach);
    let mut claims: Vec<_> = reaches
        .map(|reach| reach.latest)
        .filter(|latest| *latest >= card.trusted.height)
        .collect();
    claims.sort_unstable();
    claims
}
