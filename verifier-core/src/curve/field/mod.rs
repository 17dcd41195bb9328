//! The field of 2^255 − 19.
//!
//! A *tight* element ([`Field`]) may be added or subtracted once, which gives a *loose* one; products take either and are tight. The types keep count, so that no limb
//! can overflow.

// The one choice by target. Ten limbs of 64-bit products where the machine has no wider ones: in Chromium 156 a squaring takes 11 ns that way, and 55 ns in five
// limbs whose wide products are put together from narrow ones; natively 11 and 9. A module built for WASM's wide arithmetic says so as it does to curve25519-dalek.
#[cfg(not(any(target_pointer_width = "64", curve25519_dalek_bits = "64")))]
use limbs32 as limbs;
#[cfg(any(target_pointer_width = "64", curve25519_dalek_bits = "64"))]
use limbs64 as limbs;

#[cfg(any(
    test,
    not(any(target_pointer_width = "64", curve25519_dalek_bits = "64"))
))]
mod limbs32;
#[cfg(any(test, target_pointer_width = "64", curve25519_dalek_bits = "64"))]
mod limbs64;
#[cfg(test)]
mod tests;

use limbs::Limbs;
use std::ops::{Add, Mul, Sub};

/// A tight element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field(Limbs);

/// A loose element, good for one product.
#[derive(Clone, Copy)]
pub(super) struct Loose(Limbs);

impl Field {
    pub(super) const ZERO: Self = Self::from_words([0; 4]);
    pub(super) const ONE: Self = Self::from_words([1, 0, 0, 0]);

    /// The number in 255 bits, modulo p; the highest bit is passed over.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut words = [0; 4];
        let (chunks, _) = bytes.as_chunks::<8>();
        for (word, chunk) in words.iter_mut().zip(chunks) {
            *word = u64::from_le_bytes(*chunk);
        }
        Self::from_words(words)
    }

    /// The same, of little-endian words.
    pub(super) const fn from_words(words: [u64; 4]) -> Self {
        Self(limbs::unpack(words))
    }

    /// The number below p.
    pub(super) fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        let (chunks, _) = bytes.as_chunks_mut::<8>();
        for (chunk, word) in chunks.iter_mut().zip(self.to_words()) {
            *chunk = word.to_le_bytes();
        }
        bytes
    }

    fn to_words(self) -> [u64; 4] {
        limbs::pack(&self.0)
    }

    /// Whether the number below p is odd: RFC 9496 calls that negative.
    pub(super) fn is_negative(self) -> bool {
        let [lowest, ..] = self.to_words();
        lowest & 1 == 1
    }

    pub(super) fn is_zero(self) -> bool {
        self.to_words() == [0; 4]
    }

    pub(super) fn negated(self) -> Self {
        (Self::ZERO - self).tight()
    }

    /// The one of x and −x that is not negative.
    pub(super) fn absolute(self) -> Self {
        if self.is_negative() {
            self.negated()
        } else {
            self
        }
    }

    pub(super) fn squared(self) -> Self {
        Loose(self.0).squared()
    }

    /// 2·self + other.
    #[inline(always)]
    pub(super) fn twice_plus(&self, other: &Self) -> Loose {
        Loose(limbs::double_add(&self.0, &other.0))
    }

    /// 2·self − other.
    #[inline(always)]
    pub(super) fn twice_minus(&self, other: &Self) -> Loose {
        Loose(limbs::double_sub(&self.0, &other.0))
    }

    /// The same element, good for a product.
    #[inline(always)]
    pub(super) fn loose(&self) -> Loose {
        Loose(self.0)
    }

    /// self^(2^times).
    fn squared_times(self, times: u32) -> Self {
        let mut limbs = self.0;
        for _ in 0..times {
            limbs = limbs::square(&limbs);
        }
        Self(limbs)
    }

    /// self^((p − 5)/8) = self^(2^252 − 3).
    fn to_p58(self) -> Self {
        let x2 = self.squared(); // 2
        let x9 = x2.squared_times(2) * self; // 9
        let x11 = x9 * x2; // 11
        let x_5 = x11.squared() * x9; // 2^5 − 1
        let x_10 = x_5.squared_times(5) * x_5;
        let x_20 = x_10.squared_times(10) * x_10;
        let x_40 = x_20.squared_times(20) * x_20;
        let x_50 = x_40.squared_times(10) * x_10;
        let x_100 = x_50.squared_times(50) * x_50;
        let x_200 = x_100.squared_times(100) * x_100;
        let x_250 = x_200.squared_times(50) * x_50;
        x_250.squared_times(2) * self
    }

    #[cfg(test)]
    pub(super) fn inverse(self) -> Self {
        self.to_p58().squared_times(3) * self.squared() * self
    }

    /// A square root of `self` / `denominator`, if there is one and `denominator` is not zero.
    pub(super) fn root_of_ratio(self, denominator: Self) -> Option<Self> {
        let v3 = denominator.squared() * denominator;
        let v7 = v3.squared() * denominator;
        let root = self * v3 * (self * v7).to_p58();
        let ratio = denominator * root.squared();
        if denominator.is_zero() {
            None
        } else if ratio == self {
            Some(root)
        } else if ratio == self.negated() {
            Some(root * SQRT_M1)
        } else {
            None
        }
    }
}

/// √−1, not negative.
pub(super) const SQRT_M1: Field = Field::from_words([
    0xc4ee_1b27_4a0e_a0b0,
    0x2f43_1806_ad2f_e478,
    0x2b4d_0099_3dfb_d7a7,
    0x2b83_2480_4fc1_df0b,
]);

impl Loose {
    pub(super) fn tight(self) -> Field {
        Field(limbs::tighten(&self.0))
    }

    #[inline(never)]
    pub(super) fn squared(self) -> Field {
        Field(limbs::square(&self.0))
    }

    /// The product in place, for the one loop where a call would cost.
    #[inline(always)]
    pub(super) fn times_inline(&self, other: &Self) -> Field {
        Field(limbs::multiply(&self.0, &other.0))
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.to_words() == other.to_words()
    }
}

impl Eq for Field {}

impl Add for Field {
    type Output = Loose;
    #[inline(always)]
    fn add(self, other: Self) -> Loose {
        Loose(limbs::add(&self.0, &other.0))
    }
}

impl Sub for Field {
    type Output = Loose;
    #[inline(always)]
    fn sub(self, other: Self) -> Loose {
        Loose(limbs::sub(&self.0, &other.0))
    }
}

#[inline(never)]
fn multiply(x: &Limbs, y: &Limbs) -> Limbs {
    limbs::multiply(x, y)
}

macro_rules! products {
    ($($left:ident * $right:ident),*) => {$(
        impl Mul<$right> for $left {
            type Output = Field;
            fn mul(self, other: $right) -> Field {
                Field(multiply(&self.0, &other.0))
            }
        }
    )*};
}
products!(Field * Field, Field * Loose, Loose * Field, Loose * Loose);
