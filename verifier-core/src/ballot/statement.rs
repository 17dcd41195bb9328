//! The statement that a ballot's proof is about, and the challenges drawn for it.

use super::{BallotKeys, RawBallot};
use crate::encoding;
use crate::ids::Point;
use crate::transaction::Ballot;
use crate::transcript::Transcript;
use curve25519_dalek::Scalar;

/// The transcript after C_k, and the challenges rho_1 .. rho_k drawn there.
pub(crate) struct Statement {
    transcript: Transcript,
    pub(crate) rho: Vec<Scalar>,
}

impl Statement {
    pub(crate) fn new(keys: &BallotKeys, ballot: &Ballot) -> Self {
        let spent = (encoding::encode(&ballot.asset), ballot.address.as_bytes());
        let transfers = ballot.transfers.iter().map(Point::as_bytes);
        Self::of(keys, (&spent.0, spent.1), &ballot.randomness.0, transfers)
    }

    pub(super) fn of_raw(keys: &BallotKeys, ballot: &RawBallot<'_>) -> Self {
        let spent = (ballot.asset_bytes.as_slice(), ballot.address);
        Self::of(keys, spent, ballot.randomness, ballot.transfers.iter())
    }

    fn of<'a>(
        keys: &BallotKeys,
        (asset, address): (&[u8], &[u8; 32]),
        randomness: &[u8; 32],
        transfers: impl Iterator<Item = &'a [u8; 32]>,
    ) -> Self {
        let mut transcript = keys.prefix.clone();
        transcript.append(b"asset", asset);
        transcript.append(b"address", address);
        transcript.append(b"R", randomness);
        for transfer in transfers {
            transcript.append(b"C", transfer);
        }
        let rho = (0..keys.candidates())
            .map(|_| transcript.challenge(b"rho"))
            .collect();
        Self { transcript, rho }
    }

    /// Draws e once all a_l and b_l are fixed.
    pub(crate) fn challenge(self, a: &[Point], b: &[Point]) -> Scalar {
        let (a, b) = (a.iter().map(Point::as_bytes), b.iter().map(Point::as_bytes));
        self.draw(a.zip(b))
    }

    /// Draws e, and gives rho_1 .. rho_k beside it.
    pub(super) fn challenge_raw(mut self, ballot: &RawBallot<'_>) -> (Vec<Scalar>, Scalar) {
        let rho = core::mem::take(&mut self.rho);
        (rho, self.draw(ballot.a.iter().zip(ballot.b)))
    }

    fn draw<'a>(
        mut self,
        commitments: impl Iterator<Item = (&'a [u8; 32], &'a [u8; 32])>,
    ) -> Scalar {
        for (a, b) in commitments {
            self.transcript.append(b"a", a);
            self.transcript.append(b"b", b);
        }
        self.transcript.challenge(b"e")
    }
}
