//! A ballot read where it lies. A Cast for k candidates has one layout, so that nothing of it is copied and nothing is hashed twice.
//!
//! ```text
//! body:   version 1, genesis 32, contract 32, action 1, asset 6, address 32, mark 4, R 32,
//!         k: u32, C_1 .. C_k; k: u32, a_1 .. a_k; k: u32, b_1 .. b_k; k − 1: u32, c_1 .. c_{k−1}; k: u32, z_1 .. z_k
//! then    1: u32, signature 64
//! ```
//!
//! Bytes of another layout may still be a transaction: [`crate::Transaction::decode`] says so, and [`super::check_ballot`] judges it.

use super::BallotKeys;
use super::opened::is_printable;
use crate::ids::{AssetId, ContractId, GenesisHash, Hash, PublicKey, Signature, TrackingCode};
use crate::transaction::TRANSACTION_LIMIT;
use sha2::{Digest, Sha256};

const VERSION: u8 = 1;
const CAST: u8 = 6;
/// The number of signatures and the signature.
const SIGNED: usize = 4 + 64;

/// The bytes of a transaction with their SHA-256, which its block's data hash and its batch's weights are made of.
#[derive(Clone, Copy, Debug)]
pub struct HashedTransaction<'a> {
    bytes: &'a [u8],
    hash: Hash,
    /// SHA-256 of all but the last signature: the tracking code of what has one.
    unsigned: Hash,
}

impl<'a> HashedTransaction<'a> {
    /// Hashes `bytes`, whatever they are.
    pub fn new(bytes: &'a [u8]) -> Self {
        let (unsigned, signed) = bytes
            .split_at_checked(bytes.len().saturating_sub(SIGNED))
            .unwrap_or((bytes, &[]));
        let mut hash = Sha256::new_with_prefix(unsigned);
        let of_unsigned = Hash(hash.clone().finalize().into());
        hash.update(signed);
        Self {
            bytes,
            hash: Hash(hash.finalize().into()),
            unsigned: of_unsigned,
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// SHA-256 of the bytes.
    pub fn hash(&self) -> Hash {
        self.hash
    }
}

/// A Cast of the layout above. That it has it says nothing of the election, the elements, the signature or the proof.
#[derive(Clone, Copy, Debug)]
pub struct RawBallot<'a> {
    pub(super) hash: Hash,
    code: TrackingCode,
    pub(super) body: &'a [u8],
    pub(super) genesis: &'a [u8; 32],
    pub(super) contract: &'a [u8; 32],
    asset: AssetId,
    /// The asset as it is encoded.
    pub(super) asset_bytes: &'a [u8; 6],
    pub(super) address: &'a [u8; 32],
    pub(super) mark: &'a [u8; 4],
    pub(super) randomness: &'a [u8; 32],
    pub(super) transfers: &'a [[u8; 32]],
    pub(super) a: &'a [[u8; 32]],
    pub(super) b: &'a [[u8; 32]],
    /// c_1 .. c_{k−1}.
    pub(super) c: &'a [[u8; 32]],
    pub(super) z: &'a [[u8; 32]],
    pub(super) signature: &'a Signature,
}

impl<'a> RawBallot<'a> {
    /// Reads a ballot for so many candidates; nothing if the bytes have another layout.
    pub fn read(candidates: usize, transaction: &HashedTransaction<'a>) -> Option<Self> {
        let bytes = transaction.bytes;
        if bytes.len() > TRANSACTION_LIMIT {
            return None;
        }
        let (body, _) = bytes.split_at_checked(bytes.len().checked_sub(SIGNED)?)?;
        let mut rest = Rest(bytes);
        let [version] = *rest.array()?;
        let (genesis, contract) = (rest.array()?, rest.array()?);
        let [action] = *rest.array()?;
        if (version, action) != (VERSION, CAST) {
            return None;
        }
        let asset_bytes = rest.array()?;
        let [m0, m1, b0, b1, i0, i1] = *asset_bytes;
        let ballot = Self {
            hash: transaction.hash,
            code: TrackingCode(transaction.unsigned.0),
            body,
            genesis,
            contract,
            asset: AssetId {
                municipality: u16::from_le_bytes([m0, m1]),
                batch: u16::from_le_bytes([b0, b1]),
                index: u16::from_le_bytes([i0, i1]),
            },
            asset_bytes,
            address: rest.array()?,
            mark: rest.array()?,
            randomness: rest.array()?,
            transfers: rest.list(candidates)?,
            a: rest.list(candidates)?,
            b: rest.list(candidates)?,
            c: rest.list(candidates.checked_sub(1)?)?,
            z: rest.list(candidates)?,
            signature: match rest.list(1)? {
                [signature] => signature,
                _ => return None,
            },
        };
        rest.0.is_empty().then_some(ballot)
    }

    /// Whether it is one of this election, with a mark that people can read.
    pub(super) fn is_formed(&self, keys: &BallotKeys) -> bool {
        *self.genesis == keys.genesis.0
            && *self.contract == keys.contract.0
            && is_printable(self.mark)
    }

    /// The election that it names.
    pub(crate) fn election(&self) -> (GenesisHash, ContractId) {
        (GenesisHash(*self.genesis), ContractId(*self.contract))
    }

    /// The asset that the ballot would spend.
    pub fn asset(&self) -> AssetId {
        self.asset
    }

    /// The voter address that is said to have signed.
    pub fn address(&self) -> PublicKey {
        PublicKey(*self.address)
    }

    /// SHA-256 of the body.
    pub fn code(&self) -> TrackingCode {
        self.code
    }
}

/// What is not read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn array<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(array)
    }

    /// A list of `count` entries of N bytes, if it says that it is one.
    fn list<const N: usize>(&mut self, count: usize) -> Option<&'a [[u8; N]]> {
        let said = u32::from_le_bytes(*self.array()?);
        if usize::try_from(said) != Ok(count) {
            return None;
        }
        let (list, rest) = self.0.split_at_checked(count.checked_mul(N)?)?;
        self.0 = rest;
        Some(list.as_chunks().0)
    }
}
