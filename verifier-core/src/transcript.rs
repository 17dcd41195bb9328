//! The transcript that proofs draw their challenges from: a chain of SHA-512, simple enough for any language.
//!
//! It is a growing string of bytes. `append` adds `u32le(len label) ‖ label ‖ u32le(len data) ‖ data`. `challenge` appends the label
//! with no data, takes SHA-512 of the whole string so far, appends those 64 bytes as they are, and reads them as a little-endian
//! number modulo ℓ. Labels are the symbols of the equations.

use crate::ids::{ContractId, GenesisHash};
use curve25519_dalek::Scalar;
use sha2::{Digest, Sha512};

#[derive(Clone)]
pub(crate) struct Transcript(Sha512);

impl Transcript {
    /// A transcript of the protocol `label`, bound to one election.
    pub(crate) fn new(label: &[u8], genesis: &GenesisHash, contract: &ContractId) -> Self {
        let mut transcript = Self(Sha512::new());
        transcript.append(b"label", label);
        transcript.append(b"genesis", genesis.as_bytes());
        transcript.append(b"contract", contract.as_bytes());
        transcript
    }

    pub(crate) fn append(&mut self, label: &[u8], data: &[u8]) {
        self.frame(label);
        self.frame(data);
    }

    pub(crate) fn append_u16(&mut self, label: &[u8], number: u16) {
        self.append(label, &number.to_le_bytes());
    }

    /// A scalar that depends on everything appended so far.
    pub(crate) fn challenge(&mut self, label: &[u8]) -> Scalar {
        self.append(label, &[]);
        let digest: [u8; 64] = self.0.clone().finalize().into();
        self.0.update(digest);
        Scalar::from_bytes_mod_order_wide(&digest)
    }

    /// Nothing in this crate that is appended is longer than 2³² bytes.
    fn frame(&mut self, bytes: &[u8]) {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.update(length.to_le_bytes());
        self.0.update(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn framed(bytes: &mut Vec<u8>, label: &[u8], data: &[u8]) {
        for part in [label, data] {
            bytes.extend(u32::try_from(part.len()).unwrap().to_le_bytes());
            bytes.extend(part);
        }
    }

    #[test]
    fn challenges_are_hashes_of_everything_before_them() {
        let mut transcript = Transcript::new(b"test", &GenesisHash([1; 32]), &ContractId([2; 32]));
        transcript.append_u16(b"n", 258);

        let mut string = Vec::new();
        framed(&mut string, b"label", b"test");
        framed(&mut string, b"genesis", &[1; 32]);
        framed(&mut string, b"contract", &[2; 32]);
        framed(&mut string, b"n", &[2, 1]);
        for label in [b"c", b"d"] {
            framed(&mut string, label, b"");
            let digest: [u8; 64] = Sha512::digest(&string).into();
            string.extend(digest);
            let expected = Scalar::from_bytes_mod_order_wide(&digest);
            assert_eq!(transcript.challenge(label), expected);
        }
        let last = hex::encode(transcript.challenge(b"e").as_bytes());
        let expected = "3da08d723febf992de55b79095e550e54593dfb46a69a8a027d2e4fe16c8de01";
        assert_eq!(last, expected);
    }
}
