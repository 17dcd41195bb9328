//! The dispute's file: JSON, of which there is one for one dispute, byte for byte, so that nothing in it goes unread.

use super::DisputeFile;
use crate::listed_state::ListedState;
use crate::receipt::{Receipt, ReceiptError};
use serde::{Deserialize, Serialize};
use tendermint::block::Header;
use tendermint::block::signed_header::SignedHeader;

/// A dispute file is at most 2 MiB: a batch's lists and a commit, twice over.
pub const DISPUTE_LIMIT: usize = 2 << 20;
const VERSION: u8 = 1;

/// Why a file cannot be read as a dispute.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisputeFileError {
    #[error("{actual} bytes are more than the {limit} allowed")]
    TooLarge { actual: usize, limit: usize },
    #[error("not a dispute file: {0}")]
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
    signed_header: SignedHeader,
    parent: Header,
    spent: ListedState,
    spoiled: ListedState,
}

impl DisputeFile {
    /// Reads a file. Success says nothing about what it holds.
    ///
    /// # Errors
    /// If it is none.
    pub fn read(bytes: &[u8]) -> Result<Self, DisputeFileError> {
        if bytes.len() > DISPUTE_LIMIT {
            return Err(DisputeFileError::TooLarge {
                actual: bytes.len(),
                limit: DISPUTE_LIMIT,
            });
        }
        let form: Form =
            serde_json::from_slice(bytes).map_err(|e| DisputeFileError::Json(e.to_string()))?;
        if form.version != VERSION {
            return Err(DisputeFileError::Version(form.version));
        }
        let file = Self {
            receipt: Receipt::parse(&form.receipt)?,
            signed_header: form.signed_header,
            parent: form.parent,
            spent: form.spent,
            spoiled: form.spoiled,
        };
        if file.to_json().as_bytes() != bytes {
            return Err(DisputeFileError::Altered);
        }
        Ok(file)
    }

    /// The dispute as a file.
    pub fn to_json(&self) -> String {
        let form = Form {
            version: VERSION,
            receipt: self.receipt.to_text(),
            signed_header: self.signed_header.clone(),
            parent: self.parent.clone(),
            spent: self.spent.clone(),
            spoiled: self.spoiled.clone(),
        };
        // Headers, strings and numbers always have a JSON form.
        serde_json::to_string_pretty(&form).unwrap_or_default()
    }
}
