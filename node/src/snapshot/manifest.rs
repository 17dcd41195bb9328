//! The manifest: what every chunk must be. It travels as the snapshot's metadata, and its hash is the snapshot's.

use borsh::{BorshDeserialize, BorshSerialize};
use verifier_core::{Hash, encode};

/// The only format so far.
pub const FORMAT: u32 = 1;
/// Every chunk but the last has so many bytes; CometBFT carries at most 16 MiB.
pub const CHUNK_BYTES: usize = 4 * 1024 * 1024;
/// A snapshot has at most so many chunks: 8 GiB.
const MOST_CHUNKS: usize = 2048;

/// SHA-256 of every chunk.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Manifest {
    pub chunks: Vec<Hash>,
}

/// Why a snapshot is not taken over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    #[error("its list of chunks is malformed or too long")]
    Malformed,
    #[error("its list of chunks has hash {actual} instead of {expected}")]
    Hash { actual: Hash, expected: Hash },
    #[error("it lists {actual} chunks, but is said to have {expected}")]
    Chunks { actual: usize, expected: u32 },
}

impl Manifest {
    /// The bytes that travel.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// The snapshot's hash.
    pub fn hash(&self) -> Hash {
        Hash::of(&self.to_bytes())
    }

    /// Reads the bytes that travelled, if they are what the snapshot says of itself.
    pub fn decode(bytes: &[u8], hash: &[u8], chunks: u32) -> Result<Self, ManifestError> {
        let limit = 4 + 32 * MOST_CHUNKS;
        if bytes.len() > limit {
            return Err(ManifestError::Malformed);
        }
        let manifest: Self = borsh::from_slice(bytes).map_err(|_| ManifestError::Malformed)?;
        let actual = manifest.hash();
        let expected = <[u8; 32]>::try_from(hash).map_or(Hash([0; 32]), Hash);
        if actual != expected {
            return Err(ManifestError::Hash { actual, expected });
        }
        let actual = manifest.chunks.len();
        if actual == 0 || usize::try_from(chunks).ok() != Some(actual) {
            let expected = chunks;
            return Err(ManifestError::Chunks { actual, expected });
        }
        Ok(manifest)
    }

    /// Whether these bytes are the chunk at `index`.
    pub fn is_chunk(&self, index: usize, bytes: &[u8]) -> bool {
        bytes.len() <= CHUNK_BYTES && self.chunks.get(index) == Some(&Hash::of(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_travelled_must_be_what_the_snapshot_says_of_itself() {
        let manifest = Manifest {
            chunks: vec![Hash::of(b"one"), Hash::of(b"two")],
        };
        let (bytes, hash) = (manifest.to_bytes(), manifest.hash());
        assert_eq!(
            Manifest::decode(&bytes, hash.as_bytes(), 2),
            Ok(manifest.clone())
        );
        let other = Manifest::decode(&bytes, &[0; 32], 2);
        assert!(matches!(other, Err(ManifestError::Hash { .. })));
        let fewer = Manifest::decode(&bytes, hash.as_bytes(), 1);
        assert!(matches!(fewer, Err(ManifestError::Chunks { .. })));
        let cut = Manifest::decode(&bytes[1..], hash.as_bytes(), 2);
        assert_eq!(cut, Err(ManifestError::Malformed));
        let none = Manifest { chunks: Vec::new() };
        let none = Manifest::decode(&none.to_bytes(), none.hash().as_bytes(), 0);
        assert!(matches!(none, Err(ManifestError::Chunks { .. })));
        assert!(manifest.is_chunk(1, b"two"));
        assert!(!manifest.is_chunk(0, b"two"));
        assert!(!manifest.is_chunk(2, b"two"));
    }

    #[test]
    fn a_list_that_is_too_long_is_refused_unread() {
        let bytes = vec![0; 4 + 32 * (MOST_CHUNKS + 1)];
        let decoded = Manifest::decode(&bytes, &[0; 32], 1);
        assert_eq!(decoded, Err(ManifestError::Malformed));
    }
}
