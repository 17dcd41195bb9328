//! Many ballots with one multiscalar multiplication. A batch only speeds things up: [`super::check_ballot`] defines every verdict.
//!
//! Each equation of each ballot gets its own weight below 2^128, w_l for the first of clause l and u_l for the second, and
//!
//! ```text
//! Σ w_l·(a_l + c_l·R − z_l·B) + u_l·(b_l + c_l·(C* − rho_l·B) − z_l·H*) = 0
//! ```
//!
//! over all clauses of all ballots, where the terms of B and of each H_j are added up first. If the sum is not zero, each half of the batch is
//! checked with weights of its own, down to single ballots.

use super::decoded::DecodedBallot;
use super::opened::{Challenges, message};
use super::{BallotError, BallotKeys, BatchPoints, CheckedBallot, check_ballot};
use crate::curve::pippenger::Terms;
use crate::curve::{Affine, Hint, Projective, ristretto};
use crate::ids::{Hash, KeySetId};
use crate::signature;
use crate::transaction::Transaction;
use crate::weights::Weights;
use curve25519_dalek::Scalar;
use sha2::{Digest, Sha512};

const LABEL: &[u8] = b"chamgwan/ballot-batch/v1";

/// Judges many transactions, each exactly as [`super::check_ballot`] would, in the same order. Thousands at once are fastest.
pub fn check_batch(
    keys: &BallotKeys,
    transactions: &[&Transaction],
) -> Vec<Result<CheckedBallot, BallotError>> {
    let without_hints: Vec<(&Transaction, &[Hint])> = transactions
        .iter()
        .map(|transaction| (*transaction, [].as_slice()))
        .collect();
    check_batch_with_hints(keys, &without_hints)
}

/// The same, faster by what [`super::decompression_hints`] gave for each transaction. Hints may be wrong, too few or too many: no verdict depends on them.
pub fn check_batch_with_hints(
    keys: &BallotKeys,
    transactions: &[(&Transaction, &[Hint])],
) -> Vec<Result<CheckedBallot, BallotError>> {
    let messages: Vec<_> = transactions.iter().map(|(t, _)| message(t)).collect();
    let mut ballots: Vec<_> = transactions
        .iter()
        .zip(&messages)
        .map(|((transaction, hints), message)| Judged::open(keys, transaction, message, hints))
        .collect();
    refuse(&mut ballots, |decoded| {
        let equations: Vec<_> = decoded.iter().map(|ballot| &ballot.signature).collect();
        signature::judge(&equations)
    });
    refuse(&mut ballots, |decoded| {
        let proofs: Vec<_> = decoded
            .iter()
            .map(|ballot| Proof::new(keys, ballot))
            .collect();
        judge(keys, &proofs)
    });
    ballots.into_iter().map(Judged::verdict).collect()
}

enum Judged<'a> {
    /// Good so far.
    Decoded(Box<DecodedBallot<'a>>),
    Done(Box<Result<CheckedBallot, BallotError>>),
}

impl<'a> Judged<'a> {
    /// What does not decode here is judged alone.
    fn open(
        keys: &BallotKeys,
        transaction: &'a Transaction,
        message: &'a [u8],
        hints: &[Hint],
    ) -> Self {
        DecodedBallot::new(keys, transaction, message, hints).map_or_else(
            || Self::Done(Box::new(check_ballot(keys, transaction))),
            |ballot| Self::Decoded(Box::new(ballot)),
        )
    }

    fn decoded(&self) -> Option<&DecodedBallot<'a>> {
        match self {
            Self::Decoded(ballot) => Some(ballot),
            Self::Done(_) => None,
        }
    }

    fn verdict(self) -> Result<CheckedBallot, BallotError> {
        match self {
            Self::Decoded(ballot) => Ok(ballot.into_checked()),
            Self::Done(verdict) => *verdict,
        }
    }
}

/// Replaces every ballot that is still good and that `judge` refuses by the reason.
fn refuse<'a, E: Into<BallotError>>(
    ballots: &mut [Judged<'a>],
    judge: impl Fn(&[&DecodedBallot<'a>]) -> Vec<Result<(), E>>,
) {
    let good: Vec<_> = ballots.iter().filter_map(Judged::decoded).collect();
    let verdicts = judge(&good);
    let good = ballots
        .iter_mut()
        .filter(|ballot| ballot.decoded().is_some());
    for (ballot, verdict) in good.zip(verdicts) {
        if let Err(error) = verdict {
            *ballot = Judged::Done(Box::new(Err(error.into())));
        }
    }
}

struct Proof<'a> {
    ballot: &'a DecodedBallot<'a>,
    challenges: Challenges,
    hash: Hash,
}

impl<'a> Proof<'a> {
    fn new(keys: &BallotKeys, ballot: &'a DecodedBallot<'a>) -> Self {
        Self {
            ballot,
            challenges: ballot.challenges(keys),
            hash: ballot.transaction_hash(),
        }
    }
}

/// One verdict per proof: all at once if they hold together, by halves otherwise.
fn judge(keys: &BallotKeys, proofs: &[Proof<'_>]) -> Vec<Result<(), BallotError>> {
    if let [proof] = proofs {
        return vec![check_ballot(keys, proof.ballot.transaction).map(|_| ())];
    }
    if hold_together(keys, proofs) {
        return vec![Ok(()); proofs.len()];
    }
    let (left, right) = proofs.split_at(proofs.len() / 2);
    let mut verdicts = judge(keys, left);
    verdicts.extend(judge(keys, right));
    verdicts
}

fn hold_together(keys: &BallotKeys, proofs: &[Proof<'_>]) -> bool {
    let Some(points) = &keys.batch else {
        return proofs.is_empty();
    };
    let hashes: Vec<_> = proofs.iter().map(|proof| proof.hash).collect();
    let mut weights = Weights::new(seed(&keys.key_set, &hashes));
    let mut sum = WeightedSum::new(points, proofs.len());
    for proof in proofs {
        sum.add(proof, &mut weights);
    }
    sum.vanishes()
}

/// SHA-512(label ‖ key-set id ‖ u64le(count) ‖ SHA-256 of every complete transaction).
fn seed(key_set: &KeySetId, transactions: &[Hash]) -> [u8; 64] {
    let count = u64::try_from(transactions.len()).unwrap_or(u64::MAX);
    let mut hash = Sha512::new()
        .chain_update(LABEL)
        .chain_update(key_set.0)
        .chain_update(count.to_le_bytes());
    for transaction in transactions {
        hash.update(transaction.0);
    }
    hash.finalize().into()
}

/// The left side of the equation above.
struct WeightedSum<'a> {
    points: &'a BatchPoints,
    base: Scalar,
    addresses: Vec<Scalar>,
    terms: Terms,
}

impl<'a> WeightedSum<'a> {
    fn new(points: &'a BatchPoints, ballots: usize) -> Self {
        let candidates = points.addresses.len();
        let long = (candidates + 1) * ballots + candidates + 1;
        Self {
            points,
            base: Scalar::ZERO,
            addresses: vec![Scalar::ZERO; candidates],
            terms: Terms::with_capacity(long, 2 * candidates * ballots),
        }
    }

    fn add(&mut self, proof: &Proof<'_>, weights: &mut Weights) {
        let ballot = proof.ballot;
        let Challenges { rho, c } = &proof.challenges;
        let mut of_randomness = Scalar::ZERO;
        let mut of_c_star = Scalar::ZERO;
        let mut of_h_star = Scalar::ZERO;
        let commitments = ballot.a.iter().zip(&ballot.b);
        for (((a, b), (c, z)), rho) in commitments.zip(c.iter().zip(&ballot.z)).zip(rho) {
            let (w, u) = (weights.next(), weights.next());
            let uc = u * c;
            self.base -= w * z + uc * rho;
            of_randomness += w * c;
            of_c_star += uc;
            of_h_star -= u * z;
            self.push(w, a);
            self.push(u, b);
        }
        self.push(of_randomness, &ballot.randomness);
        for (rho, transfer) in rho.iter().zip(&ballot.transfers) {
            self.push(of_c_star * rho, transfer);
        }
        for (rho, address) in rho.iter().zip(&mut self.addresses) {
            *address += of_h_star * rho;
        }
    }

    fn push(&mut self, scalar: Scalar, point: &Affine) {
        self.terms.push(&scalar, point);
    }

    fn vanishes(mut self) -> bool {
        self.terms.push(&self.base, &self.points.base);
        for (scalar, address) in self.addresses.iter().zip(&self.points.addresses) {
            self.terms.push(scalar, address);
        }
        ristretto::equal(&self.terms.sum(), &Projective::IDENTITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_seed_covers_key_set_count_and_every_transaction_in_its_place() {
        let key_set = KeySetId([3; 32]);
        let (one, two) = (Hash([1; 32]), Hash([2; 32]));
        let seeds = [
            seed(&key_set, &[one, two]),
            seed(&key_set, &[two, one]),
            seed(&key_set, &[one, one]),
            seed(&key_set, &[one]),
            seed(&key_set, &[]),
            seed(&KeySetId([4; 32]), &[one, two]),
        ];
        assert_eq!(BTreeSet::from(seeds).len(), seeds.len());
        assert_eq!(
            hex::encode(Weights::new(seeds[0]).next().as_bytes()),
            "0defcda4119463c64e77aaf4f2c074bf00000000000000000000000000000000"
        );
    }
}
