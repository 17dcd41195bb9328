//! How many nodes must agree, if the visitor has said so. Remembered for each ledger.

use super::storage;
use verifier_core::TrustCard;

/// The number that the visitor chose.
pub fn required(card: &TrustCard) -> Option<usize> {
    storage::get(&key(card))?.parse().ok()
}

/// Remembers it; `None` goes back to the default.
pub fn require(card: &TrustCard, required: Option<usize>) {
    match required {
        Some(number) => storage::set(&key(card), &number.to_string()),
        None => storage::remove(&key(card)),
    }
}

fn key(card: &TrustCard) -> String {
    format!("chamgwan.required.{}", card.chain_id)
}
