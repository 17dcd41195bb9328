//! The sum of counted ballots, still encrypted.

use super::CheckedBallot;
use crate::curve::{Affine, Projective, ristretto};
use crate::group;
use crate::ids::Point;
use borsh::{BorshDeserialize, BorshSerialize, io};
use curve25519_dalek::RistrettoPoint;

/// ΣR and ΣC_1 .. ΣC_k over ballots. As bytes: borsh of the points, ΣR first, then the list of the others.
///
/// Takes checked ballots only. The same ballots give the same sum, and the same bytes, in whatever order and grouping.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct EncryptedSum {
    randomness: Sum,
    transfers: Vec<Sum>,
}

impl EncryptedSum {
    /// The sum of no ballots, for so many candidates.
    pub fn zero(candidates: usize) -> Self {
        Self {
            randomness: Sum::ZERO,
            transfers: vec![Sum::ZERO; candidates],
        }
    }

    /// Adds one ballot.
    pub fn add(&mut self, ballot: &CheckedBallot) {
        self.grow(ballot.transfers.len());
        self.randomness.add(&ballot.randomness);
        for (sum, transfer) in self.transfers.iter_mut().zip(&ballot.transfers) {
            sum.add(transfer);
        }
    }

    /// Adds the ballots of another sum.
    pub fn merge(&mut self, other: &Self) {
        self.grow(other.transfers.len());
        self.randomness.0.add(&other.randomness.0);
        for (sum, transfer) in self.transfers.iter_mut().zip(&other.transfers) {
            sum.0.add(&transfer.0);
        }
    }

    /// k, the number of candidates.
    pub fn candidates(&self) -> usize {
        self.transfers.len()
    }

    /// ΣR. There is one, as long as both libraries name points alike.
    pub(crate) fn randomness(&self) -> Option<RistrettoPoint> {
        group::point(&self.randomness.encode())
    }

    /// ΣC_1 .. ΣC_k, likewise.
    pub(crate) fn transfers(&self) -> impl Iterator<Item = Option<RistrettoPoint>> {
        self.transfers.iter().map(|sum| group::point(&sum.encode()))
    }

    /// A transfer to a candidate not yet in the sum is added to nothing, rather than dropped.
    fn grow(&mut self, candidates: usize) {
        if self.transfers.len() < candidates {
            self.transfers.resize(candidates, Sum::ZERO);
        }
    }
}

/// A sum of points; as bytes it is its canonical encoding.
#[derive(Clone, Copy, Debug)]
struct Sum(Projective);

impl Sum {
    const ZERO: Self = Self(Projective::IDENTITY);

    fn add(&mut self, point: &Affine) {
        self.0.add_affine(point, false);
    }

    fn encode(&self) -> Point {
        Point(ristretto::encode(&self.0))
    }
}

impl PartialEq for Sum {
    fn eq(&self, other: &Self) -> bool {
        ristretto::equal(&self.0, &other.0)
    }
}

impl Eq for Sum {}

impl BorshSerialize for Sum {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        self.encode().serialize(writer)
    }
}

impl BorshDeserialize for Sum {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        ristretto::decode(&Point::deserialize_reader(reader)?.0, None)
            .map(|point| Self(Projective::from(&point)))
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "not a canonical point"))
    }
}
