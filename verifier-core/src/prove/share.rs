//! A trustee's decryption shares of the closed sums.

use super::{TrusteeKeys, draw_scalar};
use crate::ballot::EncryptedSum;
use crate::equality::{Encoded, Equality};
use crate::group;
use crate::ids::{ScalarBytes, TrackingCode};
use crate::keys::KeySet;
use crate::share::share_transcript;
use crate::transaction::{DecryptionShare, Share};
use crate::transcript::Transcript;
use curve25519_dalek::{RistrettoPoint, Scalar};
use rand_core::CryptoRngCore;

/// D = s·ΣR with a proof, for every cell and candidate. `close` is the tracking code of the Close that fixed the sums.
///
/// A trustee answers one Close of an election, ever.
pub fn decrypt_sums(
    key_set: &KeySet,
    close: TrackingCode,
    sums: &[EncryptedSum],
    trustee_keys: &TrusteeKeys,
    rng: &mut impl CryptoRngCore,
) -> Share {
    let mut share = Share {
        trustee: trustee_keys.trustee(),
        close,
        cells: Vec::new(),
    };
    for (cell, sum) in sums.iter().enumerate() {
        let candidates = (0..).zip(trustee_keys.shares());
        let decryption_shares = candidates.map(|(candidate, secret)| {
            let transcript = share_transcript(key_set, &share, cell, candidate);
            decrypt(sum, secret, transcript, rng)
        });
        let decryption_shares = decryption_shares.collect();
        share.cells.push(decryption_shares);
    }
    share
}

fn decrypt(
    sum: &EncryptedSum,
    secret: &Scalar,
    transcript: Transcript,
    rng: &mut impl CryptoRngCore,
) -> DecryptionShare {
    let public = RistrettoPoint::mul_base(secret);
    let randomness = sum.randomness().unwrap_or_default();
    let share = randomness * secret;
    let share_bytes = group::encode_point(&share);
    let statement = Equality {
        public: Encoded {
            point: &public,
            bytes: &group::encode_point(&public),
        },
        base: Encoded {
            point: &randomness,
            bytes: &group::encode_point(&randomness),
        },
        image: Encoded {
            point: &share,
            bytes: &share_bytes,
        },
    };
    DecryptionShare {
        share: share_bytes,
        proof: prove_equality(&statement, transcript, secret, rng),
    }
}

/// (c, z) for log_B X = log_G Y = `secret`.
pub(super) fn prove_equality(
    statement: &Equality<'_>,
    mut transcript: Transcript,
    secret: &Scalar,
    rng: &mut impl CryptoRngCore,
) -> (ScalarBytes, ScalarBytes) {
    let nonce = draw_scalar(rng);
    let a = RistrettoPoint::mul_base(&nonce);
    let a_image = statement.base.point * *nonce;
    let c = statement.challenge(&mut transcript, &a, &a_image);
    let z = *nonce + c * secret;
    (group::encode_scalar(&c), group::encode_scalar(&z))
}
