//! What guessing gives: how often a guess is right by chance, and how often it would have to be to be more than that.

/// If it is right more often than this, something else than chance is at work: by chance it happens once in a million times.
///
/// `mean` is how often a guess is right by chance. In a group of n people and as many claims, any one-to-one guess that does not depend on the truth is right once on average, whatever n; the
/// number of right guesses is very nearly Poisson distributed with mean 1. Over g groups the mean is g.
pub fn bound(mean: usize) -> usize {
    let mean = f64::from(u32::try_from(mean).unwrap());
    // P(X = 0), P(X = 1) …
    let mut term = (-mean).exp();
    let mut left = 1.0 - term;
    let mut number = 0u32;
    while left > 1e-6 {
        number += 1;
        term *= mean / f64::from(number);
        left -= term;
    }
    usize::try_from(number).unwrap()
}

#[test]
fn bounds_are_those_of_the_poisson_distribution() {
    // Tables: P(X > 9 | 1) = 1.1e-7, P(X > 8 | 1) = 1.1e-6; P(X > 31 | 12) = 8.7e-7 and more for 30.
    assert_eq!(bound(1), 9);
    assert!((29..=33).contains(&bound(12)), "{}", bound(12));
}
