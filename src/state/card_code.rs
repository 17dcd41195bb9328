//! The QR code of another trust card, held beside the one on the page.

use verifier_core::TrustCard;

/// What the text in the QR code of a trust card's fingerprint begins with.
const PREFIX: &str = "chamgwan-card:";
const DIGITS: usize = 64;

/// What a QR code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// The fingerprint of the same card.
    Same,
    /// The fingerprint of another card: its first digits.
    Other(String),
    /// No fingerprint, but an address at which a card may lie.
    Address(String),
    /// Something else.
    NoCard,
}

/// Compares the text of a QR code with the card on the page.
pub fn compare(card: &TrustCard, text: &str) -> Scanned {
    let text = text.trim();
    if text.starts_with("https://") || text.starts_with("http://") {
        Scanned::Address(text.to_owned())
    } else if card.is_named_by(text) {
        Scanned::Same
    } else {
        fingerprint(text).map_or(Scanned::NoCard, Scanned::Other)
    }
}

/// The first digits of a fingerprint, in groups of four as on a printed card.
fn fingerprint(text: &str) -> Option<String> {
    let digits = text.strip_prefix(PREFIX)?;
    if digits.len() != DIGITS || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let groups = digits.as_bytes().chunks(4).take(5);
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    Some(groups.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::frozen_card;

    #[test]
    fn a_card_is_recognised_by_its_own_code() {
        let card = frozen_card();
        assert_eq!(compare(&card, &card.fingerprint_code()), Scanned::Same);
    }

    #[test]
    fn another_card_is_told_apart_by_its_last_digit() {
        let card = frozen_card();
        let mut code = card.fingerprint_code();
        let last = code.pop();
        code.push(if last == Some('0') { '1' } else { '0' });
        let other = Scanned::Other(card.short_fingerprint());
        assert_eq!(compare(&card, &code), other);
    }

    #[test]
    fn a_receipt_is_no_card() {
        let card = frozen_card();
        for text in ["CHG1-ABC", "chamgwan-card:", "chamgwan-card:12", ""] {
            assert_eq!(compare(&card, text), Scanned::NoCard, "{text}");
        }
    }

    #[test]
    fn an_address_may_lead_to_a_card() {
        let address = "https://card.example/trust-card.json";
        let expected = Scanned::Address(address.to_owned());
        assert_eq!(compare(&frozen_card(), address), expected);
    }
}
