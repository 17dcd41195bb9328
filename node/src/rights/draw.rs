//! Keys for cards, and batches of their addresses.

use crate::devnet::permutation;
use rand_core::CryptoRngCore;
use verifier_core::prove::{SigningKey, public_key};
use verifier_core::{
    BATCH_LIMIT, ContractId, GenesisHash, Hash, Issue, MunicipalityIndex, PublicKey, VotingRight,
};
use zeroize::Zeroizing;

/// So many voting rights, in the order of their cards.
pub fn draw_rights(
    genesis: GenesisHash,
    contract: ContractId,
    count: usize,
    rng: &mut impl CryptoRngCore,
) -> Vec<VotingRight> {
    let draw = |_| {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(seed.as_mut());
        VotingRight::new(genesis, contract, *seed)
    };
    (0..count).map(draw).collect()
}

/// Batches that issue all of these rights, the first with this number. The order of the addresses is drawn, and has nothing to do with that of the cards.
///
/// Nobody has been assigned a card yet. So each right's roll commitment is 32 random bytes: it looks like everybody's, and opens to nobody's entry.
pub fn issues(
    rights: &[VotingRight],
    municipality: MunicipalityIndex,
    first: u16,
    rng: &mut impl CryptoRngCore,
) -> Vec<Issue> {
    let order = permutation(rng, rights.len());
    let addresses: Vec<PublicKey> = order
        .iter()
        .filter_map(|at| rights.get(*at))
        .map(address)
        .collect();
    let batches = (first..).zip(addresses.chunks(BATCH_LIMIT));
    batches
        .map(|(batch, addresses)| Issue {
            municipality,
            batch,
            addresses: addresses.to_vec(),
            roll_commitments: unassigned(addresses.len(), rng),
        })
        .collect()
}

fn address(right: &VotingRight) -> PublicKey {
    public_key(&SigningKey::from_bytes(&right.seed))
}

/// Commitments to nobody, strictly ascending as an Issue has them.
fn unassigned(count: usize, rng: &mut impl CryptoRngCore) -> Vec<Hash> {
    let mut commitments = vec![Hash([0; 32]); count];
    for commitment in &mut commitments {
        rng.fill_bytes(&mut commitment.0);
    }
    commitments.sort_unstable();
    commitments
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;
    use std::collections::BTreeSet;

    const CARDS: usize = 8;

    fn drawn(count: usize, rng: &mut ChaCha20Rng) -> (Vec<VotingRight>, Vec<Issue>) {
        let rights = draw_rights(GenesisHash([1; 32]), ContractId([2; 32]), count, rng);
        let issues = issues(&rights, 3, 5, rng);
        (rights, issues)
    }

    #[test]
    fn every_card_has_its_address_in_a_batch_once_and_every_batch_is_in_form() {
        let (rights, issues) = drawn(2_500, &mut ChaCha20Rng::seed_from_u64(1));
        let batches: Vec<u16> = issues.iter().map(|issue| issue.batch).collect();
        assert_eq!(batches, [5, 6, 7]);
        let issued = issues.iter().flat_map(|issue| &issue.addresses);
        let issued: Vec<PublicKey> = issued.copied().collect();
        let of_cards: BTreeSet<PublicKey> = rights.iter().map(address).collect();
        assert_eq!(issued.len(), 2_500);
        assert_eq!(issued.into_iter().collect::<BTreeSet<_>>(), of_cards);
        for issue in issues {
            assert!(issue.addresses.len() <= BATCH_LIMIT);
            assert_eq!(issue.addresses.len(), issue.roll_commitments.len());
            assert!(issue.roll_commitments.is_sorted_by(|a, b| a < b));
        }
    }

    /// Over many print runs every card stands at every place equally often: χ² with 49 degrees of freedom stays below its 99.99 % quantile.
    #[test]
    fn the_order_of_addresses_on_the_ledger_says_nothing_about_the_order_of_cards() {
        const RUNS: usize = 8_000;
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let mut seen = [[0usize; CARDS]; CARDS];
        let mut neighbours = 0;
        for _ in 0..RUNS {
            let (rights, issues) = drawn(CARDS, &mut rng);
            let place = |right: &VotingRight| {
                let addresses = &issues[0].addresses;
                addresses.iter().position(|a| *a == address(right)).unwrap()
            };
            let places: Vec<usize> = rights.iter().map(place).collect();
            for (card, place) in places.iter().enumerate() {
                seen[card][*place] += 1;
            }
            neighbours += places.windows(2).filter(|p| p[1] == p[0] + 1).count();
        }
        // (count − runs/cards)² / (runs/cards), in whole numbers.
        let off = |count: &usize| (count * CARDS).abs_diff(RUNS).pow(2);
        let chi = seen.iter().flatten().map(off).sum::<usize>() / (RUNS * CARDS);
        assert!(chi < 96, "χ² = {chi}");
        // Cards that follow one another do so on the ledger by chance only: (n − 1)/n of a pair a run. Four standard deviations are 335.
        let expected = RUNS * (CARDS - 1) / CARDS;
        assert!(neighbours.abs_diff(expected) < 335, "{neighbours}");
    }

    #[test]
    fn the_order_is_drawn_after_the_keys_and_apart_from_them() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let rights = draw_rights(GenesisHash([1; 32]), ContractId([2; 32]), 100, &mut rng);
        let once = issues(&rights, 0, 0, &mut ChaCha20Rng::seed_from_u64(4));
        let twice = issues(&rights, 0, 0, &mut ChaCha20Rng::seed_from_u64(5));
        assert_ne!(once[0].addresses, twice[0].addresses);
        let sorted = |issue: &Issue| issue.addresses.iter().copied().collect::<BTreeSet<_>>();
        assert_eq!(sorted(&once[0]), sorted(&twice[0]));
    }
}
