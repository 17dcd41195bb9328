//! Everything that makes secrets: drawing keys, dealing, encrypting, proving, decrypting, signing. Feature `prove`.
//!
//! Randomness is always an argument. Secrets are wiped when dropped.

mod ballot;
mod blind;
mod keys;
mod share;
mod sign;
mod voter;

pub use ballot::{BallotProver, BallotSecret};
pub use blind::Blinding;
pub use keys::{EncryptionSecret, TrusteeKeys, complain, deal, prove_ready};
pub use share::decrypt_sums;
pub use sign::{SigningKey, draw_signing_key, public_key, sign, sign_body};
pub use voter::VoterElection;

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
    #[error("the key for blind signatures is no odd number of 2,048 bits")]
    BlindKey,
    #[error("the randomness gives the same again and again")]
    NoRandomness,
    #[error(
        "what came back is not signed with the municipality's key, or is no signature on this message"
    )]
    NotSigned,
}

/// A scalar below ℓ, uniformly drawn.
fn draw_scalar(rng: &mut impl CryptoRngCore) -> Zeroizing<Scalar> {
    let mut bytes = Zeroizing::new([0; 64]);
    rng.fill_bytes(bytes.as_mut());
    Zeroizing::new(Scalar::from_bytes_mod_order_wide(&bytes))
}
