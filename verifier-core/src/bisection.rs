//! Finding the few bad ones among many that were checked together.

use crate::curve::Projective;
use std::ops::Range;

/// So few are not worth another sum.
const FEW: usize = 2;

/// Which of `count` equations may not hold. `sum` gives the weighted sum of a range of them, which has small order if all of the range hold.
///
/// The left half of a range is summed anew and the right half's sum is what is left over, so that k bad ones among n cost at most k·log₂ n sums, and those of one bad
/// one not more than n equations together. All sums have the weights of the first: they were drawn after everything was fixed, whatever is summed.
pub(crate) fn suspects(count: usize, sum: impl Fn(Range<usize>) -> Projective) -> Vec<usize> {
    let mut suspects = Vec::new();
    // The later range is looked at later.
    let mut ranges = vec![(0..count, sum(0..count))];
    while let Some((range, of_range)) = ranges.pop() {
        if of_range.has_small_order() {
            continue;
        }
        if range.len() <= FEW {
            suspects.extend(range);
            continue;
        }
        let middle = range.start + range.len() / 2;
        let left = sum(range.start..middle);
        let mut right = of_range;
        right.subtract(&left);
        ranges.push((middle..range.end, right));
        ranges.push((range.start..middle, left));
    }
    suspects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curve::{Affine, edwards};
    use curve25519_dalek::constants::ED25519_BASEPOINT_COMPRESSED;
    use std::cell::RefCell;
    use std::collections::BTreeSet;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn base() -> Affine {
        edwards::decode(&ED25519_BASEPOINT_COMPRESSED.0, None).unwrap()
    }

    /// The ranges that are summed, and the suspects, where only these are bad.
    fn search(count: usize, bad: &BTreeSet<usize>) -> (Vec<Range<usize>>, Vec<usize>) {
        let (base, asked) = (base(), RefCell::new(Vec::new()));
        let suspects = suspects(count, |range| {
            asked.borrow_mut().push(range.clone());
            let mut sum = Projective::IDENTITY;
            for _ in bad.range(range) {
                sum.add_affine(&base, false);
            }
            sum
        });
        (asked.into_inner(), suspects)
    }

    #[test]
    fn what_holds_together_is_summed_once() {
        for count in [0, 1, 2, 3, 1000] {
            let (asked, suspects) = search(count, &BTreeSet::new());
            assert_eq!((asked.len(), asked.first()), (1, Some(&(0..count))));
            assert!(suspects.is_empty());
        }
    }

    #[test]
    fn every_bad_one_is_suspected_and_few_others() {
        for count in [1, 2, 3, 4, 5, 17] {
            for first in 0..count {
                for second in first..count {
                    let bad = BTreeSet::from([first, second]);
                    let (_, suspects) = search(count, &bad);
                    assert!(suspects.is_sorted());
                    let found: BTreeSet<_> = suspects.iter().copied().collect();
                    assert!(found.is_superset(&bad));
                    assert!(found.len() <= FEW * bad.len());
                }
            }
        }
    }

    #[test]
    fn one_bad_one_costs_as_much_as_another_batch_and_ten_cost_ten_logarithms() {
        let size = |asked: &[Range<usize>]| asked.iter().map(|range| range.len()).sum::<usize>();
        for bad in [0, 1, 4095, 4096, 5000, 8191] {
            let (asked, _) = search(8192, &BTreeSet::from([bad]));
            assert!(asked.len() <= 13 && size(&asked) < 2 * 8192);
        }
        let ten: BTreeSet<_> = (0..10).map(|index| index * 811).collect();
        let (asked, suspects) = search(8192, &ten);
        assert!(suspects.len() <= 20 && asked.len() <= 10 * 13 && size(&asked) < 4 * 8192);
        let all: BTreeSet<_> = (0..64).collect();
        assert_eq!(search(64, &all).1, Vec::from_iter(0..64));
    }
}
