//! A receipt or a roll slip in a file: a photo of its QR code, its text, or a file with proofs.

use super::{files, picture};
use crate::state::qr_code::QrFault;
use verifier_core::{DISPUTE_LIMIT, RECEIPT_PREFIX, RECEIPT_PROOF_LIMIT, ROLL_SLIP_PREFIX};
use web_sys::File;

/// A text file with a receipt is never larger.
const TEXT_LIMIT: usize = 64 * 1024;
/// Nor is a file of another kind about a ballot.
const FILED_LIMIT: usize = if DISPUTE_LIMIT > RECEIPT_PROOF_LIMIT {
    DISPUTE_LIMIT
} else {
    RECEIPT_PROOF_LIMIT
};

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub enum FileContent {
    /// The text of a receipt. Whether it is one is for the parser to say.
    Text(String),
    /// A receipt with its proof, or a dispute.
    Filed(Vec<u8>),
}

/// Reads a file that was chosen or dropped.
pub async fn read(file: &File) -> Result<FileContent, QrFault> {
    if file.type_() == "application/json" || file.name().ends_with(".json") {
        let bytes = files::read(file, FILED_LIMIT).await;
        return bytes
            .map(FileContent::Filed)
            .map_err(|_| QrFault::NotAPicture);
    }
    read_text(file).await.map(FileContent::Text)
}

async fn read_text(file: &File) -> Result<String, QrFault> {
    if file.type_().starts_with("image/") {
        return picture::read_file(file).await;
    }
    let text = files::read(file, TEXT_LIMIT)
        .await
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    match text {
        Some(text) if holds_a_code(&text) => Ok(text),
        _ => picture::read_file(file).await,
    }
}

fn holds_a_code(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    text.contains(RECEIPT_PREFIX) || text.contains(ROLL_SLIP_PREFIX)
}
