//! The receipt: where a ballot is and what was promised, never what it says.
//!
//! As text it is `CHG1-` followed by base32 of the canonical bytes and of a four-byte check code, so that a mistyped receipt is told from an unknown one.

use crate::coded_text::{self, CodeFault};
use crate::encoding::{self, EncodingError};
use crate::ids::{AssetId, ContractId, GenesisHash, Height, TrackingCode};
use crate::promise::{Promise, PromisedBallot};
use borsh::{BorshDeserialize, BorshSerialize};

/// A receipt's canonical bytes are at most this many.
pub const RECEIPT_LIMIT: usize = 512;
/// A receipt's text begins with this; the digit is the version.
pub const RECEIPT_PREFIX: &str = "CHG1-";
const CHECK_LABEL: &[u8] = b"chamgwan/receipt-check/v1";
const VERSION: u8 = 1;

/// What a voter keeps.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Receipt {
    pub version: u8,
    pub chain_id: String,
    pub genesis: GenesisHash,
    pub contract: ContractId,
    pub asset: AssetId,
    pub tracking_code: TrackingCode,
    /// The block's height, once known.
    pub height: Option<Height>,
    /// The voter's own mark, carried in clear in the ballot.
    pub mark: [u8; 4],
    pub promise: Promise,
}

/// Why a text is not a receipt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, BorshSerialize, BorshDeserialize)]
pub enum ReceiptError {
    #[error("the text is empty")]
    Empty,
    #[error("the text is longer than 4096 characters")]
    TooLong,
    #[error("the text does not begin with {RECEIPT_PREFIX}")]
    Prefix,
    #[error("the text holds a character that no receipt has, or was cut short")]
    Alphabet,
    #[error("the check code does not fit: a character is wrong or missing")]
    CheckCode,
    #[error(transparent)]
    Encoding(#[from] EncodingError),
}

impl Receipt {
    /// A receipt of the current version.
    #[allow(clippy::too_many_arguments)] // each is a field of its own
    pub fn new(
        chain_id: String,
        genesis: GenesisHash,
        contract: ContractId,
        asset: AssetId,
        tracking_code: TrackingCode,
        height: Option<Height>,
        mark: [u8; 4],
        promise: Promise,
    ) -> Self {
        Self {
            version: VERSION,
            chain_id,
            genesis,
            contract,
            asset,
            tracking_code,
            height,
            mark,
            promise,
        }
    }

    /// Reads a receipt from what a person pasted, scanned or opened: bare text, or a link whose fragment holds it.
    ///
    /// White space and hyphens within the code and the case of letters do not matter.
    pub fn parse(text: &str) -> Result<Self, ReceiptError> {
        let payload = coded_text::read(text, RECEIPT_PREFIX, CHECK_LABEL)?;
        Self::decode(&payload)
    }

    /// Decodes the canonical bytes, without check code.
    pub fn decode(bytes: &[u8]) -> Result<Self, ReceiptError> {
        let receipt: Self = encoding::decode(bytes, RECEIPT_LIMIT)?;
        if receipt.version != VERSION {
            return Err(EncodingError::UnknownVersion {
                actual: receipt.version,
                expected: VERSION,
            }
            .into());
        }
        Ok(receipt)
    }

    /// The receipt as text: upper-case letters, digits and one hyphen, which QR codes hold compactly.
    pub fn to_text(&self) -> String {
        coded_text::write(encoding::encode(self), RECEIPT_PREFIX, CHECK_LABEL)
    }

    /// The ballot that the promise is about.
    pub fn promised_ballot(&self) -> PromisedBallot {
        PromisedBallot {
            genesis: self.genesis,
            contract: self.contract,
            code: self.tracking_code,
            asset: self.asset,
        }
    }

    /// What the promising municipality signs.
    pub fn promise_message(&self) -> Vec<u8> {
        self.promise.message(&self.promised_ballot())
    }
}

impl From<CodeFault> for ReceiptError {
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

    fn receipt() -> Receipt {
        Receipt::new(
            "chamgwan-1".into(),
            GenesisHash([1; 32]),
            ContractId([2; 32]),
            AssetId {
                municipality: 3,
                batch: 4,
                index: 5,
            },
            TrackingCode([6; 32]),
            Some(7),
            *b"AB12",
            Promise {
                municipality: 3,
                time: 8,
                deadline: 9,
                signature: [10; 64],
            },
        )
    }

    #[test]
    fn reads_its_own_text_in_a_link_in_lower_case_and_broken_over_lines() {
        let text = receipt().to_text();
        assert_eq!(Receipt::parse(&text), Ok(receipt()));
        let link = format!("https://example.org/#/check?r={text}");
        assert_eq!(Receipt::parse(&link), Ok(receipt()));
        let (start, end) = text.split_at(60);
        assert_eq!(
            Receipt::parse(&format!(" {}\n{} ", start.to_lowercase(), end)),
            Ok(receipt())
        );
    }

    #[test]
    fn tells_a_mistyped_receipt_from_an_unknown_one() {
        let text = receipt().to_text();
        for at in RECEIPT_PREFIX.len()..text.len() {
            let mut mistyped = text.clone().into_bytes();
            mistyped[at] = if mistyped[at] == b'A' { b'B' } else { b'A' };
            let mistyped = String::from_utf8(mistyped).unwrap();
            assert!(matches!(
                Receipt::parse(&mistyped),
                Err(ReceiptError::CheckCode | ReceiptError::Alphabet)
            ));
        }
        assert_eq!(Receipt::parse("  "), Err(ReceiptError::Empty));
        assert_eq!(Receipt::parse("hello"), Err(ReceiptError::Prefix));
        assert_eq!(
            Receipt::parse(&"A".repeat(5000)),
            Err(ReceiptError::TooLong)
        );
    }

    #[test]
    fn refuses_another_version() {
        let mut other = receipt();
        other.version = 2;
        assert!(matches!(
            Receipt::parse(&other.to_text()),
            Err(ReceiptError::Encoding(EncodingError::UnknownVersion { .. }))
        ));
    }
}
