//! 2^255 − 19 in ten limbs of 26 and 25 bits, with 64-bit products: for targets without wide ones, which wasm32 is by default.
//!
//! The exception to the rule of no `as`: a limb is cut to its width by a mask just before. In Chromium 156 on a 3.7 GHz EPYC a squaring takes 10.5 ns and a product
//! 16.5 ns where they are inlined (22.5 ns where they are called); the verified ones of `fiat-crypto` 0.2.9 take 12.5 and 22.5. Two at once in `simd128` gain
//! nothing: 10.5 and 26 each.
#![allow(clippy::as_conversions)]

/// Tight: below 2^26 (even limbs) and 2^25 (odd ones), but for a few thousand more in limbs 1 and 5. Loose: up to four times that.
pub(super) type Limbs = [u32; 10];

const M26: u64 = (1 << 26) - 1;
const M25: u64 = (1 << 25) - 1;
/// 2p, in limbs that are not below any tight one.
const TWO_P: Limbs = [
    0x7ff_ffda, 0x3ff_fffe, 0x7ff_fffe, 0x3ff_fffe, 0x7ff_fffe, 0x3ff_fffe, 0x7ff_fffe, 0x3ff_fffe,
    0x7ff_fffe, 0x3ff_fffe,
];

/// a + b; loose if both are tight.
#[inline(always)]
pub(super) fn add(a: &Limbs, b: &Limbs) -> Limbs {
    let [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9] = *a;
    let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9] = *b;
    [
        a0 + b0,
        a1 + b1,
        a2 + b2,
        a3 + b3,
        a4 + b4,
        a5 + b5,
        a6 + b6,
        a7 + b7,
        a8 + b8,
        a9 + b9,
    ]
}

/// a − b; loose if both are tight.
#[inline(always)]
pub(super) fn sub(a: &Limbs, b: &Limbs) -> Limbs {
    let [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9] = add(a, &TWO_P);
    let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9] = *b;
    [
        a0 - b0,
        a1 - b1,
        a2 - b2,
        a3 - b3,
        a4 - b4,
        a5 - b5,
        a6 - b6,
        a7 - b7,
        a8 - b8,
        a9 - b9,
    ]
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
    carry(widened(a))
}

/// Tight, of sums of products of loose limbs: they stay below 2^63.
#[inline(always)]
fn carry(sums: [u64; 10]) -> Limbs {
    let [
        mut z0,
        mut z1,
        mut z2,
        mut z3,
        mut z4,
        mut z5,
        mut z6,
        mut z7,
        mut z8,
        mut z9,
    ] = sums;
    z1 += z0 >> 26;
    z0 &= M26;
    z5 += z4 >> 26;
    z4 &= M26;
    z2 += z1 >> 25;
    z1 &= M25;
    z6 += z5 >> 25;
    z5 &= M25;
    z3 += z2 >> 26;
    z2 &= M26;
    z7 += z6 >> 26;
    z6 &= M26;
    z4 += z3 >> 25;
    z3 &= M25;
    z8 += z7 >> 25;
    z7 &= M25;
    z5 += z4 >> 26;
    z4 &= M26;
    z9 += z8 >> 26;
    z8 &= M26;
    z0 += 19 * (z9 >> 25);
    z9 &= M25;
    z1 += z0 >> 26;
    z0 &= M26;
    [
        z0 as u32, z1 as u32, z2 as u32, z3 as u32, z4 as u32, z5 as u32, z6 as u32, z7 as u32,
        z8 as u32, z9 as u32,
    ]
}

/// Factors below 2^33 and 2^29, so that nothing wraps: said so for builds that would look, and in WASM by a call.
#[inline(always)]
fn m(a: u64, b: u64) -> u64 {
    a.wrapping_mul(b)
}

#[inline(always)]
fn widened([a0, a1, a2, a3, a4, a5, a6, a7, a8, a9]: &Limbs) -> [u64; 10] {
    [
        u64::from(*a0),
        u64::from(*a1),
        u64::from(*a2),
        u64::from(*a3),
        u64::from(*a4),
        u64::from(*a5),
        u64::from(*a6),
        u64::from(*a7),
        u64::from(*a8),
        u64::from(*a9),
    ]
}

#[rustfmt::skip]
#[inline(always)]
pub(super) fn multiply(x: &Limbs, y: &Limbs) -> Limbs {
    let [x0, x1, x2, x3, x4, x5, x6, x7, x8, x9] = widened(x);
    let [y0, y1, y2, y3, y4, y5, y6, y7, y8, y9] = widened(y);
    // 2^255 = 19; two odd limbs meet half a bit higher.
    let n1 = 19 * y1;
    let n2 = 19 * y2;
    let n3 = 19 * y3;
    let n4 = 19 * y4;
    let n5 = 19 * y5;
    let n6 = 19 * y6;
    let n7 = 19 * y7;
    let n8 = 19 * y8;
    let n9 = 19 * y9;
    let d1 = 2 * x1;
    let d3 = 2 * x3;
    let d5 = 2 * x5;
    let d7 = 2 * x7;
    let d9 = 2 * x9;
    carry([
        m(x0, y0) + m(d1, n9) + m(x2, n8) + m(d3, n7) + m(x4, n6) + m(d5, n5) + m(x6, n4) + m(d7, n3) + m(x8, n2) + m(d9, n1),
        m(x0, y1) + m(x1, y0) + m(x2, n9) + m(x3, n8) + m(x4, n7) + m(x5, n6) + m(x6, n5) + m(x7, n4) + m(x8, n3) + m(x9, n2),
        m(x0, y2) + m(d1, y1) + m(x2, y0) + m(d3, n9) + m(x4, n8) + m(d5, n7) + m(x6, n6) + m(d7, n5) + m(x8, n4) + m(d9, n3),
        m(x0, y3) + m(x1, y2) + m(x2, y1) + m(x3, y0) + m(x4, n9) + m(x5, n8) + m(x6, n7) + m(x7, n6) + m(x8, n5) + m(x9, n4),
        m(x0, y4) + m(d1, y3) + m(x2, y2) + m(d3, y1) + m(x4, y0) + m(d5, n9) + m(x6, n8) + m(d7, n7) + m(x8, n6) + m(d9, n5),
        m(x0, y5) + m(x1, y4) + m(x2, y3) + m(x3, y2) + m(x4, y1) + m(x5, y0) + m(x6, n9) + m(x7, n8) + m(x8, n7) + m(x9, n6),
        m(x0, y6) + m(d1, y5) + m(x2, y4) + m(d3, y3) + m(x4, y2) + m(d5, y1) + m(x6, y0) + m(d7, n9) + m(x8, n8) + m(d9, n7),
        m(x0, y7) + m(x1, y6) + m(x2, y5) + m(x3, y4) + m(x4, y3) + m(x5, y2) + m(x6, y1) + m(x7, y0) + m(x8, n9) + m(x9, n8),
        m(x0, y8) + m(d1, y7) + m(x2, y6) + m(d3, y5) + m(x4, y4) + m(d5, y3) + m(x6, y2) + m(d7, y1) + m(x8, y0) + m(d9, n9),
        m(x0, y9) + m(x1, y8) + m(x2, y7) + m(x3, y6) + m(x4, y5) + m(x5, y4) + m(x6, y3) + m(x7, y2) + m(x8, y1) + m(x9, y0),
    ])
}

#[rustfmt::skip]
#[inline(always)]
pub(super) fn square(x: &Limbs) -> Limbs {
    let [x0, x1, x2, x3, x4, x5, x6, x7, x8, x9] = widened(x);
    let d0 = 2 * x0;
    let d1 = 2 * x1;
    let d2 = 2 * x2;
    let d3 = 2 * x3;
    let d4 = 2 * x4;
    let d5 = 2 * x5;
    let d6 = 2 * x6;
    let d7 = 2 * x7;
    let d8 = 2 * x8;
    let n5 = 19 * x5;
    let n6 = 19 * x6;
    let n7 = 19 * x7;
    let n8 = 19 * x8;
    let n9 = 19 * x9;
    carry([
        m(x0, x0) + m(d2, n8) + m(d4, n6) + ((m(x1, n9) + m(x3, n7)) << 2) + (m(x5, n5) << 1),
        m(d0, x1) + m(d3, n8) + m(d5, n6) + m(d2, n9) + m(d4, n7),
        m(d0, x2) + m(d1, x1) + m(d4, n8) + m(x6, n6) + ((m(x3, n9) + m(x5, n7)) << 2),
        m(d0, x3) + m(d1, x2) + m(d4, n9) + m(d5, n8) + m(d6, n7),
        m(d0, x4) + ((m(x1, x3) + m(x5, n9)) << 2) + m(x2, x2) + m(d6, n8) + m(d7, n7),
        m(d0, x5) + m(d1, x4) + m(d2, x3) + m(d6, n9) + m(d7, n8),
        m(d0, x6) + ((m(x1, x5) + m(x7, n9)) << 2) + m(d2, x4) + m(d3, x3) + m(x8, n8),
        m(d0, x7) + m(d1, x6) + m(d2, x5) + m(d3, x4) + m(d8, n9),
        m(d0, x8) + ((m(x1, x7) + m(x3, x5)) << 2) + m(d2, x6) + m(x4, x4) + (m(x9, n9) << 1),
        m(d0, x9) + m(d1, x8) + m(d2, x7) + m(d3, x6) + m(d4, x5),
    ])
}

/// The number of 256 bits in little-endian words, but for its highest bit.
pub(super) const fn unpack([w0, w1, w2, w3]: [u64; 4]) -> Limbs {
    [
        (w0 & M26) as u32,
        (w0 >> 26 & M25) as u32,
        ((w0 >> 51 | w1 << 13) & M26) as u32,
        (w1 >> 13 & M25) as u32,
        (w1 >> 38 & M26) as u32,
        (w2 & M25) as u32,
        (w2 >> 25 & M26) as u32,
        ((w2 >> 51 | w3 << 13) & M25) as u32,
        (w3 >> 12 & M26) as u32,
        (w3 >> 38 & M25) as u32,
    ]
}

/// The number below p, of a tight one, in little-endian words.
pub(super) fn pack(a: &Limbs) -> [u64; 4] {
    let widths = [26, 25, 26, 25, 26, 25, 26, 25, 26, 25];
    let mut limbs = a.map(u64::from);
    // One p is too much if and only if adding 19 reaches 2^255.
    let mut carry = 19;
    for (limb, width) in limbs.iter().zip(widths) {
        carry = (limb + carry) >> width;
    }
    carry *= 19;
    for (limb, width) in limbs.iter_mut().zip(widths) {
        *limb += carry;
        carry = *limb >> width;
        *limb &= (1 << width) - 1;
    }
    let [l0, l1, l2, l3, l4, l5, l6, l7, l8, l9] = limbs;
    [
        l0 | l1 << 26 | l2 << 51,
        l2 >> 13 | l3 << 13 | l4 << 38,
        l5 | l6 << 25 | l7 << 51,
        l7 >> 13 | l8 << 12 | l9 << 38,
    ]
}
