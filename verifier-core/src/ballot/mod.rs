//! The ballot: an encrypted transfer of one asset to exactly one candidate address.
//!
//! The voter draws r and, for a choice v (exactly one v_j = 1), sends
//!
//! ```text
//! R = r·B          C_j = v_j·B + r·H_j        j = 1..k
//! ```
//!
//! and proves that exactly one asset goes to exactly one candidate:
//!
//! ```text
//! transcript: label, genesis hash, contract id, key-set id, k, H_1..H_k, asset, address; then R, C_1..C_k
//! rho_1 .. rho_k drawn
//! C* = Σ rho_j·C_j      H* = Σ rho_j·H_j
//! clause l:  log_B R = log_{H*} (C* - rho_l·B)
//! transcript: a_1, b_1 .. a_k, b_k; then e drawn
//! check:     z_l·B = a_l + c_l·R     z_l·H* = b_l + c_l·(C* - rho_l·B)     c_k = e - Σ_{l<k} c_l
//! ```
//!
//! The two equations of a clause are never merged: all municipalities together know log_B H_j, and soundness must not rest on them.
//! [`check_ballot`] defines the verdict. [`check_batch`] gives the same one, for many ballots at once.

mod batch;
mod hints;
mod opened;
mod raw;
mod statement;
mod sum;
mod terms;

pub use batch::{check_batch, check_batch_raw, check_batch_with_hints};
pub use hints::decompression_hints;
pub use raw::{HashedTransaction, RawBallot};
pub use sum::EncryptedSum;

pub(crate) use statement::Statement;

use crate::curve::{Affine, Projective, ristretto};
use crate::group;
use crate::ids::{AssetId, ContractId, GenesisHash, KeySetId, Point, PublicKey, TrackingCode};
use crate::outcome::Outcome;
use crate::signature::{InvalidSignature, verify_signature};
use crate::transaction::Transaction;
use crate::transcript::Transcript;
use curve25519_dalek::RistrettoPoint;
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use opened::OpenedBallot;

const LABEL: &[u8] = b"chamgwan/ballot/v1";

/// Everything of an election that ballots are judged by.
#[derive(Clone)]
pub struct BallotKeys {
    genesis: GenesisHash,
    contract: ContractId,
    key_set: KeySetId,
    addresses: Vec<RistrettoPoint>,
    /// The transcript up to and including H_k.
    prefix: Transcript,
    /// B and the addresses again, for batches; without them every ballot is judged alone.
    batch: Option<BatchPoints>,
}

#[derive(Clone)]
struct BatchPoints {
    base: Affine,
    addresses: Vec<Affine>,
}

impl BatchPoints {
    fn new(addresses: &[RistrettoPoint]) -> Option<Self> {
        let decode = |point: &RistrettoPoint| ristretto::decode(point.compress().as_bytes(), None);
        Some(Self {
            base: decode(&RISTRETTO_BASEPOINT_POINT)?,
            addresses: addresses.iter().map(decode).collect::<Option<_>>()?,
        })
    }
}

impl BallotKeys {
    /// Takes the candidate addresses H_1 .. H_k; refuses one that is not a canonical point, or is the identity.
    ///
    /// That the addresses belong to the key set is for the caller to know: [`crate::KeySet::ballot_keys`] rebuilds them.
    pub fn new(
        genesis: GenesisHash,
        contract: ContractId,
        key_set: KeySetId,
        addresses: &[Point],
    ) -> Result<Self, BallotError> {
        let points = addresses.iter().enumerate().map(|(index, address)| {
            group::point_but_identity(address)
                .ok_or(BallotError::InvalidElement { symbol: "H", index })
        });
        let points = points.collect::<Result<_, _>>()?;
        Ok(Self::of_points(genesis, contract, key_set, points))
    }

    /// As [`BallotKeys::new`], of addresses that are known not to be the identity.
    pub(crate) fn of_points(
        genesis: GenesisHash,
        contract: ContractId,
        key_set: KeySetId,
        addresses: Vec<RistrettoPoint>,
    ) -> Self {
        Self {
            prefix: prefix(&genesis, &contract, &key_set, &addresses),
            batch: BatchPoints::new(&addresses),
            genesis,
            contract,
            key_set,
            addresses,
        }
    }

    /// k, the number of candidates.
    pub fn candidates(&self) -> usize {
        self.addresses.len()
    }

    /// The key set that the addresses belong to.
    pub fn key_set(&self) -> KeySetId {
        self.key_set
    }

    /// The election that they are of.
    pub fn election(&self) -> (GenesisHash, ContractId) {
        (self.genesis, self.contract)
    }

    pub(crate) fn addresses(&self) -> &[RistrettoPoint] {
        &self.addresses
    }
}

fn prefix(
    genesis: &GenesisHash,
    contract: &ContractId,
    key_set: &KeySetId,
    addresses: &[RistrettoPoint],
) -> Transcript {
    let mut transcript = Transcript::new(LABEL, genesis, contract);
    transcript.append(b"key set", key_set.as_bytes());
    let candidates = u16::try_from(addresses.len()).unwrap_or(u16::MAX);
    transcript.append_u16(b"k", candidates);
    for address in addresses {
        transcript.append(b"H", address.compress().as_bytes());
    }
    transcript
}

/// A ballot whose form, signature and proof hold. Whether its asset was issued and is unspent is another question.
#[derive(Clone, Debug)]
pub struct CheckedBallot {
    asset: AssetId,
    address: PublicKey,
    code: TrackingCode,
    randomness: Affine,
    transfers: Vec<Affine>,
}

impl PartialEq for CheckedBallot {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&Affine, &Affine)| {
            ristretto::equal(&Projective::from(a), &Projective::from(b))
        };
        self.asset == other.asset
            && self.address == other.address
            && self.code == other.code
            && same((&self.randomness, &other.randomness))
            && self.transfers.len() == other.transfers.len()
            && self.transfers.iter().zip(&other.transfers).all(same)
    }
}

impl Eq for CheckedBallot {}

impl CheckedBallot {
    /// The asset that the ballot would spend.
    pub fn asset(&self) -> AssetId {
        self.asset
    }

    /// The voter address that signed.
    pub fn address(&self) -> &PublicKey {
        &self.address
    }

    /// SHA-256 of the body.
    pub fn code(&self) -> TrackingCode {
        self.code
    }
}

/// Why a transaction is not a valid ballot. `index` counts candidates from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BallotError {
    #[error("the transaction is not a ballot")]
    NotABallot,
    #[error("the ballot is for genesis {genesis} and contract {contract}")]
    WrongElection {
        genesis: GenesisHash,
        contract: ContractId,
    },
    #[error("{actual} × {symbol} instead of {expected}")]
    WrongShape {
        symbol: &'static str,
        actual: usize,
        expected: usize,
    },
    #[error("the mark {mark:02x?} is not printable ASCII")]
    UnprintableMark { mark: [u8; 4] },
    #[error("{symbol}[{index}] is not a canonical element, or is the identity")]
    InvalidElement { symbol: &'static str, index: usize },
    #[error("the voter address {address} is not a point, or is of small order")]
    InvalidAddress { address: PublicKey },
    #[error(transparent)]
    InvalidSignature(#[from] InvalidSignature),
    #[error("clause {index} of the proof does not hold")]
    InvalidProof { index: usize },
}

impl BallotError {
    /// What the ledger says of such a transaction.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::NotABallot => Outcome::Malformed,
            Self::WrongElection { .. } => Outcome::WrongElection,
            Self::WrongShape { .. } | Self::UnprintableMark { .. } => Outcome::WrongShape,
            Self::InvalidElement { .. } | Self::InvalidAddress { .. } => Outcome::InvalidElement,
            Self::InvalidSignature(_) => Outcome::InvalidSignature,
            Self::InvalidProof { .. } => Outcome::InvalidProof,
        }
    }
}

/// Checks one ballot: election, shape, elements, signature, proof, in this order.
pub fn check_ballot(
    keys: &BallotKeys,
    transaction: &Transaction,
) -> Result<CheckedBallot, BallotError> {
    let opened = OpenedBallot::open(keys, transaction)?;
    let signed = opened.signed();
    verify_signature(signed.key, signed.message, signed.signature)?;
    opened.check_proof(keys)?;
    opened.into_checked()
}
