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
use crate::ids::{AssetId, Point, PublicKey};
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

    /// A ballot for candidate `choice`, counted from 0; the holder of `address` has yet to sign it. `mark` must be printable ASCII.
    pub fn prove(
        &self,
        asset: AssetId,
        address: PublicKey,
        mark: [u8; 4],
        choice: usize,
        rng: &mut impl CryptoRngCore,
    ) -> Result<Ballot, ProveError> {
        let candidates = self.keys.candidates();
        if choice >= candidates {
            return Err(ProveError::UnknownCandidate { choice, candidates });
        }
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
        Ok(self.complete(ballot, choice, &r, rng))
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
    ) -> Ballot {
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
        ballot.c.pop();
        ballot
    }
}
