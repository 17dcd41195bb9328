//! A trust card's fingerprint, as people and cameras compare it.

use super::TrustCard;

/// So many hexadecimal digits are compared by eye: 80 bits. Whoever wants another card with the same ones has to try 2⁸⁰.
const SHORT: usize = 20;
const GROUP: usize = 4;
const PREFIX: &str = "chamgwan-card:";

impl TrustCard {
    /// The first twenty digits of the fingerprint in five groups, to be compared with printed ones.
    pub fn short_fingerprint(&self) -> String {
        let digits = self.fingerprint().to_string();
        let groups = digits.as_bytes().chunks(GROUP).take(SHORT / GROUP);
        let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
        groups.join(" ")
    }

    /// What the code on a printed card says: `chamgwan-card:` and all 64 digits.
    pub fn fingerprint_code(&self) -> String {
        format!("{PREFIX}{}", self.fingerprint())
    }

    /// Whether `text` names this card: the text of its code, or at least the first twenty digits of its fingerprint, whatever the case
    /// and the blanks and hyphens between them.
    pub fn is_named_by(&self, text: &str) -> bool {
        let text = text.trim();
        let digits = text.strip_prefix(PREFIX).unwrap_or(text).chars();
        let digits = digits.filter(|c| !c.is_whitespace() && *c != '-');
        let digits: String = digits.map(|c| c.to_ascii_lowercase()).collect();
        digits.len() >= SHORT && self.fingerprint().to_string().starts_with(&digits)
    }
}
