//! A ballot of the right form with all its elements decoded: nothing about it is proven yet. Everything here is the reference, by curve25519-dalek.

use super::{BallotError, BallotKeys, CheckedBallot, statement::Statement};
use crate::curve::ristretto;
use crate::group;
use crate::ids::{Hash, Point, PublicKey, ScalarBytes, Signature, TrackingCode};
use crate::signature::{self, Signed};
use crate::transaction::{Action, Ballot, SIGNING_LABEL, Transaction};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as B;
use curve25519_dalek::traits::VartimeMultiscalarMul;
use curve25519_dalek::{RistrettoPoint, Scalar};

pub(super) struct OpenedBallot<'a> {
    ballot: &'a Ballot,
    signature: &'a Signature,
    message: Vec<u8>,
    randomness: RistrettoPoint,
    transfers: Vec<RistrettoPoint>,
    a: Vec<RistrettoPoint>,
    b: Vec<RistrettoPoint>,
    /// c_1 .. c_{k−1}, as sent.
    c: Vec<Scalar>,
    z: Vec<Scalar>,
}

impl<'a> OpenedBallot<'a> {
    /// Checks election, shape and elements, in this order.
    pub(super) fn open(
        keys: &BallotKeys,
        transaction: &'a Transaction,
    ) -> Result<Self, BallotError> {
        let Action::Cast(ballot) = &transaction.body.action else {
            return Err(BallotError::NotABallot);
        };
        check_election(keys, transaction)?;
        let signature = check_shape(keys.candidates(), ballot, &transaction.signatures)?;
        check_address(&ballot.address)?;
        Ok(Self {
            ballot,
            signature,
            message: transaction.body.signing_message(),
            randomness: group::point_but_identity(&ballot.randomness).ok_or(invalid("R")(0))?,
            transfers: points("C", &ballot.transfers)?,
            a: points("a", &ballot.a)?,
            b: points("b", &ballot.b)?,
            c: scalars("c", &ballot.c)?,
            z: scalars("z", &ballot.z)?,
        })
    }

    pub(super) fn signed(&self) -> Signed<'_> {
        Signed {
            key: &self.ballot.address,
            message: &self.message,
            signature: self.signature,
        }
    }

    /// Checks both equations of every clause, each for itself.
    pub(super) fn check_proof(&self, keys: &BallotKeys) -> Result<(), BallotError> {
        let (rho, c) = self.challenges(keys);
        let c_star = RistrettoPoint::vartime_multiscalar_mul(&rho, &self.transfers);
        let h_star = RistrettoPoint::vartime_multiscalar_mul(&rho, &keys.addresses);
        let commitments = self.a.iter().zip(&self.b);
        let answers = c.iter().zip(&self.z).zip(&rho);
        for (index, ((a, b), ((c, z), rho))) in commitments.zip(answers).enumerate() {
            // z·B − c·R = a and z·H* − c·(C* − rho·B) = b.
            let first =
                RistrettoPoint::vartime_double_scalar_mul_basepoint(&-c, &self.randomness, z);
            let second =
                RistrettoPoint::vartime_multiscalar_mul([*z, -c, c * rho], [h_star, c_star, B]);
            if first != *a || second != *b {
                return Err(BallotError::InvalidProof { index });
            }
        }
        Ok(())
    }

    /// rho_1 .. rho_k and c_1 .. c_k, as the proof must have met them.
    fn challenges(&self, keys: &BallotKeys) -> (Vec<Scalar>, Vec<Scalar>) {
        let statement = Statement::new(keys, self.ballot);
        let rho = statement.rho.clone();
        let e = statement.challenge(&self.ballot.a, &self.ballot.b);
        let last = e - self.c.iter().sum::<Scalar>();
        (rho, self.c.iter().copied().chain([last]).collect())
    }

    /// Only for ballots whose signature and proof hold. The points are decoded once more, as those that sums are made of.
    pub(super) fn into_checked(self) -> Result<CheckedBallot, BallotError> {
        let decode = |point: &Point| ristretto::decode(&point.0, None);
        let transfers = self.ballot.transfers.iter().enumerate();
        let body = self.message.get(SIGNING_LABEL.len()..).unwrap_or_default();
        Ok(CheckedBallot {
            asset: self.ballot.asset,
            address: self.ballot.address,
            code: TrackingCode(Hash::of(body).0),
            randomness: decode(&self.ballot.randomness).ok_or(invalid("R")(0))?,
            transfers: transfers
                .map(|(index, point)| decode(point).ok_or(invalid("C")(index)))
                .collect::<Result<_, _>>()?,
        })
    }
}

fn invalid(symbol: &'static str) -> impl Fn(usize) -> BallotError {
    move |index| BallotError::InvalidElement { symbol, index }
}

fn check_election(keys: &BallotKeys, transaction: &Transaction) -> Result<(), BallotError> {
    let body = &transaction.body;
    if body.genesis != keys.genesis || body.contract != keys.contract {
        return Err(BallotError::WrongElection {
            genesis: body.genesis,
            contract: body.contract,
        });
    }
    Ok(())
}

fn check_shape<'a>(
    candidates: usize,
    ballot: &Ballot,
    signatures: &'a [Signature],
) -> Result<&'a Signature, BallotError> {
    let parts = [
        ("C", ballot.transfers.len(), candidates),
        ("a", ballot.a.len(), candidates),
        ("b", ballot.b.len(), candidates),
        ("c", ballot.c.len().saturating_add(1), candidates),
        ("z", ballot.z.len(), candidates),
        ("signature", signatures.len(), 1),
    ];
    for (symbol, actual, expected) in parts {
        if actual != expected {
            return Err(BallotError::WrongShape {
                symbol,
                actual,
                expected,
            });
        }
    }
    if !is_printable(&ballot.mark) {
        return Err(BallotError::UnprintableMark { mark: ballot.mark });
    }
    signatures.first().ok_or(BallotError::WrongShape {
        symbol: "signature",
        actual: 0,
        expected: 1,
    })
}

pub(super) fn is_printable(mark: &[u8; 4]) -> bool {
    mark.iter().all(|byte| (0x20..=0x7e).contains(byte))
}

/// Everybody can sign for a key of small order, so that no voter can hold one.
fn check_address(address: &PublicKey) -> Result<(), BallotError> {
    if !signature::is_voter_address(address) {
        return Err(BallotError::InvalidAddress { address: *address });
    }
    Ok(())
}

fn points(symbol: &'static str, bytes: &[Point]) -> Result<Vec<RistrettoPoint>, BallotError> {
    let decoded = bytes.iter().map(group::point).enumerate();
    decoded
        .map(|(index, point)| point.ok_or(invalid(symbol)(index)))
        .collect()
}

fn scalars(symbol: &'static str, bytes: &[ScalarBytes]) -> Result<Vec<Scalar>, BallotError> {
    let decoded = bytes.iter().map(group::scalar).enumerate();
    decoded
        .map(|(index, scalar)| scalar.ok_or(invalid(symbol)(index)))
        .collect()
}
