//! What a batch sums up: every ballot's points, and the scalars that its equations and their weights give them.

use super::statement::Statement;
use super::{BallotKeys, BatchPoints, CheckedBallot, HashedTransaction, RawBallot};
use crate::curve::pippenger::{self, Term};
use crate::curve::{Hint, Projective, edwards, ristretto};
use crate::ids::{Hash, KeySetId};
use crate::signature::challenge_of_body;
use crate::weights::Weights;
use curve25519_dalek::Scalar;
use sha2::{Digest, Sha512};
use std::ops::Range;

const LABEL: &[u8] = b"chamgwan/ballot-batch/v1";

pub(super) struct BatchTerms<'a> {
    keys: &'a BallotKeys,
    points: &'a BatchPoints,
    members: Vec<Member<'a>>,
    /// A, R, C_1 .. C_k of each member.
    long: Vec<Term<Scalar>>,
    /// The signature's R, a_1 .. a_k, b_1 .. b_k of each member; the scalars are the weights of their equations.
    short: Vec<Term<u128>>,
}

/// A ballot whose elements all decode.
struct Member<'a> {
    ballot: RawBallot<'a>,
    /// The scalars of the signature and of c_1 .. c_{k−1}, z_1 .. z_k.
    response: Scalar,
    c: Vec<Scalar>,
    z: Vec<Scalar>,
    /// What the batch's sum has of B, and of H* = Σ rho_j·H_j, once weighed.
    of_base: Scalar,
    of_h_star: Scalar,
    rho: Vec<Scalar>,
}

impl<'a> BatchTerms<'a> {
    pub(super) fn new(keys: &'a BallotKeys, points: &'a BatchPoints, ballots: usize) -> Self {
        let candidates = points.addresses.len();
        Self {
            keys,
            points,
            members: Vec::with_capacity(ballots),
            long: Vec::with_capacity((candidates + 2) * ballots),
            short: Vec::with_capacity((2 * candidates + 1) * ballots),
        }
    }

    /// The number of members.
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// Takes a ballot of this election whose form is right and whose elements all decode. Whatever else it is, it is for [`super::check_ballot`] to say.
    pub(super) fn read(&mut self, transaction: &HashedTransaction<'a>, hints: &[Hint]) -> bool {
        let (long, short) = (self.long.len(), self.short.len());
        let member = RawBallot::read(self.points.addresses.len(), transaction)
            .filter(|ballot| ballot.is_formed(self.keys))
            .and_then(|ballot| self.decode(ballot, hints));
        let Some(member) = member else {
            self.long.truncate(long);
            self.short.truncate(short);
            return false;
        };
        self.members.push(member);
        true
    }

    fn decode(&mut self, ballot: RawBallot<'a>, hints: &[Hint]) -> Option<Member<'a>> {
        let mut hints = hints.iter();
        let key = edwards::decode(ballot.address, hints.next())?;
        if Projective::from(&key).has_small_order() {
            return None;
        }
        let (commitment, response) = ballot.signature.split_first_chunk::<32>()?;
        let commitment = edwards::decode(commitment, hints.next())?;
        let randomness = ristretto::decode(ballot.randomness, hints.next())?;
        if ristretto::equal(&Projective::from(&randomness), &Projective::IDENTITY) {
            return None;
        }
        self.long.extend([key, randomness].map(Term::new));
        for bytes in ballot.transfers {
            let point = ristretto::decode(bytes, hints.next())?;
            self.long.push(Term::new(point));
        }
        self.short.push(Term::new(commitment));
        for bytes in ballot.a.iter().chain(ballot.b) {
            let point = ristretto::decode(bytes, hints.next())?;
            self.short.push(Term::new(point));
        }
        Some(Member {
            response: scalar(response.first_chunk()?)?,
            c: ballot.c.iter().map(scalar).collect::<Option<_>>()?,
            z: ballot.z.iter().map(scalar).collect::<Option<_>>()?,
            of_base: Scalar::ZERO,
            of_h_star: Scalar::ZERO,
            rho: Vec::new(),
            ballot,
        })
    }

    /// Draws the weights, once everything is read, and with them all scalars.
    pub(super) fn weigh(&mut self) {
        let hashes: Vec<_> = self.members.iter().map(|m| m.ballot.hash).collect();
        let mut weights = Weights::new(seed(&self.keys.key_set, &hashes));
        for term in &mut self.short {
            term.scalar = weights.next();
        }
        let (long, short) = (self.per_ballot_long(), self.per_ballot_short());
        let terms = self
            .long
            .chunks_exact_mut(long)
            .zip(self.short.chunks_exact(short));
        for (member, (long, short)) in self.members.iter_mut().zip(terms) {
            member.weigh(self.keys, long, short);
        }
    }

    fn per_ballot_long(&self) -> usize {
        self.points.addresses.len() + 2
    }

    fn per_ballot_short(&self) -> usize {
        2 * self.points.addresses.len() + 1
    }

    /// The weighted sum of a range of members.
    pub(super) fn sum(&self, range: Range<usize>) -> Projective {
        let of = |size: usize| range.start * size..range.end * size;
        let long = self
            .long
            .get(of(self.per_ballot_long()))
            .unwrap_or_default();
        let short = self
            .short
            .get(of(self.per_ballot_short()))
            .unwrap_or_default();
        let members = self.members.get(range).unwrap_or_default();
        pippenger::sum(&[long, &self.common(members)], short)
    }

    /// B and H_1 .. H_k.
    fn common(&self, members: &[Member<'_>]) -> Vec<Term<Scalar>> {
        let mut base = Scalar::ZERO;
        let mut addresses = vec![Scalar::ZERO; self.points.addresses.len()];
        for member in members {
            base += member.of_base;
            for (rho, address) in member.rho.iter().zip(&mut addresses) {
                *address += member.of_h_star * rho;
            }
        }
        let addresses = addresses.into_iter().zip(&self.points.addresses);
        core::iter::once((base, &self.points.base))
            .chain(addresses)
            .map(|(scalar, point)| Term {
                scalar,
                point: *point,
            })
            .collect()
    }

    /// The member, as one that holds.
    pub(super) fn checked(&self, index: usize) -> Option<CheckedBallot> {
        let ballot = &self.members.get(index)?.ballot;
        let size = self.per_ballot_long();
        let points = self.long.get(index * size + 1..(index + 1) * size)?;
        let (randomness, transfers) = points.split_first()?;
        Some(CheckedBallot {
            asset: ballot.asset(),
            address: ballot.address(),
            code: ballot.code(),
            randomness: randomness.point,
            transfers: transfers.iter().map(|term| term.point).collect(),
        })
    }
}

impl Member<'_> {
    fn weigh(&mut self, keys: &BallotKeys, long: &mut [Term<Scalar>], short: &[Term<u128>]) {
        let ballot = &self.ballot;
        let Some((signature, clauses)) = short.split_first() else {
            return;
        };
        let (w, u) = clauses.split_at(clauses.len() / 2);
        let (rho, e) = Statement::of_raw(keys, ballot).challenge_raw(ballot);
        let last = e - self.c.iter().sum::<Scalar>();
        let v = Scalar::from(signature.scalar);
        let mut of_randomness = Scalar::ZERO;
        let mut of_c_star = Scalar::ZERO;
        self.of_base = -(v * self.response);
        let challenges = self.c.iter().chain([&last]);
        for (((w, u), rho), (c, z)) in w.iter().zip(u).zip(&rho).zip(challenges.zip(&self.z)) {
            let (w, u) = (Scalar::from(w.scalar), Scalar::from(u.scalar));
            let uc = u * c;
            self.of_base -= w * z + uc * rho;
            of_randomness += w * c;
            of_c_star += uc;
            self.of_h_star -= u * z;
        }
        let k = challenge_of_body(&ballot.address(), ballot.body, ballot.signature);
        let of_transfers = rho.iter().map(|rho| of_c_star * rho);
        let scalars = [v * k, of_randomness].into_iter().chain(of_transfers);
        for (term, scalar) in long.iter_mut().zip(scalars) {
            term.scalar = scalar;
        }
        self.rho = rho;
    }
}

fn scalar(bytes: &[u8; 32]) -> Option<Scalar> {
    Option::from(Scalar::from_canonical_bytes(*bytes))
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
            hex::encode(Weights::new(seeds[0]).next().to_le_bytes()),
            "0defcda4119463c64e77aaf4f2c074bf"
        );
    }
}
