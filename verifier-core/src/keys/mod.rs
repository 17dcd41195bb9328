//! The candidates' keys: from public dealings to addresses H_j and verification shares S_jm.
//!
//! Every trustee d deals, for every candidate j, a secret polynomial f_dj of degree t − 1: it publishes φ_dji = (coefficient i of f_dj)·B with
//! FROST's proof that it knows the constant one, and gives municipality m the value f_dj(m + 1), encrypted. Then
//!
//! ```text
//! H_j = Σ_d φ_dj0        S_jm = Σ_i (m+1)^i · Σ_d φ_dji
//! ```
//!
//! which anybody can compute, while s_jm = log_B S_jm = Σ_d f_dj(m + 1) is known to m alone.

mod complaint;
mod dealing;
mod ready;

pub use complaint::check_complaint;
pub use dealing::check_dealing;
pub use ready::check_ready;

#[cfg(feature = "prove")]
pub(crate) use complaint::{disclosure, is_dealt, pad};
#[cfg(feature = "prove")]
pub(crate) use dealing::open;
#[cfg(feature = "prove")]
pub(crate) use ready::ready_transcript;

use crate::ballot::BallotKeys;
use crate::contract::Contract;
use crate::equality::ProofError;
use crate::group::{self, Element};
use crate::ids::{ContractId, GenesisHash, KeySetId, MunicipalityIndex, Point};
use crate::outcome::Outcome;
use crate::transaction::DealKey;
use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::traits::{Identity, IsIdentity, VartimeMultiscalarMul};
use curve25519_dalek::{RistrettoPoint, Scalar};
pub(crate) use dealing::OpenedDealKey;
use sha2::{Digest, Sha256};

const KEY_SET_LABEL: &[u8] = b"chamgwan/key-set/v1";

/// The keys that one attempt at key generation ended in. Borsh keeps it for a later session; it is not a transaction.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct KeySet {
    id: KeySetId,
    genesis: GenesisHash,
    contract: ContractId,
    attempt: u16,
    threshold: u16,
    /// H_1 .. H_k.
    addresses: Vec<Element>,
    /// S_jm: per candidate, per municipality.
    verification_shares: Vec<Vec<Element>>,
}

/// Why a part of key generation is refused. `candidate` and `index` count from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("for attempt {actual}, but {expected} is under way")]
    WrongAttempt { actual: u16, expected: u16 },
    #[error("for key set {actual} instead of {expected}")]
    WrongKeySet {
        actual: KeySetId,
        expected: KeySetId,
    },
    #[error("the contract has no municipality {municipality}")]
    UnknownMunicipality { municipality: MunicipalityIndex },
    #[error("the dealing of municipality {expected} is not in its place")]
    MissingDealing { expected: usize },
    #[error("{actual} × {symbol} instead of {expected}")]
    WrongShape {
        symbol: &'static str,
        actual: usize,
        expected: usize,
    },
    #[error("{symbol}[{index}] is not a canonical element, or is the identity")]
    InvalidElement { symbol: &'static str, index: usize },
    #[error("proof {index} does not hold")]
    InvalidProof { index: usize },
    #[error("what municipality {dealer} dealt is good: the complaint is unfounded")]
    Unfounded { dealer: MunicipalityIndex },
    #[error("the address of candidate {candidate} is the identity")]
    IdentityAddress { candidate: usize },
}

impl KeyError {
    /// What the ledger says of such a transaction.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::WrongAttempt { .. } | Self::WrongKeySet { .. } => Outcome::WrongAttempt,
            Self::UnknownMunicipality { .. } => Outcome::UnknownMunicipality,
            Self::WrongShape { .. } => Outcome::WrongShape,
            Self::InvalidElement { .. } | Self::IdentityAddress { .. } => Outcome::InvalidElement,
            Self::InvalidProof { .. } => Outcome::InvalidProof,
            Self::Unfounded { .. } => Outcome::Unfounded,
            Self::MissingDealing { .. } => Outcome::KeysIncomplete,
        }
    }

    fn of_proof(symbol: &'static str, index: usize, error: ProofError) -> Self {
        match error {
            ProofError::Element => Self::InvalidElement { symbol, index },
            ProofError::Proof => Self::InvalidProof { index },
        }
    }
}

impl KeySet {
    /// Rebuilds the keys from the dealings of all municipalities, in the contract's order; checks each dealing.
    pub fn derive(
        genesis: GenesisHash,
        contract: &Contract,
        attempt: u16,
        dealings: &[DealKey],
    ) -> Result<Self, KeyError> {
        check_all_dealt(contract, dealings)?;
        let opened: Vec<_> = dealings
            .iter()
            .map(|deal| dealing::open(contract, attempt, deal))
            .collect::<Result<_, _>>()?;
        let polynomials = sum_over_dealers(contract, &opened);
        let addresses = addresses(&polynomials)?;
        let verification_shares = polynomials
            .iter()
            .map(|polynomial| verification_shares(contract, polynomial))
            .collect();
        let mut key_set = Self {
            id: KeySetId([0; 32]),
            genesis,
            contract: contract.id(),
            attempt,
            threshold: contract.threshold,
            addresses,
            verification_shares,
        };
        key_set.id = key_set.derive_id(dealings);
        Ok(key_set)
    }

    /// Hash of everything that the keys rest on.
    pub fn id(&self) -> KeySetId {
        self.id
    }

    /// The attempt at key generation, from 0.
    pub fn attempt(&self) -> u16 {
        self.attempt
    }

    /// t: so many trustees open a sum.
    pub fn threshold(&self) -> u16 {
        self.threshold
    }

    /// The candidate addresses H_1 .. H_k.
    pub fn addresses(&self) -> Vec<Point> {
        encode_all(&self.addresses)
    }

    /// The verification shares S_jm: per candidate, per municipality.
    pub fn verification_shares(&self) -> Vec<Vec<Point>> {
        let shares = self.verification_shares.iter();
        shares.map(|shares| encode_all(shares)).collect()
    }

    /// What ballots are judged by.
    pub fn ballot_keys(&self) -> BallotKeys {
        let addresses = self.addresses.iter().map(|address| address.0).collect();
        BallotKeys::of_points(self.genesis, self.contract, self.id, addresses)
    }

    pub(crate) fn genesis(&self) -> &GenesisHash {
        &self.genesis
    }

    pub(crate) fn contract(&self) -> &ContractId {
        &self.contract
    }

    /// S_jm of one municipality for every candidate j; none if there is no such municipality.
    pub(crate) fn shares_of(
        &self,
        municipality: MunicipalityIndex,
    ) -> Result<Vec<RistrettoPoint>, KeyError> {
        let of_all = self.verification_shares.iter();
        of_all
            .map(|shares| shares.get(usize::from(municipality)).map(|share| share.0))
            .collect::<Option<_>>()
            .ok_or(KeyError::UnknownMunicipality { municipality })
    }

    /// SHA-256(label ‖ contract id ‖ u16le(attempt) ‖ every φ_dji by d, j, i ‖ every H_j ‖ every S_jm by j, m).
    fn derive_id(&self, dealings: &[DealKey]) -> KeySetId {
        let mut hash = Sha256::new()
            .chain_update(KEY_SET_LABEL)
            .chain_update(self.contract.0)
            .chain_update(self.attempt.to_le_bytes());
        let commitments = dealings
            .iter()
            .flat_map(|deal| &deal.dealings)
            .flat_map(|dealing| &dealing.commitments);
        for commitment in commitments {
            hash.update(commitment.0);
        }
        let shares = self.verification_shares.iter().flatten();
        for element in self.addresses.iter().chain(shares) {
            hash.update(group::encode_point(&element.0).0);
        }
        KeySetId(hash.finalize().into())
    }
}

/// Whether shares can be encrypted to every municipality of the contract: E is a canonical point and not the identity.
pub fn check_encryption_keys(contract: &Contract) -> Result<(), KeyError> {
    for (index, municipality) in contract.municipalities.iter().enumerate() {
        group::point_but_identity(&municipality.trustee_encryption)
            .ok_or(KeyError::InvalidElement { symbol: "E", index })?;
    }
    Ok(())
}

/// The scalar m + 1, at which the polynomials are evaluated for municipality m.
pub(crate) fn identifier(municipality: MunicipalityIndex) -> Scalar {
    Scalar::from(u64::from(municipality) + 1)
}

/// Σ_i x^i·φ_i.
pub(crate) fn evaluate(commitments: &[RistrettoPoint], x: Scalar) -> RistrettoPoint {
    let powers = core::iter::successors(Some(Scalar::ONE), |power| Some(power * x));
    let powers: Vec<_> = powers.take(commitments.len()).collect();
    RistrettoPoint::vartime_multiscalar_mul(&powers, commitments)
}

fn check_all_dealt(contract: &Contract, dealings: &[DealKey]) -> Result<(), KeyError> {
    let all = contract.municipalities.len();
    for (expected, deal) in dealings.iter().enumerate() {
        if usize::from(deal.dealer) != expected {
            return Err(KeyError::MissingDealing { expected });
        }
    }
    if dealings.len() != all {
        return Err(KeyError::WrongShape {
            symbol: "dealing",
            actual: dealings.len(),
            expected: all,
        });
    }
    Ok(())
}

/// Per candidate, Σ_d φ_dji for every i.
fn sum_over_dealers(contract: &Contract, opened: &[OpenedDealKey]) -> Vec<Vec<RistrettoPoint>> {
    let zero = vec![RistrettoPoint::identity(); usize::from(contract.threshold)];
    let mut sums = vec![zero; contract.candidates.len()];
    for deal in opened {
        for (sum, commitments) in sums.iter_mut().zip(&deal.commitments) {
            for (sum, commitment) in sum.iter_mut().zip(commitments) {
                *sum += commitment;
            }
        }
    }
    sums
}

fn addresses(polynomials: &[Vec<RistrettoPoint>]) -> Result<Vec<Element>, KeyError> {
    let constants = polynomials.iter().map(|polynomial| polynomial.first());
    constants
        .enumerate()
        .map(|(candidate, constant)| match constant {
            Some(address) if !address.is_identity() => Ok(Element(*address)),
            _ => Err(KeyError::IdentityAddress { candidate }),
        })
        .collect()
}

fn verification_shares(contract: &Contract, polynomial: &[RistrettoPoint]) -> Vec<Element> {
    (0..)
        .zip(&contract.municipalities)
        .map(|(index, _)| Element(evaluate(polynomial, identifier(index))))
        .collect()
}

fn encode_all(elements: &[Element]) -> Vec<Point> {
    let points = elements.iter().map(|element| &element.0);
    points.map(group::encode_point).collect()
}
