//! A ballot decoded for a batch, with hints if there are any. What is refused here is for [`super::check_ballot`] to judge.

use super::opened::{Challenges, Formed, body};
use super::{BallotKeys, CheckedBallot};
use crate::curve::{Affine, Hint, Projective, edwards, ristretto};
use crate::group;
use crate::ids::{Hash, Point, TrackingCode};
use crate::signature::{Equation, Signed};
use crate::transaction::{Action, Ballot, Transaction};
use curve25519_dalek::Scalar;

pub(super) struct DecodedBallot<'a> {
    pub(super) transaction: &'a Transaction,
    ballot: &'a Ballot,
    /// The signing label, then the body.
    message: &'a [u8],
    pub(super) signature: Equation<'a>,
    pub(super) randomness: Affine,
    pub(super) transfers: Vec<Affine>,
    pub(super) a: Vec<Affine>,
    pub(super) b: Vec<Affine>,
    /// c_1 .. c_{k−1}, as sent.
    c: Vec<Scalar>,
    pub(super) z: Vec<Scalar>,
}

/// One hint per point of a ballot, in this order: address, the signature's R, R, C_1 .. C_k, a_1 .. a_k, b_1 .. b_k. Nothing for other transactions.
///
/// They can be made and sent by anybody: see [`super::check_batch_with_hints`].
pub fn decompression_hints(transaction: &Transaction) -> Vec<Hint> {
    let Action::Cast(ballot) = &transaction.body.action else {
        return Vec::new();
    };
    let commitment = transaction.signatures.first().and_then(|s| s.first_chunk());
    let of_signature = [Some(&ballot.address.0), commitment];
    let of_signature = of_signature.map(|bytes| bytes.and_then(edwards::hint));
    let points = [&ballot.randomness].into_iter();
    let points = points
        .chain(&ballot.transfers)
        .chain(&ballot.a)
        .chain(&ballot.b);
    of_signature
        .into_iter()
        .chain(points.map(|point| ristretto::hint(&point.0)))
        .map(Option::unwrap_or_default)
        .collect()
}

impl<'a> DecodedBallot<'a> {
    /// `message` is the transaction's.
    pub(super) fn new(
        keys: &BallotKeys,
        transaction: &'a Transaction,
        message: &'a [u8],
        hints: &[Hint],
    ) -> Option<Self> {
        let Formed { ballot, signature } = Formed::new(keys, transaction).ok()?;
        let mut hints = hints.iter();
        let key = edwards::decode(&ballot.address.0, hints.next())?;
        if Projective::from(&key).has_small_order() {
            return None;
        }
        let signed = Signed {
            key: &ballot.address,
            message,
            signature,
        };
        let signature = Equation::new(&signed, key, hints.next())?;
        let mut point = |point: &Point| ristretto::decode(&point.0, hints.next());
        let randomness = point(&ballot.randomness)?;
        if ristretto::equal(&Projective::from(&randomness), &Projective::IDENTITY) {
            return None;
        }
        let mut points = |encoded: &[Point]| encoded.iter().map(&mut point).collect::<Option<_>>();
        Some(Self {
            transaction,
            ballot,
            message,
            signature,
            randomness,
            transfers: points(&ballot.transfers)?,
            a: points(&ballot.a)?,
            b: points(&ballot.b)?,
            c: ballot.c.iter().map(group::scalar).collect::<Option<_>>()?,
            z: ballot.z.iter().map(group::scalar).collect::<Option<_>>()?,
        })
    }

    /// SHA-256 of the complete transaction, signature included.
    pub(super) fn transaction_hash(&self) -> Hash {
        let one_signature = 1u32.to_le_bytes();
        let signature = self.signature.signed.signature;
        Hash::of(&[body(self.message), &one_signature, signature].concat())
    }

    /// Replays the transcript.
    pub(super) fn challenges(&self, keys: &BallotKeys) -> Challenges {
        Challenges::new(keys, self.ballot, &self.c)
    }

    /// Only for ballots whose signature and proof hold.
    pub(super) fn into_checked(self) -> CheckedBallot {
        CheckedBallot {
            asset: self.ballot.asset,
            address: self.ballot.address,
            code: TrackingCode(Hash::of(body(self.message)).0),
            randomness: self.randomness,
            transfers: self.transfers,
        }
    }
}
