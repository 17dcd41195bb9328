//! The last header that enough nodes agreed on, kept from one visit to the next: whoever tells another history then is found out.

use super::storage;
use verifier_core::{Anchor, TrustCard};

/// The header verified on an earlier visit. Whatever cannot be read is as good as none.
pub fn known(card: &TrustCard) -> Option<Anchor> {
    serde_json::from_str(&storage::get(&key(card))?).ok()
}

/// Keeps a header if it is above the one kept before.
pub fn remember(card: &TrustCard, anchor: Anchor) {
    let higher = known(card).is_none_or(|kept| anchor.height > kept.height);
    if higher && let Ok(text) = serde_json::to_string(&anchor) {
        storage::set(&key(card), &text);
    }
}

/// Forgets it.
pub fn forget(card: &TrustCard) {
    storage::remove(&key(card));
}

/// A ledger is known by its name and its beginning.
fn key(card: &TrustCard) -> String {
    format!("chamgwan.known.{}.{}", card.chain_id, card.genesis)
}
