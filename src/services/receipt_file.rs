//! A receipt or a roll slip in a file: a photo of its QR code, or its text.

use super::{files, picture};
use crate::state::qr_code::QrFault;
use verifier_core::{RECEIPT_PREFIX, ROLL_SLIP_PREFIX};
use web_sys::File;

/// A text file with a receipt is never larger.
const TEXT_LIMIT: usize = 64 * 1024;

/// The text of the receipt that a file holds. Whether it is a receipt is for the parser to say.
pub async fn read(file: &File) -> Result<String, QrFault> {
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
