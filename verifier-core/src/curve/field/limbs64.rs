//! 2^255 − 19 in five limbs of 51 bits, with 128-bit products: for targets that have them.
//!
//! The exception to the rule of no `as`: a limb is cut to its width by a mask just before.
#![allow(clippy::as_conversions)]

/// Tight: below 2^51, but for a few thousand more in limb 1. Loose: up to four times that.
pub(super) type Limbs = [u64; 5];

const M51: u64 = (1 << 51) - 1;
/// 2p, in limbs that are not below any tight one.
const TWO_P: Limbs = [
    0xf_ffff_ffff_ffda,
    0xf_ffff_ffff_fffe,
    0xf_ffff_ffff_fffe,
    0xf_ffff_ffff_fffe,
    0xf_ffff_ffff_fffe,
];

/// a + b; loose if both are tight.
#[inline(always)]
pub(super) fn add([a0, a1, a2, a3, a4]: &Limbs, [b0, b1, b2, b3, b4]: &Limbs) -> Limbs {
    [a0 + b0, a1 + b1, a2 + b2, a3 + b3, a4 + b4]
}

/// a − b; loose if both are tight.
#[inline(always)]
pub(super) fn sub(a: &Limbs, [b0, b1, b2, b3, b4]: &Limbs) -> Limbs {
    let [a0, a1, a2, a3, a4] = add(a, &TWO_P);
    [a0 - b0, a1 - b1, a2 - b2, a3 - b3, a4 - b4]
}

/// 2a + b; loose if both are tight.
#[inline(always)]
pub(super) fn double_add(a: &Limbs, b: &Limbs) -> Limbs {
    add(&add(a, a), b)
}

/// 2a − b; loose if both are tight.
#[inline(always)]
pub(super) fn double_sub(a: &Limbs, b: &Limbs) -> Limbs {
    sub(&add(a, a), b)
}

/// Tight, of loose.
pub(super) fn tighten(a: &Limbs) -> Limbs {
    let [a0, a1, a2, a3, a4] = *a;
    carry([a0.into(), a1.into(), a2.into(), a3.into(), a4.into()])
}

/// Tight, of sums of products of loose limbs: they stay below 2^113.
#[inline(always)]
fn carry(sums: [u128; 5]) -> Limbs {
    let [z0, mut z1, mut z2, mut z3, mut z4] = sums;
    z1 += z0 >> 51;
    z2 += z1 >> 51;
    z3 += z2 >> 51;
    z4 += z3 >> 51;
    let low = |z: u128| z as u64 & M51;
    let z0 = low(z0) + 19 * (z4 >> 51) as u64;
    [z0 & M51, low(z1) + (z0 >> 51), low(z2), low(z3), low(z4)]
}

/// Cannot wrap: said so for builds that would look.
#[inline(always)]
fn m(a: u64, b: u64) -> u128 {
    u128::from(a).wrapping_mul(u128::from(b))
}

#[inline(always)]
pub(super) fn multiply(x: &Limbs, y: &Limbs) -> Limbs {
    let [x0, x1, x2, x3, x4] = *x;
    let [y0, y1, y2, y3, y4] = *y;
    // 2^255 = 19.
    let (n1, n2, n3, n4) = (19 * y1, 19 * y2, 19 * y3, 19 * y4);
    carry([
        m(x0, y0) + m(x1, n4) + m(x2, n3) + m(x3, n2) + m(x4, n1),
        m(x0, y1) + m(x1, y0) + m(x2, n4) + m(x3, n3) + m(x4, n2),
        m(x0, y2) + m(x1, y1) + m(x2, y0) + m(x3, n4) + m(x4, n3),
        m(x0, y3) + m(x1, y2) + m(x2, y1) + m(x3, y0) + m(x4, n4),
        m(x0, y4) + m(x1, y3) + m(x2, y2) + m(x3, y1) + m(x4, y0),
    ])
}

#[inline(always)]
pub(super) fn square(x: &Limbs) -> Limbs {
    let [x0, x1, x2, x3, x4] = *x;
    let (d0, d1, d2, d3) = (2 * x0, 2 * x1, 2 * x2, 2 * x3);
    let (n3, n4) = (19 * x3, 19 * x4);
    carry([
        m(x0, x0) + m(d1, n4) + m(d2, n3),
        m(d0, x1) + m(d2, n4) + m(x3, n3),
        m(d0, x2) + m(x1, x1) + m(d3, n4),
        m(d0, x3) + m(d1, x2) + m(x4, n4),
        m(d0, x4) + m(d1, x3) + m(x2, x2),
    ])
}

/// The number of 256 bits in little-endian words, but for its highest bit.
pub(super) const fn unpack([w0, w1, w2, w3]: [u64; 4]) -> Limbs {
    [
        w0 & M51,
        (w0 >> 51 | w1 << 13) & M51,
        (w1 >> 38 | w2 << 26) & M51,
        (w2 >> 25 | w3 << 39) & M51,
        w3 >> 12 & M51,
    ]
}

/// The number below p, of a tight one, in little-endian words.
pub(super) fn pack(a: &Limbs) -> [u64; 4] {
    let mut limbs = *a;
    // One p is too much if and only if adding 19 reaches 2^255.
    let mut carry = 19;
    for limb in &limbs {
        carry = (limb + carry) >> 51;
    }
    carry *= 19;
    for limb in &mut limbs {
        *limb += carry;
        carry = *limb >> 51;
        *limb &= M51;
    }
    let [l0, l1, l2, l3, l4] = limbs;
    [
        l0 | l1 << 51,
        l1 >> 13 | l2 << 38,
        l2 >> 26 | l3 << 25,
        l3 >> 39 | l4 << 12,
    ]
}
