//! The voting right that is printed on a card: whoever holds it can cast the ballot of one voter address.
//!
//! As text it is `CHR1-` followed by base32 and a check code, like a receipt. Everything in here is as secret as the seed: values are wiped
//! when they are dropped, and nothing shows the seed but [`VotingRight::to_text`].

use crate::coded_text::{self, CodeFault};
use crate::encoding::{self, EncodingError};
use crate::ids::{ContractId, GenesisHash};
use borsh::{BorshDeserialize, BorshSerialize};
use core::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// A voting right's text begins with this; the digit is the version.
pub const VOTING_RIGHT_PREFIX: &str = "CHR1-";
const CHECK_LABEL: &[u8] = b"chamgwan/voting-right-check/v1";
const VERSION: u8 = 1;
const BYTES: usize = 97;

/// A voter's secret for one election.
#[derive(PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct VotingRight {
    version: u8,
    pub genesis: GenesisHash,
    pub contract: ContractId,
    /// The ed25519 seed (RFC 8032, 5.1.5) whose public key is the voter address.
    pub seed: [u8; 32],
}

/// Why a text is not a voting right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, BorshSerialize, BorshDeserialize)]
pub enum VotingRightError {
    #[error("the text is empty")]
    Empty,
    #[error("the text is longer than 4096 characters")]
    TooLong,
    #[error("the text does not begin with {VOTING_RIGHT_PREFIX}")]
    Prefix,
    #[error("the text holds a character that no voting right has, or was cut short")]
    Alphabet,
    #[error("the check code does not fit: a character is wrong or missing")]
    CheckCode,
    #[error(transparent)]
    Encoding(#[from] EncodingError),
}

impl VotingRight {
    /// A voting right of the current version.
    pub fn new(genesis: GenesisHash, contract: ContractId, seed: [u8; 32]) -> Self {
        Self {
            version: VERSION,
            genesis,
            contract,
            seed,
        }
    }

    /// Reads a voting right from what was scanned or typed: bare text, or a link whose fragment holds it.
    ///
    /// White space and hyphens within the code and the case of letters do not matter. Says nothing about whether an asset was issued to it.
    pub fn parse(text: &str) -> Result<Self, VotingRightError> {
        let payload = Zeroizing::new(coded_text::read(text, VOTING_RIGHT_PREFIX, CHECK_LABEL)?);
        let right: Self = encoding::decode(&payload, BYTES)?;
        if right.version != VERSION {
            return Err(EncodingError::UnknownVersion {
                actual: right.version,
                expected: VERSION,
            }
            .into());
        }
        Ok(right)
    }

    /// The voting right as text: 167 upper-case letters and digits and one hyphen, which QR codes hold compactly.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Vec::with_capacity(coded_text::with_check_code(BYTES));
        bytes.extend([self.version]);
        bytes.extend(self.genesis.as_bytes());
        bytes.extend(self.contract.as_bytes());
        bytes.extend(self.seed);
        Zeroizing::new(coded_text::write(bytes, VOTING_RIGHT_PREFIX, CHECK_LABEL))
    }
}

impl Zeroize for VotingRight {
    fn zeroize(&mut self) {
        self.seed.zeroize();
    }
}

impl Drop for VotingRight {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl ZeroizeOnDrop for VotingRight {}

impl fmt::Debug for VotingRight {
    /// Without the seed, so that no log holds it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VotingRight")
            .field("genesis", &self.genesis)
            .field("contract", &self.contract)
            .finish_non_exhaustive()
    }
}

impl From<CodeFault> for VotingRightError {
    fn from(fault: CodeFault) -> Self {
        match fault {
            CodeFault::Empty => Self::Empty,
            CodeFault::TooLong => Self::TooLong,
            CodeFault::Prefix => Self::Prefix,
            CodeFault::Alphabet => Self::Alphabet,
            CodeFault::CheckCode => Self::CheckCode,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn right() -> VotingRight {
        VotingRight::new(GenesisHash([1; 32]), ContractId([2; 32]), [3; 32])
    }

    #[test]
    fn reads_its_own_text_in_a_link_in_lower_case_and_broken_over_lines() {
        let text = right().to_text();
        assert_eq!(text.len(), 167);
        assert_eq!(VotingRight::parse(&text), Ok(right()));
        let link = format!("https://example.org/#/kiosk?v={}", *text);
        assert_eq!(VotingRight::parse(&link), Ok(right()));
        let (start, end) = text.split_at(60);
        let broken = format!(" {}\n{} ", start.to_lowercase(), end);
        assert_eq!(VotingRight::parse(&broken), Ok(right()));
    }

    #[test]
    fn tells_a_torn_or_mistyped_card_from_an_unknown_one() {
        let text = right().to_text();
        for at in VOTING_RIGHT_PREFIX.len()..text.len() {
            let mut mistyped = text.as_bytes().to_vec();
            mistyped[at] = if mistyped[at] == b'A' { b'B' } else { b'A' };
            let mistyped = String::from_utf8(mistyped).unwrap();
            let torn = text.get(..at).unwrap();
            for text in [mistyped.as_str(), torn] {
                assert!(matches!(
                    VotingRight::parse(text),
                    Err(VotingRightError::CheckCode | VotingRightError::Alphabet)
                ));
            }
        }
        assert_eq!(VotingRight::parse("  "), Err(VotingRightError::Empty));
        let receipt = "CHG1-AEQCAIBAEAQ";
        assert_eq!(VotingRight::parse(receipt), Err(VotingRightError::Prefix));
        let long = "A".repeat(5000);
        assert_eq!(VotingRight::parse(&long), Err(VotingRightError::TooLong));
    }

    #[test]
    fn refuses_another_version_and_bytes_that_are_left_over() {
        let mut other = right();
        other.version = 2;
        assert!(matches!(
            VotingRight::parse(&other.to_text()),
            Err(VotingRightError::Encoding(
                EncodingError::UnknownVersion { .. }
            ))
        ));
        let mut bytes = encoding::encode(&right());
        bytes.push(0);
        let text = coded_text::write(bytes, VOTING_RIGHT_PREFIX, CHECK_LABEL);
        assert!(matches!(
            VotingRight::parse(&text),
            Err(VotingRightError::Encoding(EncodingError::TooLarge { .. }))
        ));
    }

    #[test]
    fn shows_no_seed_where_it_is_printed_by_mistake_and_holds_none_once_wiped() {
        let seen = VotingRight::new(GenesisHash([1; 32]), ContractId([2; 32]), [0xab; 32]);
        let shown = format!("{seen:?}");
        assert!(!shown.contains("171") && !shown.contains("abab"), "{shown}");
        let mut wiped = seen;
        wiped.zeroize();
        assert_eq!(wiped.seed, [0; 32]);
    }
}
