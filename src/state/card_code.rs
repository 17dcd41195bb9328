//! A trust card's fingerprint as people and QR codes carry it, to tell one card from another.

use verifier_core::Hash;

/// What the text in the QR code of a trust card's fingerprint begins with.
pub const CARD_PREFIX: &str = "CHC1-";
/// So many hexadecimal digits of the fingerprint are compared by eye: nobody makes another card with the same 80 bits.
const SHORT: usize = 20;

/// What a QR code says that was held beside the card on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// The fingerprint of the same card.
    Same,
    /// The fingerprint of another card, in its short form.
    Other(String),
    /// No fingerprint, but an address at which a card may lie.
    Address(String),
    /// Something else.
    NoCard,
}

/// The text for a QR code: upper case, which makes a small code.
pub fn code(fingerprint: Hash) -> String {
    format!("{CARD_PREFIX}{}", fingerprint.to_string().to_uppercase())
}

/// The first digits in groups of four, as in `3F2A 91C0 77DE 0B14 E5A2`.
pub fn short(fingerprint: Hash) -> String {
    let digits: Vec<char> = fingerprint
        .to_string()
        .to_uppercase()
        .chars()
        .take(SHORT)
        .collect();
    let groups: Vec<String> = digits.chunks(4).map(|g| g.iter().collect()).collect();
    groups.join(" ")
}

/// Compares the text of a QR code with the card on the page.
pub fn compare(fingerprint: Hash, text: &str) -> Scanned {
    let text = text.trim();
    if text.starts_with("https://") || text.starts_with("http://") {
        return Scanned::Address(text.to_owned());
    }
    let other = text
        .strip_prefix(CARD_PREFIX)
        .and_then(|digits| digits.to_lowercase().parse::<Hash>().ok());
    match other {
        Some(other) if other == fingerprint => Scanned::Same,
        Some(other) => Scanned::Other(short(other)),
        None => Scanned::NoCard,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint() -> Hash {
        Hash::of(b"card")
    }

    #[test]
    fn a_card_is_recognised_by_its_own_code() {
        assert_eq!(
            compare(fingerprint(), &code(fingerprint())),
            Scanned::Same
        );
    }

    #[test]
    fn another_card_is_told_apart_by_a_single_digit() {
        let mut other = fingerprint();
        other.0[31] ^= 1;
        assert_eq!(
            compare(fingerprint(), &code(other)),
            Scanned::Other(short(other))
        );
    }

    #[test]
    fn a_receipt_is_no_card() {
        for text in ["CHG1-ABC", "CHC1-", "CHC1-12", ""] {
            assert_eq!(compare(fingerprint(), text), Scanned::NoCard, "{text}");
        }
    }

    #[test]
    fn an_address_may_lead_to_a_card() {
        let address = "https://card.example/trust-card.json";
        assert_eq!(
            compare(fingerprint(), address),
            Scanned::Address(address.to_owned())
        );
    }

    #[test]
    fn the_short_form_is_five_groups_of_four() {
        let short = short(fingerprint());
        assert_eq!(short.len(), 24);
        assert!(short.split(' ').all(|group| group.len() == 4));
    }
}
