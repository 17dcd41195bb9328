//! The trust card: beside the page, or from a file that the visitor chose.

use super::{fetch, files};
use crate::state::Trust;
use std::rc::Rc;
use verifier_core::{TRUST_CARD_LIMIT, TrustCard};
use web_sys::File;

const BESIDE_THE_PAGE: &str = "./trust-card.json";

/// Reads the card that was published with the page.
pub async fn beside_the_page() -> Trust {
    from_address(BESIDE_THE_PAGE).await
}

/// Reads a card from a file.
pub async fn from_file(file: &File) -> Trust {
    match files::read(file, TRUST_CARD_LIMIT).await {
        Ok(bytes) => parse(&bytes),
        Err(fault) => Trust::Missing(fault),
    }
}

/// Reads a card from an address that the visitor gave.
pub async fn from_address(url: &str) -> Trust {
    match fetch::get(url, TRUST_CARD_LIMIT).await {
        Ok(bytes) => parse(&bytes),
        Err(fault) => Trust::Missing(fault),
    }
}

/// Reads a card from its bytes.
fn parse(bytes: &[u8]) -> Trust {
    match TrustCard::parse(bytes) {
        Ok(card) => Trust::Ready(Rc::new(card)),
        Err(error) => Trust::Malformed(error),
    }
}
