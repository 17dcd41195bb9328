//! The weights of a batch: 128 bits per equation, expanded from a hash of everything that the batch checks.

use sha2::{Digest, Sha512};
use std::array::IntoIter;

/// Four weights per block: SHA-512(seed ‖ u64le(0)), SHA-512(seed ‖ u64le(1)) …, each cut into little-endian numbers of 16 bytes.
///
/// Whoever composes a batch learns its weights only after the last byte of it is fixed, which is what makes them as good as random.
pub(crate) struct Weights {
    seed: [u8; 64],
    block: u64,
    ready: IntoIter<u128, 4>,
}

impl Weights {
    pub(crate) fn new(seed: [u8; 64]) -> Self {
        Self {
            seed,
            block: 0,
            ready: expand(&seed, 0),
        }
    }

    /// The next weight, 0 ≤ w < 2^128.
    pub(crate) fn next(&mut self) -> u128 {
        loop {
            if let Some(weight) = self.ready.next() {
                return weight;
            }
            self.block = self.block.wrapping_add(1);
            self.ready = expand(&self.seed, self.block);
        }
    }
}

fn expand(seed: &[u8; 64], block: u64) -> IntoIter<u128, 4> {
    let digest = Sha512::new()
        .chain_update(seed)
        .chain_update(block.to_le_bytes())
        .finalize();
    let mut weights = [0; 4];
    for (weight, bytes) in weights.iter_mut().zip(digest.as_chunks::<16>().0) {
        *weight = u128::from_le_bytes(*bytes);
    }
    weights.into_iter()
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
                assert_eq!(weights.next().to_le_bytes(), quarter);
            }
        }
    }
}
