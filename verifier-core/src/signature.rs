//! Signatures of voters, municipalities and validators, all judged by ZIP-215.
//!
//! A signature (R, s) by A on M holds if A and R decode as points of edwards25519 (non-canonical encodings included), s < ℓ, and
//! `8·s·B = 8·R + 8·k·A` with k = SHA-512(R ‖ A ‖ M) mod ℓ. The cofactor 8 removes every torsion component, so that this equation
//! and any weighted sum of such equations agree on all inputs. [`verify_signature`] defines the verdict; [`verify_signatures`] is only faster.

use crate::curve::pippenger::Terms;
use crate::curve::{Affine, Hint, edwards};
use crate::ids::{PublicKey, Signature};
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
pub fn verify_signatures<'a>(signed: &[Signed<'a>]) -> Vec<Result<(), InvalidSignature>> {
    let mut keys = Keys::default();
    let mut equation = |signed: &Signed<'a>| {
        let decode = || edwards::decode(&signed.key.0, None);
        let key = *keys.entry(*signed.key).or_insert_with(decode);
        Equation::new(signed, key?, None)
    };
    let equations: Vec<_> = signed.iter().map(&mut equation).collect();
    let decoded: Vec<&Equation<'_>> = equations.iter().flatten().collect();
    let mut verdicts = judge(&decoded).into_iter();
    let verdict = |(signed, equation): (&Signed<'_>, &Option<_>)| {
        let judged = equation.as_ref().and_then(|_| verdicts.next());
        judged.unwrap_or_else(|| verify_signature(signed.key, signed.message, signed.signature))
    };
    signed.iter().zip(&equations).map(verdict).collect()
}

/// Whether `address` is a point of edwards25519 whose order is not small (8·A ≠ 0): only for such a key does a signature name its holder.
pub fn is_voter_address(address: &PublicKey) -> bool {
    CompressedEdwardsY(address.0)
        .decompress()
        .is_some_and(|point| !point.is_small_order())
}

/// Keys decoded so far: the same few validators sign header after header.
type Keys = BTreeMap<PublicKey, Option<Affine>>;

/// 8·s·B = 8·R + 8·k·A, decoded.
pub(crate) struct Equation<'a> {
    pub(crate) signed: Signed<'a>,
    key: Affine,
    commitment: Affine,
    challenge: Scalar,
    response: Scalar,
}

impl<'a> Equation<'a> {
    /// `key` is A, `hint` may help to decode R. Nothing if R or s does not decode.
    pub(crate) fn new(signed: &Signed<'a>, key: Affine, hint: Option<&Hint>) -> Option<Self> {
        let (commitment, response) = signed.signature.split_first_chunk::<32>()?;
        let response = response.try_into().ok()?;
        let challenge = Sha512::new()
            .chain_update(commitment)
            .chain_update(signed.key.0)
            .chain_update(signed.message);
        Some(Self {
            signed: *signed,
            key,
            commitment: edwards::decode(commitment, hint)?,
            challenge: Scalar::from_hash(challenge),
            response: Option::from(Scalar::from_canonical_bytes(response))?,
        })
    }
}

/// One verdict per equation: all at once if they hold together, by halves otherwise.
pub(crate) fn judge(equations: &[&Equation<'_>]) -> Vec<Result<(), InvalidSignature>> {
    if equations.len() <= SINGLES {
        return equations
            .iter()
            .map(|e| verify_signature(e.signed.key, e.signed.message, e.signed.signature))
            .collect();
    }
    if hold_together(equations) {
        return vec![Ok(()); equations.len()];
    }
    let (left, right) = equations.split_at(equations.len() / 2);
    let mut verdicts = judge(left);
    verdicts.extend(judge(right));
    verdicts
}

/// 8·(Σ w_i·R_i + Σ w_i·k_i·A_i − (Σ w_i·s_i)·B) = 0, where the terms of one key are added up first.
fn hold_together(equations: &[&Equation<'_>]) -> bool {
    let Some(basepoint) = edwards::decode(&ED25519_BASEPOINT_COMPRESSED.0, None) else {
        return false;
    };
    let mut weights = Weights::new(batch_seed(equations));
    let mut base = Scalar::ZERO;
    let mut keys: BTreeMap<&PublicKey, (&Affine, Scalar)> = BTreeMap::new();
    let mut sum = Terms::with_capacity(equations.len() + 1, equations.len());
    for equation in equations {
        let weight = weights.next();
        base -= weight * equation.response;
        sum.push(&weight, &equation.commitment);
        let (_, of_key) = keys
            .entry(equation.signed.key)
            .or_insert((&equation.key, Scalar::ZERO));
        *of_key += weight * equation.challenge;
    }
    for (key, of_key) in keys.values() {
        sum.push(of_key, key);
    }
    sum.push(&base, &basepoint);
    sum.sum().has_small_order()
}

/// SHA-512(label ‖ u64le(count) ‖ A_i ‖ R_i ‖ s_i ‖ k_i …); k_i stands for the message.
fn batch_seed(equations: &[&Equation<'_>]) -> [u8; 64] {
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
