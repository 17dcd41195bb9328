//! Encrypting a choice and proving that it is one.
//!
//! With r known, all clauses look alike to the prover: it draws t_l for every clause and c_l for every clause but its own, and sends
//!
//! ```text
//! a_l = t_l·B      b_l = t_l·H* + c_l·(rho_l − rho_v)·B      z_l = t_l + c_l·r
//! ```
//!
//! where the second term vanishes for l = v, so that c_v may follow from e.

use super::{ProveError, draw_scalar};
use crate::ballot::{BallotKeys, Statement};
use crate::group;
use crate::ids::{AssetId, Point, PublicKey, ScalarBytes};
use crate::opening::Opening;
use crate::transaction::Ballot;
use curve25519_dalek::ristretto::RistrettoBasepointTable;
use curve25519_dalek::{RistrettoPoint, Scalar};
use rand_core::CryptoRngCore;
use zeroize::{Zeroize, Zeroizing};

/// Makes ballots. Holds a table of multiples of every candidate address: 30 kB each.
pub struct BallotProver {
    keys: BallotKeys,
    tables: Vec<RistrettoBasepointTable>,
}

/// What a ballot's maker knows of it beyond the ballot. Wiped when dropped.
pub struct BallotSecret {
    choice: u16,
    r: [u8; 32],
    /// c_k, which is not sent.
    last: [u8; 32],
}

/// One clause of a proof in the making.
struct Clause {
    t: Scalar,
    c: Scalar,
    rho: Scalar,
}

impl BallotProver {
    /// Prepares the tables, about a tenth of a millisecond each.
    pub fn new(keys: BallotKeys) -> Self {
        let tables = keys.addresses().iter().map(RistrettoBasepointTable::create);
        Self {
            tables: tables.collect(),
            keys,
        }
    }

    /// The keys that it encrypts under.
    pub fn keys(&self) -> &BallotKeys {
        &self.keys
    }

    /// A ballot for candidate `choice`, counted from 0; the holder of `address` has yet to sign it. `mark` must be printable ASCII.
    pub fn prove(
        &self,
        asset: AssetId,
        address: PublicKey,
        mark: [u8; 4],
        choice: usize,
        rng: &mut impl CryptoRngCore,
    ) -> Result<Ballot, ProveError> {
        let (ballot, _) = self.prove_to_open(asset, address, mark, choice, rng)?;
        Ok(ballot)
    }

    /// The same with what it takes to open the ballot if it is challenged.
    pub fn prove_to_open(
        &self,
        asset: AssetId,
        address: PublicKey,
        mark: [u8; 4],
        choice: usize,
        rng: &mut impl CryptoRngCore,
    ) -> Result<(Ballot, BallotSecret), ProveError> {
        let candidates = self.keys.candidates();
        let number = u16::try_from(choice).ok().filter(|_| choice < candidates);
        let number = number.ok_or(ProveError::UnknownCandidate { choice, candidates })?;
        let r = draw_scalar(rng);
        let ballot = Ballot {
            asset,
            address,
            mark,
            randomness: group::encode_point(&RistrettoPoint::mul_base(&r)),
            transfers: self.encrypt(choice, &r),
            a: Vec::new(),
            b: Vec::new(),
            c: Vec::new(),
            z: Vec::new(),
        };
        let (ballot, last) = self.complete(ballot, choice, &r, rng);
        let secret = BallotSecret {
            choice: number,
            r: r.to_bytes(),
            last,
        };
        Ok((ballot, secret))
    }

    /// C_j = v_j·B + r·H_j.
    fn encrypt(&self, choice: usize, r: &Scalar) -> Vec<Point> {
        let tables = self.tables.iter().enumerate();
        tables
            .map(|(candidate, table)| {
                let moved = Scalar::from(u8::from(candidate == choice));
                group::encode_point(&(RistrettoPoint::mul_base(&moved) + table * r))
            })
            .collect()
    }

    fn complete(
        &self,
        mut ballot: Ballot,
        choice: usize,
        r: &Scalar,
        rng: &mut impl CryptoRngCore,
    ) -> (Ballot, [u8; 32]) {
        let statement = Statement::new(&self.keys, &ballot);
        let h_star: RistrettoPoint = self
            .tables
            .iter()
            .zip(&statement.rho)
            .map(|(t, rho)| t * rho)
            .sum();
        let mut clauses: Vec<Clause> = statement
            .rho
            .iter()
            .map(|rho| Clause {
                t: *draw_scalar(rng),
                c: *draw_scalar(rng),
                rho: *rho,
            })
            .collect();
        let own_rho = clauses.get(choice).map_or(Scalar::ZERO, |own| own.rho);
        for clause in &clauses {
            let a = RistrettoPoint::mul_base(&clause.t);
            let shift = Zeroizing::new(clause.c * (clause.rho - own_rho));
            let b = h_star * clause.t + RistrettoPoint::mul_base(&shift);
            ballot.a.push(group::encode_point(&a));
            ballot.b.push(group::encode_point(&b));
        }
        let e = statement.challenge(&ballot.a, &ballot.b);
        let drawn: Scalar = clauses.iter().map(|clause| clause.c).sum();
        if let Some(own) = clauses.get_mut(choice) {
            own.c = e - (drawn - own.c);
        }
        for clause in &mut clauses {
            ballot.c.push(group::encode_scalar(&clause.c));
            ballot
                .z
                .push(group::encode_scalar(&(clause.t + clause.c * r)));
            clause.t.zeroize();
        }
        let last = ballot.c.pop().unwrap_or(ScalarBytes([0; 32]));
        (ballot, last.0)
    }
}

impl Drop for BallotSecret {
    fn drop(&mut self) {
        self.choice.zeroize();
        self.r.zeroize();
        self.last.zeroize();
    }
}

impl BallotSecret {
    /// The opening of the unsigned ballot that this was drawn for. Whoever has it knows the choice: it is for ballots that are never cast.
    pub fn open(&self, keys: &BallotKeys, ballot: &Ballot) -> Opening {
        let (r, last) = (ScalarBytes(self.r), ScalarBytes(self.last));
        Opening::of(keys.election(), ballot, (self.choice, r), last)
    }
}
