//! Everything that makes secrets: drawing keys, dealing, encrypting, proving, decrypting, signing. Feature `prove`.
//!
//! Randomness is always an argument. Secrets are wiped when dropped.

mod ballot;
mod keys;
mod share;
mod sign;

pub use ballot::BallotProver;
pub use keys::{EncryptionSecret, TrusteeKeys, complain, deal, prove_ready};
pub use share::decrypt_sums;
pub use sign::{SigningKey, draw_signing_key, public_key, sign, sign_body};

use crate::ids::MunicipalityIndex;
use crate::keys::KeyError;
use curve25519_dalek::Scalar;
use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

/// Why a secret cannot be made or used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProveError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Frost(#[from] frost_ristretto255::Error),
    /// Reason for a complaint.
    #[error("the shares from municipality {dealer} do not fit its commitments")]
    BadDealing { dealer: MunicipalityIndex },
    #[error("candidate {choice} of {candidates}")]
    UnknownCandidate { choice: usize, candidates: usize },
}

/// A scalar below ℓ, uniformly drawn.
fn draw_scalar(rng: &mut impl CryptoRngCore) -> Zeroizing<Scalar> {
    let mut bytes = Zeroizing::new([0; 64]);
    rng.fill_bytes(bytes.as_mut());
    Zeroizing::new(Scalar::from_bytes_mod_order_wide(&bytes))
}
