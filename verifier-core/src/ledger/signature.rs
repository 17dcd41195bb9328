//! Ed25519 signatures judged by ZIP-215, one by one and in batches.
//!
//! A signature `(R, s)` by key `A` over message `m` holds if `s < ℓ` is canonical, `A` and `R` are encodings of curve points
//! (canonical or not) and `8·s·B = 8·R + 8·k·A` with `k = SHA-512(R ‖ A ‖ m) mod ℓ`. The single equation defines the verdict.
//! A batch checks one weighted sum of the same equations, so it agrees except with probability 2⁻¹²⁸; its weights are drawn from
//! a ChaCha20 stream seeded with the SHA-256 of everything in the batch: no randomness is needed, and the result is reproducible.

use std::collections::BTreeMap;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{IsIdentity, VartimeMultiscalarMul};
use ed25519_zebra::VerificationKey;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256, Sha512};

use crate::{PublicKey, Signature};

const BATCH_LABEL: &[u8] = b"chamgwan/signature-batch/v1";

/// Whether `signature` by `key` over `message` holds under ZIP-215.
pub fn verify_signature(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    VerificationKey::try_from(key.0).is_ok_and(|key| {
        key.verify(&ed25519_zebra::Signature::from_bytes(signature), message)
            .is_ok()
    })
}

/// Signatures that are checked together; the verdict is that of checking each alone.
#[derive(Default)]
pub struct SignatureBatch {
    seed: Sha256,
    count: u64,
    keys: BTreeMap<PublicKey, Vec<Equation>>,
}

/// What one signature adds to the weighted sum: its `R`, `s` and `k = SHA-512(R ‖ A ‖ m)`.
struct Equation {
    r: [u8; 32],
    s: [u8; 32],
    k: Scalar,
}

impl SignatureBatch {
    /// An empty batch; it holds.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a signature by `key` over `message`.
    pub fn add(&mut self, key: &PublicKey, message: &[u8], signature: &Signature) {
        let signature = ed25519_zebra::Signature::from_bytes(signature);
        let (r, s) = (*signature.r_bytes(), *signature.s_bytes());
        let challenge: [u8; 64] = Sha512::new()
            .chain_update(r)
            .chain_update(key.0)
            .chain_update(message)
            .finalize()
            .into();
        // The challenge hash fixes R, A and the message, so hashing it with A, R and s covers every input.
        self.seed.update(key.0);
        self.seed.update(r);
        self.seed.update(s);
        self.seed.update(challenge);
        self.count = self.count.saturating_add(1);
        let k = Scalar::from_bytes_mod_order_wide(&challenge);
        self.keys
            .entry(*key)
            .or_default()
            .push(Equation { r, s, k });
    }

    /// Whether every signature in the batch holds. `false` says only that one does not: check them alone to name it.
    pub fn verify(self) -> bool {
        self.sum()
            .is_some_and(|sum| sum.mul_by_cofactor().is_identity())
    }

    /// `Σ z·(R + k·A - s·B)` over the batch, or nothing if a point or scalar does not decode.
    fn sum(self) -> Option<EdwardsPoint> {
        let seed = Sha256::new()
            .chain_update(BATCH_LABEL)
            .chain_update(self.count.to_le_bytes())
            .chain_update(self.seed.finalize())
            .finalize();
        let mut weights = ChaCha20Rng::from_seed(seed.into());
        let mut scalars = Vec::new();
        let mut points = Vec::new();
        let mut base = Scalar::ZERO;
        for (key, equations) in self.keys {
            let mut key_scalar = Scalar::ZERO;
            for Equation { r, s, k } in equations {
                let z = weight(&mut weights);
                base -= z * Option::<Scalar>::from(Scalar::from_canonical_bytes(s))?;
                key_scalar += z * k;
                scalars.push(z);
                points.push(CompressedEdwardsY(r).decompress()?);
            }
            scalars.push(key_scalar);
            points.push(CompressedEdwardsY(key.0).decompress()?);
        }
        scalars.push(base);
        points.push(ED25519_BASEPOINT_POINT);
        Some(EdwardsPoint::vartime_multiscalar_mul(scalars, points))
    }
}

/// The next 128-bit weight.
fn weight(stream: &mut ChaCha20Rng) -> Scalar {
    let mut bytes = [0; 16];
    stream.fill_bytes(&mut bytes);
    Scalar::from(u128::from_le_bytes(bytes))
}
