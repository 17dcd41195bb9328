//! Blind signatures: RSA as in RFC 9474, variant RSABSSA-SHA384-PSS-Randomized, of which only the verification is here.
//!
//! ```text
//! input = randomizer ‖ message          EM = signature^65537 mod n
//! EM is the EMSA-PSS encoding (RFC 8017, 9.1) of the input: SHA-384, MGF1 with SHA-384, a salt of 48 bytes
//! ```
//!
//! Whoever signed has seen neither message nor signature, so that neither can be linked to the person it was signed for.

use crate::claim_keys::{RSA_BYTES, RsaModulus};
use crate::ids::{ContractId, GenesisHash, PublicKey};
use borsh::{BorshDeserialize, BorshSerialize};
use core::fmt;
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, U2048, Uint};
use sha2::{Digest, Sha384};

/// What is signed blindly for a claim begins with this.
pub const CLAIM_LABEL: &[u8] = b"chamgwan/claim/v1";
/// Bytes of a SHA-384 digest, and of the salt.
pub(crate) const DIGEST_BYTES: usize = 48;
/// What every EMSA-PSS encoding ends with.
pub(crate) const TRAILER: u8 = 0xbc;

/// A signature with the blinding taken off.
#[derive(Clone, Copy, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct BlindSignature {
    /// Stands before the message in what is signed, so that a malicious key learns nothing from choosing messages' encodings.
    pub randomizer: [u8; 32],
    /// Big-endian, below the modulus.
    pub signature: [u8; RSA_BYTES],
}

/// A blind signature that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the blind signature does not hold")]
pub struct InvalidBlindSignature;

impl fmt::Debug for BlindSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlindSignature({})", hex::encode(self.signature))
    }
}

impl BlindSignature {
    /// Whether it is a signature of `key` on `message`.
    ///
    /// # Errors
    /// If it is not.
    pub fn verify(&self, key: &RsaModulus, message: &[u8]) -> Result<(), InvalidBlindSignature> {
        let input = [&self.randomizer, message].concat();
        if verifies::<{ U2048::LIMBS }>(&key.0, &input, &self.signature) {
            Ok(())
        } else {
            Err(InvalidBlindSignature)
        }
    }
}

/// What both municipalities sign for the holder of an address.
pub fn claim_message(genesis: &GenesisHash, contract: &ContractId, address: &PublicKey) -> Vec<u8> {
    let parts: [&[u8]; 4] = [
        CLAIM_LABEL,
        genesis.as_bytes(),
        contract.as_bytes(),
        address.as_bytes(),
    ];
    parts.concat()
}

/// RSASSA-PSS verification (RFC 8017, 8.1.2) for a modulus whose top bit is set.
fn verifies<const LIMBS: usize>(modulus: &[u8], input: &[u8], signature: &[u8]) -> bool {
    let key = Modulus::<LIMBS>::new(modulus);
    let encoded = key.and_then(|key| Some(key.raise(&number(signature)?)?.to_be_bytes()));
    encoded.is_some_and(|encoded| is_encoding_of(encoded.as_ref(), input))
}

/// A modulus, ready to multiply by.
pub(crate) struct Modulus<const LIMBS: usize>(pub FixedMontyParams<LIMBS>);

impl<const LIMBS: usize> Modulus<LIMBS> {
    /// Nothing if the bytes are not an odd number of this length.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let odd: Option<Odd<Uint<LIMBS>>> = Odd::new(number(bytes)?).into_option();
        Some(Self(FixedMontyParams::new_vartime(odd?)))
    }

    /// x^65537; nothing unless x is below the modulus.
    pub fn raise(&self, x: &Uint<LIMBS>) -> Option<Uint<LIMBS>> {
        if *x >= **self.0.modulus() {
            return None;
        }
        let x = FixedMontyForm::new(x, &self.0);
        Some(x.square_repeat_vartime(16).mul(&x).retrieve())
    }
}

/// A number of exactly this many big-endian bytes.
pub(crate) fn number<const LIMBS: usize>(bytes: &[u8]) -> Option<Uint<LIMBS>> {
    (bytes.len() == Uint::<LIMBS>::BYTES).then(|| Uint::from_be_slice(bytes))
}

/// EMSA-PSS-VERIFY (RFC 8017, 9.1.2) with one bit fewer than `encoded` has: maskedDB ‖ H ‖ trailer.
fn is_encoding_of(encoded: &[u8], input: &[u8]) -> bool {
    let masked = encoded.len().checked_sub(DIGEST_BYTES + 1);
    let Some((masked, rest)) = masked.and_then(|at| encoded.split_at_checked(at)) else {
        return false;
    };
    let Some((&TRAILER, digest)) = rest.split_last() else {
        return false;
    };
    if masked.first().is_none_or(|first| first & 0x80 != 0) {
        return false;
    }
    let mut block = masked.to_vec();
    apply_mask(&mut block, digest);
    let salt = block.len().checked_sub(DIGEST_BYTES);
    let Some((padding, salt)) = salt.and_then(|at| block.split_at_checked(at)) else {
        return false;
    };
    let padded = matches!(padding.split_last(), Some((1, zeros)) if zeros.iter().all(|z| *z == 0));
    padded && salted_digest(input, salt).as_slice() == digest
}

/// Adds MGF1 of the seed to the block, and clears the block's top bit.
pub(crate) fn apply_mask(block: &mut [u8], seed: &[u8]) {
    for (counter, chunk) in (0u32..).zip(block.chunks_mut(DIGEST_BYTES)) {
        let mask = Sha384::new().chain_update(seed);
        let mask = mask.chain_update(counter.to_be_bytes()).finalize();
        for (byte, mask) in chunk.iter_mut().zip(mask) {
            *byte ^= mask;
        }
    }
    if let Some(first) = block.first_mut() {
        *first &= 0x7f;
    }
}

/// H = SHA-384(eight zeros ‖ SHA-384(input) ‖ salt).
pub(crate) fn salted_digest(input: &[u8], salt: &[u8]) -> [u8; DIGEST_BYTES] {
    let digest = Sha384::new()
        .chain_update([0; 8])
        .chain_update(Sha384::digest(input))
        .chain_update(salt);
    digest.finalize().into()
}

/// The test vectors of RFC 9474, appendix A, with a salt of 48 bytes. Their keys have 4,096 bits.
#[cfg(test)]
pub(crate) mod rfc9474 {
    pub struct Vector {
        pub name: String,
        pub n: Vec<u8>,
        pub input: Vec<u8>,
        #[cfg_attr(not(feature = "prove"), expect(dead_code, reason = "for blinding"))]
        pub salt: Vec<u8>,
        #[cfg_attr(not(feature = "prove"), expect(dead_code, reason = "for blinding"))]
        pub inverse: Vec<u8>,
        #[cfg_attr(not(feature = "prove"), expect(dead_code, reason = "for blinding"))]
        pub blinded: Vec<u8>,
        #[cfg_attr(not(feature = "prove"), expect(dead_code, reason = "for blinding"))]
        pub blind_signature: Vec<u8>,
        pub signature: Vec<u8>,
    }

    pub fn vectors() -> Vec<Vector> {
        let file = include_str!("../vectors/rfc9474.json");
        let vectors: Vec<serde_json::Value> = serde_json::from_str(file).unwrap();
        let bytes = |vector: &serde_json::Value, field: &str| {
            let text = vector.get(field).and_then(|text| text.as_str()).unwrap();
            hex::decode(text.strip_prefix("0x").unwrap_or(text)).unwrap()
        };
        let vector = |v: &serde_json::Value| Vector {
            name: v.get("name").unwrap().to_string(),
            n: bytes(v, "n"),
            input: bytes(v, "input_msg"),
            salt: bytes(v, "salt"),
            inverse: bytes(v, "inv"),
            blinded: bytes(v, "blinded_msg"),
            blind_signature: bytes(v, "blind_sig"),
            signature: bytes(v, "sig"),
        };
        vectors.iter().map(vector).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto_bigint::U4096;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const LIMBS: usize = U4096::LIMBS;

    #[test]
    fn signatures_of_rfc_9474_hold() {
        let vectors = rfc9474::vectors();
        assert_eq!(vectors.len(), 2);
        for v in vectors {
            assert!(
                verifies::<LIMBS>(&v.n, &v.input, &v.signature),
                "{}",
                v.name
            );
        }
    }

    #[test]
    fn no_signature_with_a_changed_bit_holds() {
        let v = &rfc9474::vectors()[0];
        for at in [0, 1, 7, 100, 255, 256, 400, 511] {
            for bit in [1, 0x80] {
                let mut signature = v.signature.clone();
                signature[at] ^= bit;
                assert!(!verifies::<LIMBS>(&v.n, &v.input, &signature));
            }
        }
        for at in 0..v.input.len() {
            let mut input = v.input.clone();
            input[at] ^= 1;
            assert!(!verifies::<LIMBS>(&v.n, &input, &v.signature));
        }
    }

    #[test]
    fn refuses_other_lengths_even_moduli_and_numbers_not_below_the_modulus() {
        let v = &rfc9474::vectors()[0];
        assert!(!verifies::<LIMBS>(&v.n, &v.input, &v.signature[1..]));
        assert!(!verifies::<LIMBS>(&v.n[1..], &v.input, &v.signature));
        assert!(!verifies::<LIMBS>(&[], &v.input, &[]));
        let mut even = v.n.clone();
        even[511] ^= 1;
        assert!(!verifies::<LIMBS>(&even, &v.input, &v.signature));
        // The same residue, and still 4,096 bits: n is 0xaec4…, the signature 0x191e….
        let n: Uint<LIMBS> = number(&v.n).unwrap();
        let beyond = n.wrapping_add(&number(&v.signature).unwrap());
        assert!(beyond > n);
        let beyond = beyond.to_be_bytes();
        assert!(!verifies::<LIMBS>(&v.n, &v.input, beyond.as_ref()));
        assert!(!verifies::<LIMBS>(&v.n, &v.input, &[0; 512]));
    }

    #[test]
    fn every_part_of_the_encoding_is_looked_at() {
        let v = &rfc9474::vectors()[0];
        let key = Modulus::<LIMBS>::new(&v.n).unwrap();
        let good = key.raise(&number(&v.signature).unwrap()).unwrap();
        let good = good.to_be_bytes();
        assert!(is_encoding_of(good.as_ref(), &v.input));
        for at in 0..512 {
            let mut changed = good.as_ref().to_vec();
            changed[at] ^= 1;
            assert!(!is_encoding_of(&changed, &v.input), "byte {at}");
        }
        let mut top = good.as_ref().to_vec();
        top[0] ^= 0x80;
        assert!(!is_encoding_of(&top, &v.input), "the top bit");
        for length in 0..100 {
            assert!(!is_encoding_of(&good.as_ref()[..length], &v.input));
            assert!(!is_encoding_of(&good.as_ref()[512 - length..], &v.input));
        }
    }
}
