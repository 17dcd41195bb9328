//! The statement that a ballot's proof is about, and the challenges drawn for it.

use super::BallotKeys;
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
        let mut transcript = keys.prefix.clone();
        transcript.append(b"asset", &encoding::encode(&ballot.asset));
        transcript.append(b"address", ballot.address.as_bytes());
        transcript.append(b"R", ballot.randomness.as_bytes());
        for transfer in &ballot.transfers {
            transcript.append(b"C", transfer.as_bytes());
        }
        let rho = (0..keys.candidates())
            .map(|_| transcript.challenge(b"rho"))
            .collect();
        Self { transcript, rho }
    }

    /// Draws e once all a_l and b_l are fixed.
    pub(crate) fn challenge(mut self, a: &[Point], b: &[Point]) -> Scalar {
        for (a, b) in a.iter().zip(b) {
            self.transcript.append(b"a", a.as_bytes());
            self.transcript.append(b"b", b.as_bytes());
        }
        self.transcript.challenge(b"e")
    }
}
