//! Σ s_i·P_i by buckets (Pippenger), for hundreds to hundreds of thousands of points.
//!
//! Scalars are cut into windows of w bits with digits −2^(w−1) ..= 2^(w−1). In each window every point is added to, or subtracted from, the bucket of its digit; then
//! the buckets are summed up with their numbers. Adding a constant to every scalar beforehand makes each digit a plain cut: no carries.

use super::point::{Affine, Projective};
use curve25519_dalek::Scalar;

/// Bits that the windows of a scalar below ℓ < 2^253 have to cover, and those of one below 2^128: the highest digit must be good for a carry.
const LONG: u32 = 254;
const SHORT: u32 = 130;

/// scalar·point, as one of a sum.
#[derive(Clone, Copy)]
pub(crate) struct Term<S> {
    pub(crate) scalar: S,
    pub(crate) point: Affine,
}

impl<S: Default> Term<S> {
    /// With a scalar of zero.
    pub(crate) fn new(point: Affine) -> Self {
        Self {
            scalar: S::default(),
            point,
        }
    }
}

/// The sum of all terms. Short ones cost half as much.
pub(crate) fn sum(long: &[&[Term<Scalar>]], short: &[Term<u128>]) -> Projective {
    let windows = Windows::best(long.iter().map(|terms| terms.len()).sum(), short.len());
    sum_by(&windows, long, short)
}

fn sum_by(windows: &Windows, long: &[&[Term<Scalar>]], short: &[Term<u128>]) -> Projective {
    let long: Vec<_> = long
        .iter()
        .copied()
        .flatten()
        .map(|term| (windows.offset(words(&term.scalar)), &term.point))
        .collect();
    let short: Vec<_> = short
        .iter()
        .map(|term| (windows.offset(short_words(term.scalar)), &term.point))
        .collect();
    let mut buckets = vec![Projective::IDENTITY; windows.buckets()];
    let mut sum = Projective::IDENTITY;
    for window in (0..windows.count(LONG)).rev() {
        for _ in 0..windows.width {
            sum.double();
        }
        windows.fill(&mut buckets, window, &long);
        if window < windows.count(SHORT) {
            windows.fill(&mut buckets, window, &short);
        }
        sum.add(&drain(&mut buckets));
    }
    sum
}

/// Little-endian.
type Words = [u64; 4];

fn words(scalar: &Scalar) -> Words {
    let mut words = [0; 4];
    let (chunks, _) = scalar.as_bytes().as_chunks::<8>();
    for (word, chunk) in words.iter_mut().zip(chunks) {
        *word = u64::from_le_bytes(*chunk);
    }
    words
}

fn short_words(scalar: u128) -> Words {
    let mut words = [0; 4];
    let bytes = scalar.to_le_bytes();
    for (word, chunk) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*chunk);
    }
    words
}

struct Windows {
    width: u32,
    /// Adding 2^(w−1) in each window but the highest makes the digit there the cut less 2^(w−1).
    constant: Words,
}

impl Windows {
    fn new(width: u32) -> Self {
        let mut windows = Self {
            width,
            constant: [0; 4],
        };
        for window in 1..windows.count(LONG) {
            let bit = window * width - 1;
            for (word, first) in windows.constant.iter_mut().zip((0..).step_by(64)) {
                if (first..first + 64).contains(&bit) {
                    *word |= 1u64 << (bit - first);
                }
            }
        }
        windows
    }

    /// The width with the fewest products: seven to put a point into a bucket, eighteen to empty one.
    fn best(long: usize, short: usize) -> Self {
        let cost = |windows: &Self| {
            let all = windows.count(LONG);
            let products = |times: u32, terms: usize| {
                usize::try_from(times).map_or(usize::MAX, |times| times.saturating_mul(terms))
            };
            products(7 * all, long)
                .saturating_add(products(7 * windows.count(SHORT), short))
                .saturating_add(products(18 * all, windows.buckets()))
        };
        (4..=14)
            .map(Self::new)
            .min_by_key(cost)
            .unwrap_or_else(|| Self::new(8))
    }

    /// How many windows cover so many bits.
    fn count(&self, bits: u32) -> u32 {
        bits.div_ceil(self.width)
    }

    /// One per digit but zero, signs apart.
    fn buckets(&self) -> usize {
        1 << (self.width - 1)
    }

    fn offset(&self, mut scalar: Words) -> Words {
        let mut carry = false;
        for (word, addend) in scalar.iter_mut().zip(self.constant) {
            let (partial, over) = word.overflowing_add(addend);
            let (whole, again) = partial.overflowing_add(u64::from(carry));
            (*word, carry) = (whole, over || again);
        }
        scalar
    }

    fn fill(&self, buckets: &mut [Projective], window: u32, terms: &[(Words, &Affine)]) {
        let shift = window * self.width;
        let half = if window + 1 == self.count(LONG) {
            0
        } else {
            1u64 << (self.width - 1)
        };
        let mask = (1u64 << self.width) - 1;
        for (scalar, point) in terms {
            let digit = bits_from(scalar, shift) & mask;
            let size = digit.abs_diff(half);
            // Digit zero has no bucket.
            if let Some(bucket) = bucket(buckets, size) {
                bucket.add_affine(point, digit < half);
            }
        }
    }
}

#[inline(always)]
fn bucket(buckets: &mut [Projective], size: u64) -> Option<&mut Projective> {
    let index = usize::try_from(size.checked_sub(1)?).ok()?;
    buckets.get_mut(index)
}

/// Sixty-four bits from `shift` on, or as many as there are.
#[inline(always)]
fn bits_from(words: &Words, shift: u32) -> u64 {
    let mut words = words.iter().skip(usize::try_from(shift / 64).unwrap_or(4));
    let low = words.next().copied().unwrap_or(0);
    let high = words.next().copied().unwrap_or(0);
    match shift % 64 {
        0 => low,
        shift => low >> shift | high << (64 - shift),
    }
}

/// Σ n·bucket_n, n from 1; every bucket is empty afterwards.
fn drain(buckets: &mut [Projective]) -> Projective {
    let mut above = Projective::IDENTITY;
    let mut sum = Projective::IDENTITY;
    for bucket in buckets.iter_mut().rev() {
        above.add(bucket);
        sum.add(&above);
        *bucket = Projective::IDENTITY;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::ristretto;
    use super::*;
    use curve25519_dalek::RistrettoPoint;
    use curve25519_dalek::traits::VartimeMultiscalarMul;
    use sha2::{Digest, Sha512};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn digest(seed: u64) -> [u8; 64] {
        Sha512::digest(seed.to_le_bytes()).into()
    }

    /// Random scalars, long and short, among those at which windows carry or stay empty.
    fn scalar(seed: u64) -> Scalar {
        let random = Scalar::from_bytes_mod_order_wide(&digest(seed));
        let short = |seed| {
            let digest = digest(seed);
            Scalar::from(u128::from_le_bytes(digest[..16].try_into().unwrap()))
        };
        match seed % 9 {
            0 => Scalar::ZERO,
            1 => -Scalar::ONE,
            2 => Scalar::from(u128::MAX),
            3 => Scalar::from(u128::MAX) + Scalar::ONE,
            4 => Scalar::from(1u128 << (seed % 128)),
            5 => -Scalar::from(1u128 << (seed % 128)),
            6 | 7 => short(seed),
            _ => random,
        }
    }

    fn term(seed: u64) -> (Scalar, RistrettoPoint, Affine) {
        let point = RistrettoPoint::from_uniform_bytes(&digest(seed ^ 0xff00));
        let affine = ristretto::decode(point.compress().as_bytes(), None).unwrap();
        (scalar(seed), point, affine)
    }

    fn expected(terms: &[(Scalar, RistrettoPoint, Affine)]) -> [u8; 32] {
        let scalars = terms.iter().map(|(scalar, ..)| scalar);
        let points = terms.iter().map(|(_, point, _)| point);
        RistrettoPoint::vartime_multiscalar_mul(scalars, points)
            .compress()
            .to_bytes()
    }

    fn short_scalar(scalar: &Scalar) -> Option<u128> {
        let (low, high) = scalar.as_bytes().split_at(16);
        (high == [0; 16]).then(|| u128::from_le_bytes(low.try_into().unwrap()))
    }

    fn sum(windows: &Windows, terms: &[(Scalar, RistrettoPoint, Affine)]) -> [u8; 32] {
        let (mut long, mut short) = (Vec::new(), Vec::new());
        for (scalar, _, point) in terms {
            let point = *point;
            match short_scalar(scalar) {
                Some(scalar) => short.push(Term { scalar, point }),
                None => long.push(Term {
                    scalar: *scalar,
                    point,
                }),
            }
        }
        let (left, right) = long.split_at(long.len() / 2);
        ristretto::encode(&sum_by(windows, &[left, right], &short))
    }

    #[test]
    fn sums_are_those_of_the_reference_at_every_width() {
        let terms: Vec<_> = (0..40).map(term).collect();
        for width in 4..=14 {
            let windows = Windows::new(width);
            assert_eq!(sum(&windows, &terms), expected(&terms), "{width}");
            for term in terms.chunks(1).take(18) {
                assert_eq!(sum(&windows, term), expected(term), "{width} {term:?}");
            }
        }
    }

    #[test]
    fn sums_are_those_of_the_reference_for_any_number_of_terms() {
        for count in [0, 1, 2, 3, 10, 100, 1000] {
            let terms: Vec<_> = (0..count).map(term).collect();
            let long = terms
                .iter()
                .filter(|(scalar, ..)| scalar.as_bytes()[16..] != [0; 16]);
            let long = long.count();
            let windows = Windows::best(long, terms.len() - long);
            assert_eq!(sum(&windows, &terms), expected(&terms), "{count}");
        }
    }

    #[test]
    fn windows_are_wide_where_there_are_many_points() {
        assert_eq!(Windows::best(0, 0).width, 4);
        assert!((9..=11).contains(&Windows::best(2500, 4100).width));
        assert!((12..=14).contains(&Windows::best(40_000, 65_000).width));
    }
}
