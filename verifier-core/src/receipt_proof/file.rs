//! The proof's file: JSON, of which there is one for one proof, byte for byte, so that nothing in it goes unread.

use super::ReceiptProof;
use crate::base64_text;
use crate::ids::Hash;
use crate::ledger::MerkleProof;
use crate::listed_state::ListedState;
use crate::receipt::{Receipt, ReceiptError};
use serde::{Deserialize, Serialize};
use tendermint::block::Header;
use tendermint::block::signed_header::SignedHeader;

/// A proof's file is at most 2 MiB: a transaction, two commits and a batch's lists.
pub const RECEIPT_PROOF_LIMIT: usize = 2 << 20;
const VERSION: u8 = 1;

/// Why a file cannot be read as a receipt with its proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptProofFileError {
    #[error("{actual} bytes are more than the {limit} allowed")]
    TooLarge { actual: usize, limit: usize },
    #[error("not a receipt with its proof: {0}")]
    Json(String),
    #[error("version {0} is not known")]
    Version(u8),
    #[error("its receipt cannot be read: {0}")]
    Receipt(#[from] ReceiptError),
    #[error("it is written otherwise than such a file is")]
    Altered,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    version: u8,
    receipt: String,
    header: Header,
    #[serde(with = "base64_text")]
    transaction: Vec<u8>,
    position: Place,
    next: SignedHeader,
    outcome: Place,
    anchor: SignedHeader,
    #[serde(with = "base64_text")]
    key_set: Vec<u8>,
    issued: ListedState,
    spent: ListedState,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    total: u64,
    index: u64,
    aunts: Vec<String>,
}

impl ReceiptProof {
    /// Reads a file. Success says nothing about what it holds.
    ///
    /// # Errors
    /// If it is none.
    pub fn read(bytes: &[u8]) -> Result<Self, ReceiptProofFileError> {
        if bytes.len() > RECEIPT_PROOF_LIMIT {
            return Err(ReceiptProofFileError::TooLarge {
                actual: bytes.len(),
                limit: RECEIPT_PROOF_LIMIT,
            });
        }
        let form: Form = serde_json::from_slice(bytes)
            .map_err(|e| ReceiptProofFileError::Json(e.to_string()))?;
        if form.version != VERSION {
            return Err(ReceiptProofFileError::Version(form.version));
        }
        let proof = Self {
            receipt: Receipt::parse(&form.receipt)?,
            header: form.header,
            transaction: form.transaction,
            position: form.position.open()?,
            next: form.next,
            outcome: form.outcome.open()?,
            anchor: form.anchor,
            key_set: form.key_set,
            issued: form.issued,
            spent: form.spent,
        };
        if proof.to_json().as_bytes() != bytes {
            return Err(ReceiptProofFileError::Altered);
        }
        Ok(proof)
    }

    /// The proof as a file.
    pub fn to_json(&self) -> String {
        let form = Form {
            version: VERSION,
            receipt: self.receipt.to_text(),
            header: self.header.clone(),
            transaction: self.transaction.clone(),
            position: Place::of(&self.position),
            next: self.next.clone(),
            outcome: Place::of(&self.outcome),
            anchor: self.anchor.clone(),
            key_set: self.key_set.clone(),
            issued: self.issued.clone(),
            spent: self.spent.clone(),
        };
        // Headers, strings, numbers and lists always have a JSON form.
        serde_json::to_string_pretty(&form).unwrap_or_default()
    }
}

impl Place {
    fn of(proof: &MerkleProof) -> Self {
        Self {
            total: proof.total,
            index: proof.index,
            aunts: proof.aunts.iter().map(Hash::to_string).collect(),
        }
    }

    fn open(self) -> Result<MerkleProof, ReceiptProofFileError> {
        let aunts = self.aunts.iter().map(|text| text.parse());
        Ok(MerkleProof {
            total: self.total,
            index: self.index,
            aunts: aunts
                .collect::<Result<_, hex::FromHexError>>()
                .map_err(|e| ReceiptProofFileError::Json(e.to_string()))?,
        })
    }
}
