//! The weights of a batch: 128 bits per equation, expanded from a hash of everything that the batch checks.

use curve25519_dalek::Scalar;
use sha2::{Digest, Sha512};
use std::vec::IntoIter;

/// Four weights per block: SHA-512(seed ‖ u64le(0)), SHA-512(seed ‖ u64le(1)) …, each cut into little-endian numbers of 16 bytes.
///
/// Whoever composes a batch learns its weights only after the last byte of it is fixed, which is what makes them as good as random.
pub(crate) struct Weights {
    seed: [u8; 64],
    block: u64,
    ready: IntoIter<Scalar>,
}

impl Weights {
    pub(crate) fn new(seed: [u8; 64]) -> Self {
        Self {
            seed,
            block: 0,
            ready: Vec::new().into_iter(),
        }
    }

    /// The next weight, 0 ≤ w < 2^128.
    pub(crate) fn next(&mut self) -> Scalar {
        loop {
            if let Some(weight) = self.ready.next() {
                return weight;
            }
            self.expand();
        }
    }

    fn expand(&mut self) {
        let digest = Sha512::new()
            .chain_update(self.seed)
            .chain_update(self.block.to_le_bytes())
            .finalize();
        self.block = self.block.wrapping_add(1);
        self.ready = digest
            .chunks_exact(16)
            .filter_map(|bytes| bytes.try_into().ok())
            .map(|bytes| Scalar::from(u128::from_le_bytes(bytes)))
            .collect::<Vec<_>>()
            .into_iter();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn weights_are_the_quarters_of_the_hashes_of_the_numbered_seed() {
        let mut weights = Weights::new([7; 64]);
        for block in 0u64..3 {
            let digest: [u8; 64] = Sha512::new()
                .chain_update([7; 64])
                .chain_update(block.to_le_bytes())
                .finalize()
                .into();
            for quarter in digest.chunks(16) {
                let mut expected = [0; 32];
                expected[..16].copy_from_slice(quarter);
                assert_eq!(weights.next().to_bytes(), expected);
            }
        }
    }
}
