//! Codes that people copy: a prefix, then base32 of some bytes and of a four-byte check code, so that a mistyped one is told from an unknown one.

use crate::ids::Hash;
use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

const CHECK_BYTES: usize = 4;
/// Text longer than this is refused before it is read.
const TEXT_LIMIT: usize = 4096;

/// Why a text is not such a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeFault {
    Empty,
    TooLong,
    Prefix,
    Alphabet,
    CheckCode,
}

/// The bytes of a code that a person pasted, scanned or opened: bare text, or a link whose fragment holds it.
///
/// White space and hyphens within the code and the case of letters do not matter. What is made on the way is wiped, for some codes are secrets.
pub(crate) fn read(text: &str, prefix: &str, label: &[u8]) -> Result<Vec<u8>, CodeFault> {
    if text.len() > TEXT_LIMIT {
        return Err(CodeFault::TooLong);
    }
    let text = Zeroizing::new(text.to_ascii_uppercase());
    if text.trim().is_empty() {
        return Err(CodeFault::Empty);
    }
    let (_, code) = text.split_once(prefix).ok_or(CodeFault::Prefix)?;
    let mut compact = Zeroizing::new(String::with_capacity(code.len()));
    compact.extend(code.chars().filter(|c| !c.is_whitespace() && *c != '-'));
    let bytes = BASE32_NOPAD
        .decode(compact.as_bytes())
        .map_err(|_| CodeFault::Alphabet)?;
    let bytes = Zeroizing::new(bytes);
    let (payload, check) = bytes
        .len()
        .checked_sub(CHECK_BYTES)
        .and_then(|at| bytes.split_at_checked(at))
        .ok_or(CodeFault::Alphabet)?;
    if check != check_code(payload, label) {
        return Err(CodeFault::CheckCode);
    }
    Ok(payload.to_vec())
}

/// The bytes as a code: upper-case letters, digits and one hyphen, which QR codes hold compactly. The bytes are wiped.
pub(crate) fn write(bytes: Vec<u8>, prefix: &str, label: &[u8]) -> String {
    let mut bytes = Zeroizing::new(bytes);
    let check = check_code(&bytes, label);
    bytes.extend(check);
    let mut text = String::with_capacity(prefix.len() + BASE32_NOPAD.encode_len(bytes.len()));
    text.push_str(prefix);
    BASE32_NOPAD.encode_append(&bytes, &mut text);
    text
}

/// Bytes of a code before base32: with so much room from the start, none are left behind where a list grew.
pub(crate) fn with_check_code(payload: usize) -> usize {
    payload.saturating_add(CHECK_BYTES)
}

fn check_code(payload: &[u8], label: &[u8]) -> [u8; CHECK_BYTES] {
    let labelled = Zeroizing::new([label, payload].concat());
    let [a, b, c, d, ..] = Hash::of(&labelled).0;
    [a, b, c, d]
}
