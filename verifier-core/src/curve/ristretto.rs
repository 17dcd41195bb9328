//! ristretto255 as in RFC 9496: canonical decoding and encoding, and equality.

use super::Hint;
use super::field::{Field, SQRT_M1};
use super::point::{Affine, D, Projective};

/// 1/√(a − d), not negative; a = −1.
const INVSQRT_A_MINUS_D: Field = Field::from_words([
    0x99c8_fdaa_805d_40ea,
    0x9d2f_1617_5a41_72be,
    0x16c2_7b91_fe01_d840,
    0x786c_8905_cfaf_fca2,
]);

/// The point that `bytes` canonically encode; the identity is one. The same whatever the hint, but faster with the one that [`hint`] gives.
pub(crate) fn decode(bytes: &[u8; 32], hint: Option<&Hint>) -> Option<Affine> {
    let decoding = Decoding::new(bytes)?;
    let root = hint
        .and_then(|hint| decoding.try_root(hint))
        .or_else(|| decoding.root())?;
    decoding.finish(root)
}

/// What makes decoding fast: the inverse square root. Nothing for bytes that encode no point.
pub(crate) fn hint(bytes: &[u8; 32]) -> Option<Hint> {
    let decoding = Decoding::new(bytes)?;
    let root = decoding.root()?;
    decoding.finish(root)?;
    Some(root.to_bytes())
}

/// RFC 9496, 4.3.1: up to the root and after it.
struct Decoding {
    s: Field,
    /// 1 − s².
    u1: Field,
    /// 1 + s².
    u2: Field,
    /// −d·u1² − u2².
    v: Field,
    /// v·u2².
    square: Field,
}

impl Decoding {
    /// Refuses what is not below p, and what is negative.
    fn new(bytes: &[u8; 32]) -> Option<Self> {
        let s = Field::from_bytes(bytes);
        if s.to_bytes() != *bytes || s.is_negative() {
            return None;
        }
        let ss = s.squared();
        let u1 = (Field::ONE - ss).tight();
        let u2 = (Field::ONE + ss).tight();
        let u2_squared = u2.squared();
        let v = ((D * u1.squared()).negated() - u2_squared).tight();
        Some(Self {
            s,
            u1,
            u2,
            v,
            square: v * u2_squared,
        })
    }

    /// 1/√(v·u2²), of either sign.
    fn root(&self) -> Option<Field> {
        Field::ONE.root_of_ratio(self.square)
    }

    /// The same, if it is what the hint says. Its sign does not matter: the root only enters as a square, or with an absolute value taken after.
    fn try_root(&self, hint: &Hint) -> Option<Field> {
        let root = Field::from_bytes(hint);
        (root.squared() * self.square == Field::ONE).then_some(root)
    }

    fn finish(&self, root: Field) -> Option<Affine> {
        let den_x = root * self.u2;
        let den_y = root * den_x * self.v;
        let x = ((self.s + self.s) * den_x).absolute();
        let y = self.u1 * den_y;
        if (x * y).is_negative() || y.is_zero() {
            return None;
        }
        Some(Affine::new(x, y))
    }
}

/// The canonical encoding of a sum of decoded points (RFC 9496, 4.3.2).
pub(crate) fn encode(point: &Projective) -> [u8; 32] {
    let Projective { x, y, z, t } = *point;
    let u1 = (z + y) * (z - y);
    let u2 = x * y;
    // Without a root only where u1·u2² = 0, and then 0 stands for it.
    let invsqrt = Field::ONE
        .root_of_ratio(u1 * u2.squared())
        .unwrap_or(Field::ZERO);
    let den1 = invsqrt * u1;
    let den2 = invsqrt * u2;
    let z_inverse = den1 * den2 * t;
    let (x, y, den_inverse) = if (t * z_inverse).is_negative() {
        (y * SQRT_M1, x * SQRT_M1, den1 * INVSQRT_A_MINUS_D)
    } else {
        (x, y, den2)
    };
    let y = if (x * z_inverse).is_negative() {
        y.negated()
    } else {
        y
    };
    (den_inverse * (z - y)).absolute().to_bytes()
}

/// Whether two sums of decoded points are the same element (RFC 9496, 4.3.3).
pub(crate) fn equal(a: &Projective, b: &Projective) -> bool {
    a.x * b.y == a.y * b.x || a.y * b.y == a.x * b.x
}

#[cfg(test)]
mod tests {
    use super::*;
    use curve25519_dalek::ristretto::CompressedRistretto;
    use curve25519_dalek::traits::Identity;
    use curve25519_dalek::{RistrettoPoint, Scalar};
    use sha2::{Digest, Sha512};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn element(seed: u64) -> RistrettoPoint {
        let digest = Sha512::digest(seed.to_le_bytes());
        RistrettoPoint::from_uniform_bytes(&digest.into())
    }

    /// Bytes on which decoders could differ.
    fn strings() -> impl Iterator<Item = [u8; 32]> {
        let small = (0..=255).flat_map(|byte| {
            [[0, 0], [0, 0x7f], [0, 0x80], [0xff, 0x7f], [0xff, 0xff]].map(|[middle, last]| {
                let mut bytes = [middle; 32];
                (bytes[0], bytes[31]) = (byte, last);
                bytes
            })
        });
        let any = (0..2000u64).map(|seed| {
            let digest: [u8; 64] = Sha512::digest(seed.to_be_bytes()).into();
            let mut bytes: [u8; 32] = digest[..32].try_into().unwrap();
            bytes[0] &= 0xfe;
            bytes[31] &= 0x7f;
            bytes
        });
        let changed = (0..100).flat_map(|seed| {
            let bytes = element(seed).compress().to_bytes();
            (0..256).step_by(7).map(move |bit| {
                let mut changed = bytes;
                changed[bit / 8] ^= 1 << (bit % 8);
                changed
            })
        });
        small.chain(any).chain(changed)
    }

    #[test]
    fn decodes_what_the_reference_decodes_and_nothing_else() {
        let mut decoded = 0;
        for bytes in strings() {
            let expected = CompressedRistretto(bytes).decompress();
            let point = decode(&bytes, None);
            assert_eq!(point.is_some(), expected.is_some(), "{bytes:02x?}");
            assert_eq!(hint(&bytes).is_some(), expected.is_some(), "{bytes:02x?}");
            if let Some(point) = point {
                assert_eq!(encode(&Projective::from(&point)), bytes);
                decoded += 1;
            }
        }
        assert!(decoded > 500, "{decoded}");
    }

    #[test]
    fn a_hint_never_changes_what_is_decoded() {
        let good = hint(&element(1).compress().to_bytes()).unwrap();
        for bytes in strings().step_by(3) {
            let plain = decode(&bytes, None).map(|point| encode(&Projective::from(&point)));
            let own = hint(&bytes).unwrap_or_default();
            for hint in [own, good, [0; 32], [0xff; 32], bytes] {
                let hinted = decode(&bytes, Some(&hint));
                assert_eq!(hinted.map(|point| encode(&Projective::from(&point))), plain);
            }
        }
    }

    #[test]
    fn every_hint_with_a_bit_flipped_is_passed_over() {
        let bytes = element(2).compress().to_bytes();
        let good = hint(&bytes).unwrap();
        assert!(Decoding::new(&bytes).unwrap().try_root(&good).is_some());
        for bit in 0..256 {
            let mut wrong = good;
            wrong[bit / 8] ^= 1 << (bit % 8);
            let used = Decoding::new(&bytes).unwrap().try_root(&wrong).is_some();
            // The highest bit is no part of the number.
            assert_eq!(used, bit == 255);
            let point = decode(&bytes, Some(&wrong)).unwrap();
            assert_eq!(encode(&Projective::from(&point)), bytes);
        }
    }

    #[test]
    fn sums_encode_as_those_of_the_reference() {
        let mut sum = Projective::IDENTITY;
        let mut expected = RistrettoPoint::identity();
        assert_eq!(encode(&sum), expected.compress().to_bytes());
        for seed in 0..200 {
            let point = element(seed);
            let affine = decode(point.compress().as_bytes(), None).unwrap();
            match seed % 4 {
                0 => {
                    sum.add_affine(&affine, true);
                    expected -= point;
                }
                1 => {
                    sum.add(&Projective::from(&affine));
                    expected += point;
                }
                2 => {
                    sum.double();
                    expected += expected;
                }
                _ => {
                    sum.add_affine(&affine, false);
                    expected += point;
                }
            }
            assert_eq!(encode(&sum), expected.compress().to_bytes());
        }
        let negative = decode((-expected).compress().as_bytes(), None).unwrap();
        sum.add_affine(&negative, false);
        assert_eq!(encode(&sum), [0; 32]);
        assert!(equal(&sum, &Projective::IDENTITY));
    }

    #[test]
    fn equality_is_that_of_elements_not_of_points() {
        let eight = Scalar::from(8u8);
        for seed in 0..50 {
            let point = element(seed);
            let affine = |point: &RistrettoPoint| {
                Projective::from(&decode(point.compress().as_bytes(), None).unwrap())
            };
            let mut walked = affine(&(eight.invert() * point));
            for _ in 0..3 {
                walked.double();
            }
            assert!(equal(&walked, &affine(&point)));
            assert_eq!(encode(&walked), point.compress().to_bytes());
            assert!(!equal(&walked, &affine(&element(seed + 1))));
            assert!(!equal(&walked, &affine(&-point)));
        }
    }
}
