//! The two municipalities that signed for a right on a phone. They know the person and may know the phone's network address: whoever asks them about the
//! right, or gives them its ballot, tells them whose it is. So others are asked first.

use super::kiosk::nodes_for;
use verifier_core::{
    AssetId, CLAIM_BATCHES, MunicipalityIndex, NodeAddress, TrackingCode, countersigner,
};

/// Rounds in which nobody else is sent a ballot, if there are enough others.
const ROUNDS_APART: u32 = 2;
/// A ballot is sent to so many municipalities at a time.
const AT_ONCE: usize = 2;

/// Those of a right given on a phone by this municipality.
pub fn signers(home: MunicipalityIndex, municipalities: usize) -> Vec<MunicipalityIndex> {
    let next = countersigner(home, municipalities);
    [home].into_iter().chain(next).collect()
}

/// Those of a right; nobody has signed blindly for one on paper.
pub fn signers_of(asset: AssetId, municipalities: usize) -> Vec<MunicipalityIndex> {
    match asset.batch < CLAIM_BATCHES {
        true => Vec::new(),
        false => signers(asset.municipality, municipalities),
    }
}

/// The places of all nodes that are not theirs.
pub fn others(nodes: &[NodeAddress], signers: &[MunicipalityIndex]) -> Vec<usize> {
    let places = nodes.iter().enumerate();
    let others = places.filter(|(_, node)| !signers.contains(&node.municipality));
    others.map(|(at, _)| at).collect()
}

/// All places, theirs last; those before them begin with the one that was drawn.
pub fn others_first(
    nodes: &[NodeAddress],
    signers: &[MunicipalityIndex],
    drawn: impl Fn(usize) -> usize,
) -> Vec<usize> {
    let first = others(nodes, signers);
    let places = 0..nodes.len();
    let last: Vec<usize> = places.filter(|at| !first.contains(at)).collect();
    [turned(&first, &drawn), turned(&last, &drawn)].concat()
}

fn turned(places: &[usize], drawn: impl Fn(usize) -> usize) -> Vec<usize> {
    let (count, begin) = (places.len(), drawn(places.len()));
    let turned = places.iter().cycle().skip(begin).take(count);
    turned.copied().collect()
}

/// Whom a ballot of a right is sent to: the same as of any right, from among others than the signers, as long as there is hope.
pub fn nodes_apart(
    code: TrackingCode,
    round: u32,
    nodes: &[NodeAddress],
    signers: &[MunicipalityIndex],
) -> Vec<usize> {
    let others = others(nodes, signers);
    let chosen = among(code, round, nodes, &others);
    match round < ROUNDS_APART && chosen.len() >= AT_ONCE {
        true => chosen,
        false => among(code, round, nodes, &Vec::from_iter(0..nodes.len())),
    }
}

fn among(code: TrackingCode, round: u32, nodes: &[NodeAddress], places: &[usize]) -> Vec<usize> {
    let of = places.iter().filter_map(|at| nodes.get(*at));
    let towns: Vec<MunicipalityIndex> = of.map(|node| node.municipality).collect();
    let chosen = nodes_for(code, round, &towns);
    let chosen = chosen.into_iter().filter_map(|at| places.get(at));
    chosen.copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: AssetId = AssetId {
        municipality: 3,
        batch: CLAIM_BATCHES,
        index: 0,
    };

    fn nodes(towns: MunicipalityIndex) -> Vec<NodeAddress> {
        let node = |municipality| NodeAddress {
            municipality,
            url: String::new(),
        };
        (0..towns).map(node).collect()
    }

    #[test]
    fn two_municipalities_sign_for_a_phone_and_none_for_paper() {
        assert_eq!(signers_of(RIGHT, 5), [3, 4]);
        assert_eq!(signers_of(RIGHT, 4), [3, 0]);
        let card = AssetId { batch: 0, ..RIGHT };
        assert!(signers_of(card, 5).is_empty());
    }

    #[test]
    fn all_nodes_are_asked_and_those_of_signers_last() {
        let order = others_first(&nodes(5), &[3, 4], |_| 1);
        assert_eq!(order, [1, 2, 0, 4, 3]);
        assert_eq!(others_first(&nodes(2), &[0, 1], |_| 0), [0, 1]);
        assert!(others_first(&[], &[0], |_| 0).is_empty());
        assert_eq!(others_first(&nodes(2), &[], |_| 9).len(), 2);
    }

    #[test]
    fn signers_get_the_ballot_only_where_others_are_too_few_or_do_not_take_it() {
        let all = |round, towns, signers: &[MunicipalityIndex]| {
            let codes = (0..40).map(|drawn| TrackingCode([drawn; 32]));
            let chosen = codes.flat_map(|code| nodes_apart(code, round, &nodes(towns), signers));
            chosen.collect::<std::collections::BTreeSet<usize>>()
        };
        for round in [0, 1] {
            assert_eq!(all(round, 5, &[3, 4]), [0, 1, 2].into());
        }
        assert_eq!(all(2, 5, &[3, 4]), [0, 1, 2, 3, 4].into());
        assert_eq!(all(0, 3, &[1, 2]), [0, 1, 2].into());
        assert_eq!(all(0, 4, &[]), [0, 1, 2, 3].into());
    }

    #[test]
    fn of_a_card_the_nodes_are_those_of_any_ballot() {
        let towns: Vec<MunicipalityIndex> = (0..7).collect();
        for round in 0..4 {
            let code = TrackingCode([9; 32]);
            let apart = nodes_apart(code, round, &nodes(7), &[]);
            assert_eq!(apart, nodes_for(code, round, &towns));
        }
    }
}
