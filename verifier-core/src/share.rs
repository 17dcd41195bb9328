//! Decryption shares of the closed sums, their combination and the claimed totals.
//!
//! ```text
//! trustee i:         D_ij = s_ij·ΣR    with a proof that log_B S_ij = log_ΣR D_ij
//! any t of them:     t_j·B = ΣC_j − Σ_i λ_i·D_ij        λ_i = Π_{m≠i} x_m / (x_m − x_i)      x_i = i + 1
//! ```
//!
//! If a cell holds no ballots, ΣR is the identity. Then the proof still holds for D = identity and for nothing else, since its second
//! equation hashes −c·D, which must be fixed before c is.

use crate::ballot::EncryptedSum;
use crate::equality::{Encoded, Equality, ProofError};
use crate::group::{self, Element};
use crate::ids::{MunicipalityIndex, TrackingCode};
use crate::keys::{KeyError, KeySet, identifier};
use crate::outcome::Outcome;
use crate::transaction::Share;
use crate::transcript::Transcript;
use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use curve25519_dalek::traits::VartimeMultiscalarMul;
use curve25519_dalek::{RistrettoPoint, Scalar};
use std::collections::BTreeMap;

const LABEL: &[u8] = b"chamgwan/share/v1";

/// One trustee's decryption shares, every proof of which holds for the sums they were checked against.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CheckedShare {
    trustee: MunicipalityIndex,
    /// D: per cell, per candidate.
    cells: Vec<Vec<Element>>,
}

impl CheckedShare {
    /// Whose shares they are.
    pub fn trustee(&self) -> MunicipalityIndex {
        self.trustee
    }
}

/// Why decryption shares are refused, or do not open the sums. `cell` and `candidate` count from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    #[error("for close {actual} instead of {expected}")]
    WrongClose {
        actual: TrackingCode,
        expected: TrackingCode,
    },
    #[error("there is no trustee {trustee}")]
    UnknownTrustee { trustee: MunicipalityIndex },
    #[error("{actual} {symbol} instead of {expected}")]
    WrongShape {
        symbol: &'static str,
        actual: usize,
        expected: usize,
    },
    #[error("the share of candidate {candidate} in cell {cell} is not canonical")]
    InvalidElement { cell: usize, candidate: usize },
    #[error("the proof of the share of candidate {candidate} in cell {cell} does not hold")]
    InvalidProof { cell: usize, candidate: usize },
    #[error("{actual} trustees gave shares, but {needed} are needed")]
    TooFew { actual: usize, needed: usize },
}

impl ShareError {
    /// What the ledger says of such a transaction.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::WrongClose { .. } => Outcome::WrongAttempt,
            Self::UnknownTrustee { .. } => Outcome::UnknownMunicipality,
            Self::WrongShape { .. } => Outcome::WrongShape,
            Self::InvalidElement { .. } => Outcome::InvalidElement,
            Self::InvalidProof { .. } => Outcome::InvalidProof,
            Self::TooFew { .. } => Outcome::NotClosed,
        }
    }
}

/// A candidate's total in a cell, as the point t·B.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Total(Element);

impl Total {
    /// Whether the total is `claim`.
    pub fn is(&self, claim: u64) -> bool {
        RISTRETTO_BASEPOINT_POINT * Scalar::from(claim) == self.0.0
    }

    /// Searches 0 ..= `most` for the total by baby steps and giant steps: about 2·√`most` operations. For whoever publishes it.
    pub fn find(&self, most: u64) -> Option<u64> {
        let stride = most.isqrt().saturating_add(1);
        let mut baby_steps = BTreeMap::new();
        let mut point = RistrettoPoint::default();
        for step in 0..stride {
            baby_steps.insert(point.compress().to_bytes(), step);
            point += RISTRETTO_BASEPOINT_POINT;
        }
        // `point` is now stride·B.
        let mut rest = self.0.0;
        for giant_step in 0..stride {
            if let Some(step) = baby_steps.get(rest.compress().as_bytes()) {
                let total = giant_step.checked_mul(stride)?.checked_add(*step)?;
                return (total <= most).then_some(total);
            }
            rest -= point;
        }
        None
    }
}

/// Checks one trustee's shares of the sums that `close` fixed: close, trustee, shape, elements, proofs.
pub fn check_share(
    key_set: &KeySet,
    close: TrackingCode,
    sums: &[EncryptedSum],
    share: &Share,
) -> Result<CheckedShare, ShareError> {
    if share.close != close {
        return Err(ShareError::WrongClose {
            actual: share.close,
            expected: close,
        });
    }
    let verification_shares =
        key_set
            .shares_of(share.trustee)
            .map_err(|_: KeyError| ShareError::UnknownTrustee {
                trustee: share.trustee,
            })?;
    check_shape(sums, share, verification_shares.len())?;
    let mut cells = Vec::with_capacity(sums.len());
    for (cell, sum) in sums.iter().enumerate() {
        cells.push(check_cell(key_set, &verification_shares, cell, sum, share)?);
    }
    Ok(CheckedShare {
        trustee: share.trustee,
        cells,
    })
}

fn check_shape(sums: &[EncryptedSum], share: &Share, candidates: usize) -> Result<(), ShareError> {
    let wrong = |symbol, actual, expected| ShareError::WrongShape {
        symbol,
        actual,
        expected,
    };
    if share.cells.len() != sums.len() {
        return Err(wrong("cells", share.cells.len(), sums.len()));
    }
    let lengths = share.cells.iter().map(Vec::len);
    for actual in lengths.chain(sums.iter().map(EncryptedSum::candidates)) {
        if actual != candidates {
            return Err(wrong("candidates", actual, candidates));
        }
    }
    Ok(())
}

fn check_cell(
    key_set: &KeySet,
    verification_shares: &[RistrettoPoint],
    cell: usize,
    sum: &EncryptedSum,
    share: &Share,
) -> Result<Vec<Element>, ShareError> {
    let randomness = sum
        .randomness()
        .ok_or(ShareError::InvalidElement { cell, candidate: 0 })?;
    let base = Encoded {
        point: &randomness,
        bytes: &group::encode_point(&randomness),
    };
    let decryption_shares = share.cells.get(cell).into_iter().flatten();
    let mut points = Vec::with_capacity(verification_shares.len());
    for ((index, decryption), public) in (0..).zip(decryption_shares).zip(verification_shares) {
        let candidate = usize::from(index);
        let point = group::point(&decryption.share)
            .ok_or(ShareError::InvalidElement { cell, candidate })?;
        let statement = Equality {
            public: Encoded {
                point: public,
                bytes: &group::encode_point(public),
            },
            base,
            image: Encoded {
                point: &point,
                bytes: &decryption.share,
            },
        };
        let transcript = share_transcript(key_set, share, cell, index);
        statement
            .verify(transcript, &decryption.proof)
            .map_err(|error| match error {
                ProofError::Element => ShareError::InvalidElement { cell, candidate },
                ProofError::Proof => ShareError::InvalidProof { cell, candidate },
            })?;
        points.push(Element(point));
    }
    Ok(points)
}

/// What the proof of a decryption share is bound to.
pub(crate) fn share_transcript(
    key_set: &KeySet,
    share: &Share,
    cell: usize,
    candidate: u16,
) -> Transcript {
    let mut transcript = Transcript::new(LABEL, key_set.genesis(), key_set.contract());
    transcript.append(b"key set", key_set.id().as_bytes());
    transcript.append(b"close", share.close.as_bytes());
    transcript.append_u16(b"trustee", share.trustee);
    transcript.append_u16(b"cell", u16::try_from(cell).unwrap_or(u16::MAX));
    transcript.append_u16(b"candidate", candidate);
    transcript
}

/// Opens the sums by the shares of the t trustees that come first in the contract: per cell, per candidate.
///
/// Every choice of t checked shares gives the same totals.
pub fn combine(
    key_set: &KeySet,
    shares: &[CheckedShare],
    sums: &[EncryptedSum],
) -> Result<Vec<Vec<Total>>, ShareError> {
    let needed = usize::from(key_set.threshold());
    let by_trustee: BTreeMap<_, _> = shares.iter().map(|share| (share.trustee, share)).collect();
    if by_trustee.len() < needed {
        return Err(ShareError::TooFew {
            actual: by_trustee.len(),
            needed,
        });
    }
    let chosen: Vec<_> = by_trustee.into_values().take(needed).collect();
    let coefficients = coefficients_at_zero(&chosen);
    let cells = sums.iter().enumerate();
    cells
        .map(|(cell, sum)| open_cell(&chosen, &coefficients, cell, sum))
        .collect()
}

fn open_cell(
    chosen: &[&CheckedShare],
    coefficients: &[Scalar],
    cell: usize,
    sum: &EncryptedSum,
) -> Result<Vec<Total>, ShareError> {
    let transfers = sum.transfers().enumerate();
    transfers
        .map(|(candidate, transfer)| {
            let points: Vec<_> = chosen
                .iter()
                .filter_map(|share| share.cells.get(cell)?.get(candidate))
                .map(|element| element.0)
                .collect();
            if points.len() != coefficients.len() {
                return Err(ShareError::WrongShape {
                    symbol: "shares",
                    actual: points.len(),
                    expected: coefficients.len(),
                });
            }
            let transfer = transfer.ok_or(ShareError::InvalidElement { cell, candidate })?;
            let mask = RistrettoPoint::vartime_multiscalar_mul(coefficients, &points);
            Ok(Total(Element(transfer - mask)))
        })
        .collect()
}

/// λ_i for each of the trustees.
fn coefficients_at_zero(chosen: &[&CheckedShare]) -> Vec<Scalar> {
    let points: Vec<_> = chosen.iter().map(|s| identifier(s.trustee)).collect();
    let coefficient = |own: &Scalar| {
        let others = points.iter().filter(|other| *other != own);
        let (numerator, denominator) = others.fold((Scalar::ONE, Scalar::ONE), |(n, d), other| {
            (n * other, d * (other - own))
        });
        numerator * denominator.invert()
    };
    points.iter().map(coefficient).collect()
}
