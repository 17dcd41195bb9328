//! Decoding of points of edwards25519 by ZIP-215: any 255-bit y, any sign bit.

use super::Hint;
use super::field::Field;
use super::point::{Affine, D};

/// The point that `bytes` encode. The same whatever the hint, but faster with the one that [`hint`] gives.
pub(crate) fn decode(bytes: &[u8; 32], hint: Option<&Hint>) -> Option<Affine> {
    let decoding = Decoding::new(bytes);
    let x = hint
        .and_then(|hint| decoding.try_x(hint))
        .or_else(|| decoding.x())?;
    let x = if x.is_negative() == decoding.sign {
        x
    } else {
        x.negated()
    };
    Some(Affine::new(x, decoding.y))
}

/// What makes decoding fast: x. Nothing for bytes that encode no point.
pub(crate) fn hint(bytes: &[u8; 32]) -> Option<Hint> {
    Decoding::new(bytes).x().map(Field::to_bytes)
}

/// x² = u/v.
struct Decoding {
    y: Field,
    /// y² − 1.
    u: Field,
    /// d·y² + 1.
    v: Field,
    /// Whether x is negative. Zero has no sign, and either is accepted.
    sign: bool,
}

impl Decoding {
    fn new(bytes: &[u8; 32]) -> Self {
        let y = Field::from_bytes(bytes);
        let yy = y.squared();
        let [.., last] = *bytes;
        Self {
            y,
            u: (yy - Field::ONE).tight(),
            v: (D * yy + Field::ONE).tight(),
            sign: last >> 7 == 1,
        }
    }

    /// Of either sign.
    fn x(&self) -> Option<Field> {
        self.u.root_of_ratio(self.v)
    }

    /// The same, if it is what the hint says.
    fn try_x(&self, hint: &Hint) -> Option<Field> {
        let x = Field::from_bytes(hint);
        (x.squared() * self.v == self.u).then_some(x)
    }
}

#[cfg(test)]
mod tests {
    use super::super::point::Projective;
    use super::*;
    use curve25519_dalek::edwards::CompressedEdwardsY;
    use sha2::{Digest, Sha512};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// The canonical encoding.
    fn encode(point: &Affine) -> [u8; 32] {
        let Projective { x, y, z, .. } = Projective::from(point);
        let inverse = z.inverse();
        let mut bytes = (y * inverse).to_bytes();
        if (x * inverse).is_negative() {
            bytes[31] |= 0x80;
        }
        bytes
    }

    /// Any bytes, those around 0 and p with either sign, and the points of small order in all their names.
    fn strings() -> impl Iterator<Item = [u8; 32]> {
        let small = (0..=255).flat_map(|byte| {
            [[0, 0], [0, 0x80], [0xff, 0x7f], [0xff, 0xff]].map(|[middle, last]| {
                let mut bytes = [middle; 32];
                (bytes[0], bytes[31]) = (byte, last);
                bytes
            })
        });
        let any = (0..2000u64).map(|seed| {
            let digest: [u8; 64] = Sha512::digest(seed.to_le_bytes()).into();
            digest[..32].try_into().unwrap()
        });
        let torsion = curve25519_dalek::constants::EIGHT_TORSION;
        small
            .chain(any)
            .chain(torsion.map(|point| point.compress().0))
    }

    #[test]
    fn decodes_what_the_reference_decodes_whatever_the_hint() {
        let mut decoded = 0;
        for bytes in strings() {
            let expected = CompressedEdwardsY(bytes).decompress();
            let own = hint(&bytes);
            assert_eq!(own.is_some(), expected.is_some(), "{bytes:02x?}");
            let hints = [None, own, Some([0; 32]), Some([0xff; 32]), Some(bytes)];
            for hint in &hints {
                let point = decode(&bytes, hint.as_ref());
                let expected = expected.map(|point| point.compress().0);
                assert_eq!(point.as_ref().map(encode), expected, "{bytes:02x?}");
            }
            if let Some(point) = decode(&bytes, None) {
                let expected = expected.is_some_and(|point| point.is_small_order());
                assert_eq!(Projective::from(&point).has_small_order(), expected);
                decoded += 1;
            }
        }
        assert!(decoded > 1000, "{decoded}");
    }

    #[test]
    fn every_hint_with_a_bit_flipped_is_passed_over() {
        let bytes = curve25519_dalek::constants::ED25519_BASEPOINT_COMPRESSED.0;
        let good = hint(&bytes).unwrap();
        assert!(Decoding::new(&bytes).try_x(&good).is_some());
        for bit in 0..256 {
            let mut wrong = good;
            wrong[bit / 8] ^= 1 << (bit % 8);
            // The highest bit is no part of the number.
            assert_eq!(Decoding::new(&bytes).try_x(&wrong).is_some(), bit == 255);
            assert_eq!(encode(&decode(&bytes, Some(&wrong)).unwrap()), bytes);
        }
    }
}
