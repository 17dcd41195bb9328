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

use super::opened::{Challenges, OpenedBallot};
use super::{BallotError, BallotKeys, CheckedBallot};
use crate::ids::{Hash, KeySetId};
use crate::signature::verify_signatures;
use crate::transaction::Transaction;
use crate::weights::Weights;
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as B;
use curve25519_dalek::traits::{IsIdentity, VartimeMultiscalarMul};
use curve25519_dalek::{RistrettoPoint, Scalar};
use sha2::{Digest, Sha512};

const LABEL: &[u8] = b"chamgwan/ballot-batch/v1";

/// Judges many transactions, each exactly as [`super::check_ballot`] would, in the same order. A few hundred at once are fastest.
pub fn check_batch(
    keys: &BallotKeys,
    transactions: &[&Transaction],
) -> Vec<Result<CheckedBallot, BallotError>> {
    let mut ballots: Vec<_> = transactions
        .iter()
        .map(|transaction| OpenedBallot::open(keys, transaction))
        .collect();
    refuse(&mut ballots, |opened| {
        let signed: Vec<_> = opened.iter().map(|ballot| ballot.signed()).collect();
        verify_signatures(&signed)
    });
    refuse(&mut ballots, |opened| {
        let proofs: Vec<_> = opened
            .iter()
            .map(|ballot| Proof::new(keys, ballot))
            .collect();
        judge(keys, &proofs)
    });
    ballots
        .into_iter()
        .map(|ballot| ballot.map(OpenedBallot::into_checked))
        .collect()
}

/// Replaces every ballot that is still good and that `judge` refuses by the reason.
fn refuse<'a, E: Into<BallotError>>(
    ballots: &mut [Result<OpenedBallot<'a>, BallotError>],
    judge: impl Fn(&[&OpenedBallot<'a>]) -> Vec<Result<(), E>>,
) {
    let good: Vec<_> = ballots.iter().flatten().collect();
    let verdicts = judge(&good);
    let good = ballots.iter_mut().filter(|ballot| ballot.is_ok());
    for (ballot, verdict) in good.zip(verdicts) {
        if let Err(error) = verdict {
            *ballot = Err(error.into());
        }
    }
}

struct Proof<'a> {
    ballot: &'a OpenedBallot<'a>,
    challenges: Challenges,
    hash: Hash,
}

impl<'a> Proof<'a> {
    fn new(keys: &BallotKeys, ballot: &'a OpenedBallot<'a>) -> Self {
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
        return vec![proof.ballot.check_proof(keys)];
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
    let hashes: Vec<_> = proofs.iter().map(|proof| proof.hash).collect();
    let mut weights = Weights::new(seed(&keys.key_set, &hashes));
    let mut sum = WeightedSum::new(keys, proofs.len());
    for proof in proofs {
        sum.add(proof, &mut weights);
    }
    sum.vanishes(keys)
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
struct WeightedSum {
    base: Scalar,
    addresses: Vec<Scalar>,
    scalars: Vec<Scalar>,
    points: Vec<RistrettoPoint>,
}

impl WeightedSum {
    fn new(keys: &BallotKeys, ballots: usize) -> Self {
        let candidates = keys.candidates();
        let terms = (3 * candidates + 1) * ballots + candidates + 1;
        Self {
            base: Scalar::ZERO,
            addresses: vec![Scalar::ZERO; candidates],
            scalars: Vec::with_capacity(terms),
            points: Vec::with_capacity(terms),
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

    fn push(&mut self, scalar: Scalar, point: &RistrettoPoint) {
        self.scalars.push(scalar);
        self.points.push(*point);
    }

    fn vanishes(mut self, keys: &BallotKeys) -> bool {
        self.scalars.push(self.base);
        self.points.push(B);
        self.scalars.append(&mut self.addresses);
        self.points.extend(&keys.addresses);
        RistrettoPoint::vartime_multiscalar_mul(&self.scalars, &self.points).is_identity()
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
