//! One trustee's dealing: its form, and FROST's proof that the dealer knows what it deals.
//!
//! ```text
//! c = HashToScalar("FROST-RISTRETTO255-SHA512-v1" ‖ "dkg" ‖ d + 1 ‖ φ_0 ‖ R)      R = z·B − c·φ_0
//! ```
//!
//! with SHA-512 reduced modulo ℓ and d + 1 as a scalar of 32 bytes: `HDKG` of RFC 9591's suite, as the crate `frost-ristretto255` has it.

use super::{KeyError, identifier};
use crate::contract::Contract;
use crate::group;
use crate::ids::{MunicipalityIndex, Point, ScalarBytes};
use crate::transaction::{DealKey, Dealing};
use curve25519_dalek::{RistrettoPoint, Scalar};
use sha2::{Digest, Sha512};

const FROST_CONTEXT: &[u8] = b"FROST-RISTRETTO255-SHA512-v1";

/// A DealKey that passed [`check_dealing`], decoded.
pub(crate) struct OpenedDealKey {
    /// P.
    pub(crate) ephemeral: RistrettoPoint,
    /// φ_ji: per candidate, per coefficient.
    pub(crate) commitments: Vec<Vec<RistrettoPoint>>,
    /// Per candidate, per recipient.
    pub(crate) encrypted_shares: Vec<Vec<Scalar>>,
}

/// Checks attempt, dealer, shape, elements and every proof of knowledge of a DealKey.
///
/// Success does not say that the encrypted shares are good; only their recipients can tell.
pub fn check_dealing(contract: &Contract, attempt: u16, deal: &DealKey) -> Result<(), KeyError> {
    open(contract, attempt, deal).map(|_| ())
}

pub(crate) fn open(
    contract: &Contract,
    attempt: u16,
    deal: &DealKey,
) -> Result<OpenedDealKey, KeyError> {
    if deal.attempt != attempt {
        return Err(KeyError::WrongAttempt {
            actual: deal.attempt,
            expected: attempt,
        });
    }
    if contract.municipality(deal.dealer).is_none() {
        return Err(KeyError::UnknownMunicipality {
            municipality: deal.dealer,
        });
    }
    check_shape(contract, deal)?;
    let opened = decode(deal)?;
    for (index, (dealing, commitments)) in deal.dealings.iter().zip(&opened.commitments).enumerate()
    {
        if !knows_constant(deal.dealer, dealing, commitments, index)? {
            return Err(KeyError::InvalidProof { index });
        }
    }
    Ok(opened)
}

fn check_shape(contract: &Contract, deal: &DealKey) -> Result<(), KeyError> {
    let per_candidate = |dealing: &Dealing| {
        [
            (
                "commitment",
                dealing.commitments.len(),
                usize::from(contract.threshold),
            ),
            (
                "encrypted share",
                dealing.encrypted_shares.len(),
                contract.municipalities.len(),
            ),
        ]
    };
    let dealings = ("dealing", deal.dealings.len(), contract.candidates.len());
    let parts = deal.dealings.iter().flat_map(per_candidate);
    for (symbol, actual, expected) in core::iter::once(dealings).chain(parts) {
        if actual != expected {
            return Err(KeyError::WrongShape {
                symbol,
                actual,
                expected,
            });
        }
    }
    Ok(())
}

fn decode(deal: &DealKey) -> Result<OpenedDealKey, KeyError> {
    let ephemeral = group::point_but_identity(&deal.ephemeral).ok_or(KeyError::InvalidElement {
        symbol: "P",
        index: 0,
    })?;
    let commitments = deal.dealings.iter().map(|d| points(&d.commitments));
    let encrypted_shares = deal.dealings.iter().map(|d| scalars(&d.encrypted_shares));
    Ok(OpenedDealKey {
        ephemeral,
        commitments: commitments.collect::<Result<_, _>>()?,
        encrypted_shares: encrypted_shares.collect::<Result<_, _>>()?,
    })
}

/// FROST refuses the identity as any commitment, and so do we.
fn points(bytes: &[Point]) -> Result<Vec<RistrettoPoint>, KeyError> {
    let symbol = "commitment";
    let decoded = bytes.iter().map(group::point_but_identity).enumerate();
    decoded
        .map(|(index, point)| point.ok_or(KeyError::InvalidElement { symbol, index }))
        .collect()
}

fn scalars(bytes: &[ScalarBytes]) -> Result<Vec<Scalar>, KeyError> {
    let symbol = "encrypted share";
    let decoded = bytes.iter().map(group::scalar).enumerate();
    decoded
        .map(|(index, scalar)| scalar.ok_or(KeyError::InvalidElement { symbol, index }))
        .collect()
}

fn knows_constant(
    dealer: MunicipalityIndex,
    dealing: &Dealing,
    commitments: &[RistrettoPoint],
    index: usize,
) -> Result<bool, KeyError> {
    let symbol = "proof of knowledge";
    let invalid = || KeyError::InvalidElement { symbol, index };
    let (commitment, response) = &dealing.proof_of_knowledge;
    let r = group::point_but_identity(commitment).ok_or_else(invalid)?;
    let z = group::scalar(response).ok_or_else(invalid)?;
    let (Some(constant), Some(constant_bytes)) = (commitments.first(), dealing.commitments.first())
    else {
        return Ok(false);
    };
    let c = Scalar::from_hash(
        Sha512::new()
            .chain_update(FROST_CONTEXT)
            .chain_update(b"dkg")
            .chain_update(identifier(dealer).as_bytes())
            .chain_update(constant_bytes.0)
            .chain_update(commitment.0),
    );
    Ok(RistrettoPoint::vartime_double_scalar_mul_basepoint(&-c, constant, &z) == r)
}
