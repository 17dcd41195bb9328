//! Every secret of a devnet follows from one number, so that the same seed gives the same bytes. Never do this with a real election.

use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};

const LABEL: &[u8] = b"chamgwan/devnet/v1";

/// The number that everything is drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

impl Seed {
    /// A generator of its own for each purpose: SHA-256 of label, seed, purpose and position, all numbers 8 bytes little-endian.
    pub fn rng(self, purpose: &str, position: &[u64]) -> ChaCha20Rng {
        let mut hash = Sha256::new()
            .chain_update(LABEL)
            .chain_update(self.0.to_le_bytes());
        hash.update(
            u64::try_from(purpose.len())
                .unwrap_or(u64::MAX)
                .to_le_bytes(),
        );
        hash.update(purpose);
        for number in position {
            hash.update(number.to_le_bytes());
        }
        ChaCha20Rng::from_seed(hash.finalize().into())
    }
}

/// A number below `bound`, which must not be 0.
pub fn below(rng: &mut impl RngCore, bound: u64) -> u64 {
    let product = u128::from(rng.next_u64()) * u128::from(bound);
    u64::try_from(product >> 64).unwrap_or(0)
}

/// 0 .. `count` in random order.
pub fn permutation(rng: &mut impl RngCore, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for (remaining, at) in (1..=count).rev().zip((0..count).rev()) {
        let other =
            usize::try_from(below(rng, u64::try_from(remaining).unwrap_or(u64::MAX))).unwrap_or(0);
        order.swap(at, other);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_holds_every_number_once_and_repeats_with_its_seed() {
        let shuffled = permutation(&mut Seed(7).rng("test", &[1]), 100);
        assert_eq!(shuffled, permutation(&mut Seed(7).rng("test", &[1]), 100));
        assert_ne!(shuffled, permutation(&mut Seed(7).rng("test", &[2]), 100));
        let mut sorted = shuffled.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<_>>());
    }
}
