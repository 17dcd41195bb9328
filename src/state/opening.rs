//! A challenged ballot on a second device: what its opening shows, and whether the ledger says that it can never be cast.

use super::kiosk::Readiness;
use verifier_core::{ChallengedBallot, OPENING_PREFIX, OpeningError};

/// How far it has come.
#[derive(Clone, Debug, PartialEq)]
pub enum OpeningView {
    /// The candidates' keys are being rebuilt.
    Reading(Readiness),
    /// The text opens nothing.
    Faulty(OpeningError),
    Opened {
        ballot: ChallengedBallot,
        spoil: SpoilStanding,
    },
}

/// Whether the ledger says that the ballot can never be cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpoilStanding {
    Looking,
    Recorded,
    /// Not after the block before the last header.
    Absent,
    /// It could not be verified.
    Unknown,
}

/// Whether a text is meant as an opening, rather than as a receipt.
pub fn is_opening(text: &str) -> bool {
    text.to_ascii_uppercase().contains(OPENING_PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_is_told_from_a_receipt() {
        assert!(is_opening(" cho1-aeaq"));
        assert!(!is_opening("CHG1-AEAQ"));
        assert!(!is_opening(""));
    }
}
