//! Both kinds of limbs against numbers multiplied bit by bit, and roots.

use super::*;
use sha2::{Digest, Sha512};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// p, little-endian.
const P: [u64; 4] = [u64::MAX - 18, u64::MAX, u64::MAX, u64::MAX >> 1];

/// Random numbers of 255 bits, those around 0, p and 2^255, and those with long runs of ones.
fn numbers() -> Vec<[u64; 4]> {
    let mut numbers = Vec::new();
    for small in [0, 1, 2, 18, 19, 20, 38] {
        numbers.push([small, 0, 0, 0]);
        numbers.push([P[0] - small, P[1], P[2], P[3]]);
    }
    for above in 0..19 {
        numbers.push([P[0] + above, P[1], P[2], P[3]]);
    }
    for seed in 0..40u64 {
        let digest = Sha512::digest(seed.to_le_bytes());
        let mut words = [0; 4];
        for (word, chunk) in words.iter_mut().zip(digest.chunks(8)) {
            *word = u64::from_le_bytes(chunk.try_into().unwrap());
            match seed % 4 {
                0 => *word |= *word << 13 | *word >> 7,
                1 => *word &= *word << 9,
                _ => {}
            }
        }
        words[3] &= u64::MAX >> 1;
        numbers.push(words);
    }
    numbers
}

fn reduced(mut a: [u64; 4]) -> [u64; 4] {
    while a[3] >> 63 == 1 || a.iter().rev().ge(P.iter().rev()) {
        let mut borrow = false;
        for (word, p) in a.iter_mut().zip(P) {
            let (partial, under) = word.overflowing_sub(p);
            let (whole, again) = partial.overflowing_sub(u64::from(borrow));
            (*word, borrow) = (whole, under || again);
        }
    }
    a
}

fn sum(a: [u64; 4], b: [u64; 4]) -> [u64; 4] {
    let mut carry = false;
    let mut sum = [0; 4];
    for ((sum, a), b) in sum.iter_mut().zip(a).zip(b) {
        let (partial, over) = a.overflowing_add(b);
        let (whole, again) = partial.overflowing_add(u64::from(carry));
        (*sum, carry) = (whole, over || again);
    }
    assert!(!carry);
    reduced(sum)
}

/// By doubling and adding, bit by bit.
fn product(a: [u64; 4], b: [u64; 4]) -> [u64; 4] {
    let a = reduced(a);
    (0..256).rev().fold([0; 4], |product, bit| {
        let doubled = sum(product, product);
        match b[bit / 64] >> (bit % 64) & 1 {
            0 => doubled,
            _ => sum(doubled, a),
        }
    })
}

fn negative(a: [u64; 4]) -> [u64; 4] {
    product(a, [P[0] - 1, P[1], P[2], P[3]])
}

/// The same for both kinds of limbs, on every target: the one that is not used there must be as good.
macro_rules! arithmetic {
    ($limbs:ident) => {
        for a in numbers() {
            let x = $limbs::unpack(a);
            assert_eq!($limbs::pack(&x), reduced(a));
            let squared = product(a, a);
            assert_eq!($limbs::pack(&$limbs::square(&x)), squared);
            for b in numbers().into_iter().step_by(7) {
                let y = $limbs::unpack(b);
                let pack = |loose| $limbs::pack(&$limbs::tighten(&loose));
                let (twice, minus) = (sum(a, a), negative(b));
                assert_eq!(pack($limbs::add(&x, &y)), sum(a, b));
                assert_eq!(pack($limbs::sub(&x, &y)), sum(a, minus));
                assert_eq!(pack($limbs::double_add(&x, &y)), sum(twice, b));
                assert_eq!(pack($limbs::double_sub(&x, &y)), sum(twice, minus));
                assert_eq!($limbs::pack(&$limbs::multiply(&x, &y)), product(a, b));
            }
        }
    };
}

#[test]
fn arithmetic_in_narrow_limbs_is_that_of_numbers() {
    arithmetic!(limbs32);
}

#[test]
fn arithmetic_in_wide_limbs_is_that_of_numbers() {
    arithmetic!(limbs64);
}

/// Four times the largest limbs on both sides: no sum of products overflows, in a build that would notice.
macro_rules! extremes {
    ($limbs:ident, $largest:expr) => {
        let largest: $limbs::Limbs = $largest;
        let loose = largest.map(|limb| 4 * limb);
        let tight = $limbs::tighten(&loose);
        let expected = $limbs::pack(&$limbs::multiply(&tight, &tight));
        assert_eq!($limbs::pack(&$limbs::multiply(&loose, &loose)), expected);
        assert_eq!($limbs::pack(&$limbs::square(&loose)), expected);
        let a = $limbs::pack(&tight);
        assert_eq!(expected, product(a, a));
    };
}

#[test]
fn no_limb_overflows_at_the_limits_of_loose_elements() {
    let (even, odd) = ((1 << 26) + 4096, (1 << 25) + 8192);
    extremes!(
        limbs32,
        [even, odd, even, odd, even, odd, even, odd, even, odd]
    );
    extremes!(limbs64, [(1 << 51) + 8192; 5]);
}

#[test]
fn roots_are_roots_and_only_squares_have_them() {
    for (index, words) in numbers().into_iter().enumerate() {
        let a = Field::from_words(words);
        let b = Field::from_words(numbers()[(index + 5) % 40]);
        let square = a.squared();
        if b.is_zero() {
            assert!(a.root_of_ratio(b).is_none());
            continue;
        }
        let root = (square * b).root_of_ratio(b).unwrap();
        assert!(root == a || root == a.negated());
        // 2 is not a square.
        let twice = (square + square).tight();
        assert_eq!((twice * b).root_of_ratio(b).is_some(), a.is_zero());
        assert!(a.is_zero() || a * a.inverse() == Field::ONE);
    }
    assert!(SQRT_M1.squared() == Field::ONE.negated() && !SQRT_M1.is_negative());
}
