//! Canonical decoding of points and scalars of ristretto255.

use crate::ids::{Point, ScalarBytes};
use borsh::{BorshDeserialize, BorshSerialize, io};
use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::traits::IsIdentity;
use curve25519_dalek::{RistrettoPoint, Scalar};

/// The point that `bytes` canonically encode; the identity is one.
pub(crate) fn point(bytes: &Point) -> Option<RistrettoPoint> {
    CompressedRistretto(bytes.0).decompress()
}

/// The point that `bytes` canonically encode, unless it is the identity.
pub(crate) fn point_but_identity(bytes: &Point) -> Option<RistrettoPoint> {
    point(bytes).filter(|point| !point.is_identity())
}

/// The scalar that `bytes` canonically encode: little-endian, below ℓ.
pub(crate) fn scalar(bytes: &ScalarBytes) -> Option<Scalar> {
    Option::from(Scalar::from_canonical_bytes(bytes.0))
}

/// The canonical encoding of a point.
pub(crate) fn encode_point(point: &RistrettoPoint) -> Point {
    Point(point.compress().to_bytes())
}

/// The canonical encoding of a scalar.
#[cfg(feature = "prove")]
pub(crate) fn encode_scalar(scalar: &Scalar) -> ScalarBytes {
    ScalarBytes(scalar.to_bytes())
}

/// A decoded point; as bytes it is its canonical encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element(pub(crate) RistrettoPoint);

impl BorshSerialize for Element {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        encode_point(&self.0).serialize(writer)
    }
}

impl BorshDeserialize for Element {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        point(&Point::deserialize_reader(reader)?)
            .map(Self)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "not a canonical point"))
    }
}
