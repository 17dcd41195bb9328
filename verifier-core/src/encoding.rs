//! Canonical binary encoding: borsh, with a size cap before any allocation and nothing trailing.

use borsh::{BorshDeserialize, BorshSerialize};

/// Why bytes are not the canonical encoding of a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, BorshSerialize, BorshDeserialize)]
pub enum EncodingError {
    #[error("{actual} bytes are more than the {limit} allowed")]
    TooLarge { actual: usize, limit: usize },
    #[error("not a canonical encoding: {0}")]
    Malformed(String),
    #[error("version {actual} is not version {expected}")]
    UnknownVersion { actual: u8, expected: u8 },
}

/// The canonical bytes of `value`.
///
/// Writing to memory cannot fail for the types of this crate, whose lists are far shorter than borsh's limit of 2³² entries.
pub fn encode<T: BorshSerialize>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    match value.serialize(&mut bytes) {
        Ok(()) => bytes,
        Err(_) => Vec::new(),
    }
}

/// Decodes a value of at most `limit` bytes; refuses unknown tags, trailing bytes and anything that does not encode back to the same bytes.
pub fn decode<T: BorshSerialize + BorshDeserialize>(
    bytes: &[u8],
    limit: usize,
) -> Result<T, EncodingError> {
    if bytes.len() > limit {
        return Err(EncodingError::TooLarge {
            actual: bytes.len(),
            limit,
        });
    }
    let value = T::try_from_slice(bytes).map_err(|e| EncodingError::Malformed(e.to_string()))?;
    if encode(&value) != bytes {
        return Err(EncodingError::Malformed(
            "it encodes back to other bytes".into(),
        ));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn refuses_trailing_bytes_oversize_and_huge_lengths() {
        let bytes = encode(&vec![1u8, 2, 3]);
        assert_eq!(decode::<Vec<u8>>(&bytes, 7), Ok(vec![1, 2, 3]));
        assert!(matches!(
            decode::<Vec<u8>>(&bytes, 6),
            Err(EncodingError::TooLarge { .. })
        ));
        let mut trailing = bytes.clone();
        trailing.push(0);
        assert!(decode::<Vec<u8>>(&trailing, 100).is_err());
        assert!(decode::<Vec<u8>>(&[0xff, 0xff, 0xff, 0xff, 0], 100).is_err());
    }
}
