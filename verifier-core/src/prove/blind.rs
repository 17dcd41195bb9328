//! The voter's side of RFC 9474: a municipality signs without seeing what it signs.
//!
//! ```text
//! m = EMSA-PSS encoding of randomizer ‖ message          blinded = m·r^65537 mod n
//! the signer gives blinded^d = m^d·r mod n               signature = that·r⁻¹ mod n
//! ```
//!
//! r is uniform below n, so that the blinded message is, too, whatever the message: the signer learns nothing, ever.

use super::ProveError;
use crate::blind_signature::{
    BlindSignature, DIGEST_BYTES, Modulus, TRAILER, apply_mask, number, salted_digest,
};
use crate::claim_keys::{RSA_BYTES, RsaModulus};
use borsh::{BorshDeserialize, BorshSerialize};
use crypto_bigint::modular::FixedMontyForm;
use crypto_bigint::{U2048, Uint};
use rand_core::CryptoRngCore;
use zeroize::{Zeroize, Zeroizing};

/// A number below the modulus is found at half of the tries at worst; nobody draws this often.
const TRIES: usize = 256;

/// A message that waits for its signature. Its borsh form keeps it for another time; it is as secret as the link between person and address.
#[derive(BorshSerialize, BorshDeserialize)]
pub struct Blinding {
    key: RsaModulus,
    message: Vec<u8>,
    randomizer: [u8; 32],
    /// r⁻¹
    inverse: [u8; RSA_BYTES],
    blinded: [u8; RSA_BYTES],
}

impl Blinding {
    /// Blinds a message for the holder of a key.
    ///
    /// # Errors
    /// If the key is none, or the randomness is no randomness.
    pub fn new(
        key: RsaModulus,
        message: &[u8],
        rng: &mut impl CryptoRngCore,
    ) -> Result<Self, ProveError> {
        let mut randomizer = [0; 32];
        rng.fill_bytes(&mut randomizer);
        let mut salt = Zeroizing::new([0; DIGEST_BYTES]);
        rng.fill_bytes(salt.as_mut());
        let modulus = Modulus::<{ U2048::LIMBS }>::new(&key.0).ok_or(ProveError::BlindKey)?;
        let input = Zeroizing::new([&randomizer, message].concat());
        let encoded = encode(&input, salt.as_ref(), RSA_BYTES);
        for _ in 0..TRIES {
            let mut r = Zeroizing::new([0; RSA_BYTES]);
            rng.fill_bytes(r.as_mut());
            if let Some((blinded, inverse)) = blind(&modulus, &encoded, r.as_ref()) {
                return Ok(Self {
                    key,
                    message: message.to_vec(),
                    randomizer,
                    inverse: bytes(&inverse)?,
                    blinded: bytes(&blinded)?,
                });
            }
        }
        Err(ProveError::NoRandomness)
    }

    /// What the municipality is to sign.
    pub fn blinded(&self) -> &[u8; RSA_BYTES] {
        &self.blinded
    }

    /// Takes the blinding off what the municipality signed.
    ///
    /// # Errors
    /// If what comes out is no signature of the key on the message: the municipality signed something else.
    pub fn finalize(&self, signed: &[u8; RSA_BYTES]) -> Result<BlindSignature, ProveError> {
        let modulus = Modulus::<{ U2048::LIMBS }>::new(&self.key.0).ok_or(ProveError::BlindKey)?;
        let unblinded = unblind(&modulus, signed, &self.inverse).ok_or(ProveError::NotSigned)?;
        let signature = BlindSignature {
            randomizer: self.randomizer,
            signature: bytes(&unblinded)?,
        };
        match signature.verify(&self.key, &self.message) {
            Ok(()) => Ok(signature),
            Err(_) => Err(ProveError::NotSigned),
        }
    }
}

impl Drop for Blinding {
    fn drop(&mut self) {
        self.message.zeroize();
        self.randomizer.zeroize();
        self.inverse.zeroize();
        self.blinded.zeroize();
    }
}

/// The blinded message and r⁻¹; nothing if r is 0, not below the modulus, or has no inverse.
fn blind<const LIMBS: usize>(
    modulus: &Modulus<LIMBS>,
    encoded: &[u8],
    r: &[u8],
) -> Option<(Uint<LIMBS>, Zeroizing<Uint<LIMBS>>)> {
    let r = Zeroizing::new(number::<LIMBS>(r)?);
    let raised = Zeroizing::new(modulus.raise(&r)?);
    let message = Zeroizing::new(number::<LIMBS>(encoded)?);
    let form = |number: &Uint<LIMBS>| Zeroizing::new(FixedMontyForm::new(number, &modulus.0));
    let inverse = Zeroizing::new(form(&r).invert().into_option()?);
    let message = form(&message);
    // A message that shares a factor with the modulus would give the key away (RFC 9474, 4.2).
    message.invert().into_option()?;
    let blinded = message.mul(&form(&raised));
    Some((blinded.retrieve(), Zeroizing::new(inverse.retrieve())))
}

fn unblind<const LIMBS: usize>(
    modulus: &Modulus<LIMBS>,
    signed: &[u8],
    inverse: &[u8],
) -> Option<Uint<LIMBS>> {
    let form = |bytes| Some(FixedMontyForm::new(&number::<LIMBS>(bytes)?, &modulus.0));
    Some(form(signed)?.mul(&form(inverse)?).retrieve())
}

/// EMSA-PSS-ENCODE (RFC 8017, 9.1.1) into so many bytes, the top bit clear.
fn encode(input: &[u8], salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let digest = salted_digest(input, salt);
    let mut encoded = Zeroizing::new(vec![
        0;
        length.saturating_sub(salt.len() + digest.len() + 2)
    ]);
    encoded.push(1);
    encoded.extend_from_slice(salt);
    apply_mask(&mut encoded, &digest);
    encoded.extend_from_slice(&digest);
    encoded.push(TRAILER);
    encoded
}

fn bytes<const LIMBS: usize>(number: &Uint<LIMBS>) -> Result<[u8; RSA_BYTES], ProveError> {
    let bytes = number.to_be_bytes();
    bytes.as_ref().try_into().map_err(|_| ProveError::BlindKey)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto_bigint::U4096;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn blinds_and_unblinds_as_rfc_9474_has_it() {
        for vector in crate::blind_signature::rfc9474::vectors() {
            let modulus = Modulus::<{ U4096::LIMBS }>::new(&vector.n).unwrap();
            let encoded = encode(&vector.input, &vector.salt, vector.n.len());
            let inverse = FixedMontyForm::new(&number(&vector.inverse).unwrap(), &modulus.0);
            let r = inverse.invert().unwrap().retrieve().to_be_bytes();
            let (blinded, again) = blind(&modulus, &encoded, r.as_ref()).unwrap();
            assert_eq!(
                blinded.to_be_bytes().as_ref(),
                vector.blinded,
                "{}",
                vector.name
            );
            assert_eq!(again.to_be_bytes().as_ref(), vector.inverse);
            let signature = unblind(&modulus, &vector.blind_signature, &vector.inverse).unwrap();
            assert_eq!(signature.to_be_bytes().as_ref(), vector.signature);
        }
    }

    #[test]
    fn draws_again_when_a_number_is_not_below_the_modulus_and_gives_up_on_no_randomness() {
        struct Stuck(u8);
        impl rand_core::RngCore for Stuck {
            fn next_u32(&mut self) -> u32 {
                0
            }
            fn next_u64(&mut self) -> u64 {
                0
            }
            fn fill_bytes(&mut self, bytes: &mut [u8]) {
                bytes.fill(self.0);
            }
            fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
                self.fill_bytes(bytes);
                Ok(())
            }
        }
        impl rand_core::CryptoRng for Stuck {}
        let mut key = [0xfe; RSA_BYTES];
        key[RSA_BYTES - 1] = 0xff;
        for byte in [0, 0xff] {
            let blinding = Blinding::new(RsaModulus(key), b"m", &mut Stuck(byte));
            assert!(matches!(blinding, Err(ProveError::NoRandomness)));
        }
        let even = Blinding::new(RsaModulus([0xfe; RSA_BYTES]), b"m", &mut Stuck(1));
        assert!(matches!(even, Err(ProveError::BlindKey)));
    }
}
