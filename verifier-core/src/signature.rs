//! Signatures of voters, municipalities and validators, all judged by ZIP-215.
//!
//! A signature (R, s) by A on M holds if A and R decode as points of edwards25519 (non-canonical encodings included), s < ℓ, and
//! `8·s·B = 8·R + 8·k·A` with k = SHA-512(R ‖ A ‖ M) mod ℓ. The cofactor 8 removes every torsion component, so that this equation
//! and any weighted sum of such equations agree on all inputs. [`verify_signature`] defines the verdict; [`verify_signatures`] is only faster.

use crate::bisection::suspects;
use crate::curve::pippenger::{self, Term};
use crate::curve::{Affine, Projective, edwards};
use crate::ids::{PublicKey, Signature};
use crate::transaction::SIGNING_LABEL;
use crate::weights::Weights;
use curve25519_dalek::Scalar;
use curve25519_dalek::constants::ED25519_BASEPOINT_COMPRESSED;
use curve25519_dalek::edwards::CompressedEdwardsY;
use ed25519_zebra::VerificationKey;
use sha2::{Digest, Sha512};
use std::collections::BTreeMap;

const BATCH_LABEL: &[u8] = b"chamgwan/signature-batch/v1";
/// So few signatures are not worth another batch.
const SINGLES: usize = 3;

/// The signature does not hold for this key and message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature by {key} does not hold")]
pub struct InvalidSignature {
    pub key: PublicKey,
}

/// A message, and who is said to have signed it.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    pub key: &'a PublicKey,
    pub message: &'a [u8],
    pub signature: &'a Signature,
}

/// Whether `signature` by `key` on `message` holds by ZIP-215.
///
/// Success says nothing of who holds the key: everybody can sign for a key of small order.
pub fn verify_signature(
    key: &PublicKey,
    message: &[u8],
    signature: &Signature,
) -> Result<(), InvalidSignature> {
    let signature = ed25519_zebra::Signature::from_bytes(signature);
    VerificationKey::try_from(key.0)
        .and_then(|verification_key| verification_key.verify(&signature, message))
        .map_err(|_| InvalidSignature { key: *key })
}

/// Judges many signatures, each exactly as [`verify_signature`] would, in the same order.
pub fn verify_signatures(signed: &[Signed<'_>]) -> Vec<Result<(), InvalidSignature>> {
    let held = if signed.len() > SINGLES {
        hold_together(signed)
    } else {
        vec![false; signed.len()]
    };
    let verdict = |(signed, held): (&Signed<'_>, bool)| {
        if held {
            return Ok(());
        }
        verify_signature(signed.key, signed.message, signed.signature)
    };
    signed.iter().zip(held).map(verdict).collect()
}

/// Which of them hold as part of the batch; the others are to be judged alone.
fn hold_together<'a>(signed: &[Signed<'a>]) -> Vec<bool> {
    let mut held = vec![false; signed.len()];
    let Some(base) = edwards::decode(&ED25519_BASEPOINT_COMPRESSED.0, None) else {
        return held;
    };
    let mut keys = Keys::default();
    let mut equation = |signed: &Signed<'a>| {
        let decode = || edwards::decode(&signed.key.0, None);
        let key = *keys.entry(*signed.key).or_insert_with(decode);
        Equation::new(signed, key?)
    };
    let mut equations = Vec::with_capacity(signed.len());
    for (signed, held) in signed.iter().zip(&mut held) {
        if let Some(equation) = equation(signed) {
            equations.push(equation);
            *held = true;
        }
    }
    let mut weights = Weights::new(batch_seed(&equations));
    let weights: Vec<_> = equations.iter().map(|_| weights.next()).collect();
    let suspects = suspects(equations.len(), |range| {
        let equations = equations.get(range.clone()).unwrap_or_default();
        sum(equations, weights.get(range).unwrap_or_default(), base)
    });
    let mut suspects = suspects.into_iter().peekable();
    for (index, held) in held.iter_mut().filter(|held| **held).enumerate() {
        *held = suspects.next_if_eq(&index).is_none();
    }
    held
}

/// Whether `address` is a point of edwards25519 whose order is not small (8·A ≠ 0): only for such a key does a signature name its holder.
pub fn is_voter_address(address: &PublicKey) -> bool {
    CompressedEdwardsY(address.0)
        .decompress()
        .is_some_and(|point| !point.is_small_order())
}

/// Keys decoded so far: the same few validators sign header after header.
type Keys = BTreeMap<PublicKey, Option<Affine>>;

/// k of ZIP-215, for the signing label and this body.
pub(crate) fn challenge_of_body(key: &PublicKey, body: &[u8], signature: &Signature) -> Scalar {
    challenge(key, [SIGNING_LABEL, body], signature)
}

fn challenge<const N: usize>(
    key: &PublicKey,
    message: [&[u8]; N],
    signature: &Signature,
) -> Scalar {
    let (commitment, _) = signature.split_at(32);
    let mut hash = Sha512::new_with_prefix(commitment);
    hash.update(key.0);
    message.iter().for_each(|part| hash.update(part));
    Scalar::from_hash(hash)
}

/// 8·s·B = 8·R + 8·k·A, decoded.
struct Equation<'a> {
    signed: Signed<'a>,
    challenge: Scalar,
    response: Scalar,
    key: Affine,
    commitment: Affine,
}

impl<'a> Equation<'a> {
    /// `key` is A. Nothing if R or s does not decode.
    fn new(signed: &Signed<'a>, key: Affine) -> Option<Self> {
        let (commitment, response) = signed.signature.split_first_chunk::<32>()?;
        let response = response.try_into().ok()?;
        Some(Self {
            signed: *signed,
            challenge: challenge(signed.key, [signed.message], signed.signature),
            response: Option::from(Scalar::from_canonical_bytes(response))?,
            key,
            commitment: edwards::decode(commitment, None)?,
        })
    }
}

/// 8·(Σ w_i·R_i + Σ w_i·k_i·A_i − (Σ w_i·s_i)·B) = 0 over a range, where the terms of one key are added up first.
fn sum(equations: &[Equation<'_>], weights: &[u128], base: Affine) -> Projective {
    let mut of_base = Scalar::ZERO;
    let mut keys: BTreeMap<&PublicKey, Term<Scalar>> = BTreeMap::new();
    let mut commitments = Vec::with_capacity(equations.len());
    for (equation, weight) in equations.iter().zip(weights) {
        commitments.push(Term {
            scalar: *weight,
            point: equation.commitment,
        });
        let weight = Scalar::from(*weight);
        of_base -= weight * equation.response;
        let term = keys
            .entry(equation.signed.key)
            .or_insert_with(|| Term::new(equation.key));
        term.scalar += weight * equation.challenge;
    }
    let base = Term {
        scalar: of_base,
        point: base,
    };
    let keys: Vec<_> = keys.into_values().chain([base]).collect();
    pippenger::sum(&[&keys], &commitments)
}

/// SHA-512(label ‖ u64le(count) ‖ A_i ‖ R_i ‖ s_i ‖ k_i …); k_i stands for the message.
fn batch_seed(equations: &[Equation<'_>]) -> [u8; 64] {
    let count = u64::try_from(equations.len()).unwrap_or(u64::MAX);
    let mut hash = Sha512::new()
        .chain_update(BATCH_LABEL)
        .chain_update(count.to_le_bytes());
    for equation in equations {
        hash.update(equation.signed.key.0);
        hash.update(equation.signed.signature);
        hash.update(equation.challenge.as_bytes());
    }
    hash.finalize().into()
}
