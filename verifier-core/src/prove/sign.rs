//! Signing transactions with plain ed25519.

use crate::ids::{PublicKey, Signature};
use crate::transaction::{Body, Transaction};
use ed25519_dalek::Signer;
use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

pub use ed25519_dalek::SigningKey;

/// A new signing key.
pub fn draw_signing_key(rng: &mut impl CryptoRngCore) -> SigningKey {
    let mut seed = Zeroizing::new([0; 32]);
    rng.fill_bytes(seed.as_mut());
    SigningKey::from_bytes(&seed)
}

/// The public half of a key; for a voter, the voter address.
pub fn public_key(key: &SigningKey) -> PublicKey {
    PublicKey(key.verifying_key().to_bytes())
}

/// The signature of `key` on `message`.
pub fn sign(key: &SigningKey, message: &[u8]) -> Signature {
    key.sign(message).to_bytes()
}

/// The transaction with this body, signed by `keys` in the order that its action asks for.
pub fn sign_body(body: Body, keys: &[&SigningKey]) -> Transaction {
    let message = body.signing_message();
    Transaction {
        signatures: keys.iter().map(|key| sign(key, &message)).collect(),
        body,
    }
}
