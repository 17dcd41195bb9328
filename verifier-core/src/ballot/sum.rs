//! The sum of counted ballots, still encrypted.

use super::CheckedBallot;
use crate::group::Element;
use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::RistrettoPoint;

/// ΣR and ΣC_1 .. ΣC_k over ballots. As bytes: borsh of the points, ΣR first, then the list of the others.
///
/// Takes checked ballots only. The same ballots give the same sum, and the same bytes, in whatever order and grouping.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct EncryptedSum {
    randomness: Element,
    transfers: Vec<Element>,
}

impl EncryptedSum {
    /// The sum of no ballots, for so many candidates.
    pub fn zero(candidates: usize) -> Self {
        Self {
            randomness: Element::identity(),
            transfers: vec![Element::identity(); candidates],
        }
    }

    /// Adds one ballot.
    pub fn add(&mut self, ballot: &CheckedBallot) {
        self.add_points(&ballot.randomness, ballot.transfers.iter());
    }

    /// Adds the ballots of another sum.
    pub fn merge(&mut self, other: &Self) {
        let transfers = other.transfers.iter().map(|element| &element.0);
        self.add_points(&other.randomness.0, transfers);
    }

    /// k, the number of candidates.
    pub fn candidates(&self) -> usize {
        self.transfers.len()
    }

    /// ΣR.
    pub(crate) fn randomness(&self) -> &RistrettoPoint {
        &self.randomness.0
    }

    /// ΣC_1 .. ΣC_k.
    pub(crate) fn transfers(&self) -> impl Iterator<Item = &RistrettoPoint> {
        self.transfers.iter().map(|element| &element.0)
    }

    /// A transfer to a candidate not yet in the sum is added to nothing, rather than dropped.
    fn add_points<'a>(
        &mut self,
        randomness: &RistrettoPoint,
        transfers: impl ExactSizeIterator<Item = &'a RistrettoPoint>,
    ) {
        self.randomness.0 += randomness;
        if self.transfers.len() < transfers.len() {
            self.transfers.resize(transfers.len(), Element::identity());
        }
        for (sum, transfer) in self.transfers.iter_mut().zip(transfers) {
            sum.0 += transfer;
        }
    }
}
