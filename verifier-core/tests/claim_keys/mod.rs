//! Eight RSA keys for blind signatures, as they are published in `vectors/claim-keys.json` (made by `openssl genrsa 2048`; never use them),
//! and the signer's side of RFC 9474.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, U2048};
use rand_chacha::ChaCha20Rng;
use verifier_core::prove::Blinding;
use verifier_core::{BlindSignature, ClaimKeys, RsaModulus};

/// A municipality's two uses of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Home,
    Countersign,
}

pub struct SecretKey {
    pub modulus: RsaModulus,
    exponent: U2048,
}

/// A municipality's key, for up to four municipalities.
pub fn secret(municipality: u16, role: Role) -> SecretKey {
    let file = include_str!("../../vectors/claim-keys.json");
    let keys: Vec<serde_json::Value> = serde_json::from_str(file).unwrap();
    let at = usize::from(municipality) * 2 + usize::from(role == Role::Countersign);
    let bytes = |field: &str| hex::decode(keys[at][field].as_str().unwrap()).unwrap();
    SecretKey {
        modulus: RsaModulus(bytes("n").try_into().unwrap()),
        exponent: U2048::from_be_slice(&bytes("d")),
    }
}

/// The public keys of so many municipalities.
pub fn claim_keys(municipalities: u16) -> Vec<ClaimKeys> {
    let pair = |m| ClaimKeys {
        home: secret(m, Role::Home).modulus,
        countersign: secret(m, Role::Countersign).modulus,
    };
    (0..municipalities).map(pair).collect()
}

impl SecretKey {
    /// Signs whatever is asked: RSASP1.
    pub fn sign(&self, blinded: &[u8; 256]) -> [u8; 256] {
        let modulus = Odd::new(U2048::from_be_slice(&self.modulus.0)).unwrap();
        let params = FixedMontyParams::new_vartime(modulus);
        let message = FixedMontyForm::new(&U2048::from_be_slice(blinded), &params);
        let signed = message.pow_vartime(&self.exponent).retrieve().to_be_bytes();
        signed.as_ref().try_into().unwrap()
    }

    /// Both sides at once.
    pub fn blind_signature(&self, message: &[u8], rng: &mut ChaCha20Rng) -> BlindSignature {
        let blinding = Blinding::new(self.modulus, message, rng).unwrap();
        blinding.finalize(&self.sign(blinding.blinded())).unwrap()
    }
}
