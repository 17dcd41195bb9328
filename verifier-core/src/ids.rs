//! The names of things: hashes, heights, assets. Each is its own type, so that none can stand in for another.

use borsh::{BorshDeserialize, BorshSerialize};
use core::fmt;
use sha2::{Digest, Sha256};

macro_rules! bytes32 {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// The 32 bytes.
            pub fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl core::str::FromStr for $name {
            type Err = hex::FromHexError;

            /// Reads 64 hexadecimal digits.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let mut bytes = [0; 32];
                hex::decode_to_slice(text, &mut bytes)?;
                Ok(Self(bytes))
            }
        }
    };
}

bytes32!(
    /// Hash of the genesis that a ledger starts from; every transaction binds it.
    GenesisHash
);
bytes32!(
    /// SHA-256 of an election's definition ([`crate::Contract`]).
    ContractId
);
bytes32!(
    /// Hash of contract id, attempt, and every key-generation commitment, candidate address and verification share.
    KeySetId
);
bytes32!(
    /// SHA-256 of a transaction's body, known and shown before it is signed and sent.
    TrackingCode
);
bytes32!(
    /// SHA-256 of a block header as CometBFT computes it.
    HeaderHash
);
bytes32!(
    /// An ed25519 public key, judged by ZIP-215 wherever it signs.
    PublicKey
);
bytes32!(
    /// A canonical ristretto255 encoding; whether it decodes is checked where it is used.
    Point
);
bytes32!(
    /// A scalar modulo the group order, little-endian; whether it is canonical is checked where it is used.
    ScalarBytes
);
bytes32!(
    /// A SHA-256 digest with no narrower name of its own.
    Hash
);

impl Hash {
    /// SHA-256 of `data`.
    pub fn of(data: &[u8]) -> Self {
        Self(Sha256::digest(data).into())
    }
}

/// An ed25519 signature.
pub type Signature = [u8; 64];

/// Position of a municipality in the contract's list, from 0.
pub type MunicipalityIndex = u16;

/// A block's height, from 1.
pub type Height = u64;

/// Seconds since 1970-01-01T00:00:00Z.
pub type Seconds = u64;

/// One voting right in one election: position `index` in the registrar's `batch`.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, BorshSerialize, BorshDeserialize,
)]
pub struct AssetId {
    pub municipality: MunicipalityIndex,
    pub batch: u16,
    pub index: u16,
}

impl serde::Serialize for AssetId {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl fmt::Display for AssetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.municipality, self.batch, self.index)
    }
}
