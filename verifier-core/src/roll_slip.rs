//! The roll slip: what a registrar gives everybody on its roll, so that they can look for their own entry among the rights issued.
//!
//! An Issue transaction carries one salted commitment for each right; without the salt nobody can tell whose it is. As text a slip is
//! `CHN1-` followed by base32 and a check code, like a receipt: a mistyped one must not come out as "nothing was issued".

use crate::coded_text::{self, CodeFault};
use crate::encoding::{self, EncodingError};
use crate::ids::{ContractId, GenesisHash, Hash, MunicipalityIndex};
use borsh::{BorshDeserialize, BorshSerialize};

/// A roll slip's text begins with this; the digit is the version.
pub const ROLL_SLIP_PREFIX: &str = "CHN1-";
const CHECK_LABEL: &[u8] = b"chamgwan/roll-slip-check/v1";
const COMMITMENT_LABEL: &[u8] = b"chamgwan/roll-entry/v1";
const SLIP_LIMIT: usize = 512;
const ENTRY_LIMIT: usize = 200;
const VERSION: u8 = 1;

/// A person's entry on the roll, with the salt that its commitment was made with.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RollSlip {
    pub version: u8,
    pub genesis: GenesisHash,
    pub contract: ContractId,
    pub municipality: MunicipalityIndex,
    pub salt: [u8; 32],
    /// The entry as it stands on the roll: 1 to 200 bytes of UTF-8.
    pub entry: String,
}

/// Why a text is not a roll slip.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RollSlipError {
    #[error("the text is empty")]
    Empty,
    #[error("the text is longer than 4096 characters")]
    TooLong,
    #[error("the text does not begin with {ROLL_SLIP_PREFIX}")]
    Prefix,
    #[error("the text holds a character that no slip has, or was cut short")]
    Alphabet,
    #[error("the check code does not fit: a character is wrong or missing")]
    CheckCode,
    #[error("the entry is empty or longer than {ENTRY_LIMIT} bytes")]
    Entry,
    #[error(transparent)]
    Encoding(#[from] EncodingError),
}

impl RollSlip {
    /// A slip of the current version.
    pub fn new(
        genesis: GenesisHash,
        contract: ContractId,
        municipality: MunicipalityIndex,
        salt: [u8; 32],
        entry: String,
    ) -> Self {
        Self {
            version: VERSION,
            genesis,
            contract,
            municipality,
            salt,
            entry,
        }
    }

    /// Reads a slip from what a person pasted, scanned or opened.
    pub fn parse(text: &str) -> Result<Self, RollSlipError> {
        let payload = coded_text::read(text, ROLL_SLIP_PREFIX, CHECK_LABEL)?;
        let slip: Self = encoding::decode(&payload, SLIP_LIMIT)?;
        if slip.version != VERSION {
            return Err(EncodingError::UnknownVersion {
                actual: slip.version,
                expected: VERSION,
            }
            .into());
        }
        if !(1..=ENTRY_LIMIT).contains(&slip.entry.len()) {
            return Err(RollSlipError::Entry);
        }
        Ok(slip)
    }

    /// The slip as text.
    pub fn to_text(&self) -> String {
        coded_text::write(encoding::encode(self), ROLL_SLIP_PREFIX, CHECK_LABEL)
    }

    /// What stands in the Issue transaction if a right was issued for this entry.
    pub fn commitment(&self) -> Hash {
        roll_commitment(&self.salt, &self.entry)
    }
}

/// SHA-256 of label, salt and roll entry.
pub fn roll_commitment(salt: &[u8; 32], entry: &str) -> Hash {
    Hash::of(&[COMMITMENT_LABEL, salt, entry.as_bytes()].concat())
}

impl From<CodeFault> for RollSlipError {
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

    fn slip() -> RollSlip {
        let (genesis, contract) = (GenesisHash([1; 32]), ContractId([2; 32]));
        RollSlip::new(genesis, contract, 3, [4; 32], "3/5".into())
    }

    #[test]
    fn reads_its_own_text_and_refuses_every_mistyped_one() {
        let text = slip().to_text();
        assert_eq!(RollSlip::parse(&text.to_lowercase()), Ok(slip()));
        for at in ROLL_SLIP_PREFIX.len()..text.len() {
            let mut mistyped = text.clone().into_bytes();
            mistyped[at] = if mistyped[at] == b'A' { b'B' } else { b'A' };
            let mistyped = String::from_utf8(mistyped).unwrap();
            assert!(matches!(
                RollSlip::parse(&mistyped),
                Err(RollSlipError::CheckCode | RollSlipError::Alphabet)
            ));
        }
    }

    #[test]
    fn refuses_a_receipt_another_version_and_an_entry_of_no_length() {
        assert_eq!(RollSlip::parse("CHG1-AAAA"), Err(RollSlipError::Prefix));
        assert_eq!(RollSlip::parse(" "), Err(RollSlipError::Empty));
        let other = RollSlip {
            version: 2,
            ..slip()
        };
        assert!(matches!(
            RollSlip::parse(&other.to_text()),
            Err(RollSlipError::Encoding(_))
        ));
        for entry in [String::new(), "x".repeat(201)] {
            let other = RollSlip { entry, ..slip() };
            assert_eq!(RollSlip::parse(&other.to_text()), Err(RollSlipError::Entry));
        }
    }

    #[test]
    fn another_salt_or_entry_is_another_commitment() {
        let salted = RollSlip {
            salt: [5; 32],
            ..slip()
        };
        let named = RollSlip {
            entry: "3/6".into(),
            ..slip()
        };
        assert_ne!(slip().commitment(), salted.commitment());
        assert_ne!(slip().commitment(), named.commitment());
    }
}
