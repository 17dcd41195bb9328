//! Proof that two discrete logarithms are equal (Chaum and Pedersen), and of one alone (Schnorr).
//!
//! Statement: log_B X = log_G Y. The prover, who knows x with X = x·B and Y = x·G, draws w and sends (c, z):
//!
//! ```text
//! A = w·B    A' = w·G    c = challenge(…, X, G, Y, A, A')    z = w + c·x
//! check: A = z·B − c·X    A' = z·G − c·Y    c is the challenge again
//! ```
//!
//! Both equations are recomputed and hashed apart, so that the proof is sound whoever knows whatever logarithm.

use crate::group;
use crate::ids::{Point, ScalarBytes};
use crate::transcript::Transcript;
use curve25519_dalek::{RistrettoPoint, Scalar, traits::VartimeMultiscalarMul};

/// The two scalars (c, z) of a proof do not decode, or the proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProofError {
    Element,
    Proof,
}

/// A point beside its canonical encoding.
#[derive(Clone, Copy)]
pub(crate) struct Encoded<'a> {
    pub(crate) point: &'a RistrettoPoint,
    pub(crate) bytes: &'a Point,
}

/// log_B X = log_G Y.
#[derive(Clone, Copy)]
pub(crate) struct Equality<'a> {
    /// X = x·B.
    pub(crate) public: Encoded<'a>,
    /// G.
    pub(crate) base: Encoded<'a>,
    /// Y = x·G.
    pub(crate) image: Encoded<'a>,
}

impl Equality<'_> {
    /// Checks (c, z); `transcript` holds whatever the proof is bound to.
    pub(crate) fn verify(
        &self,
        mut transcript: Transcript,
        (c, z): &(ScalarBytes, ScalarBytes),
    ) -> Result<(), ProofError> {
        let c = group::scalar(c).ok_or(ProofError::Element)?;
        let z = group::scalar(z).ok_or(ProofError::Element)?;
        let a = RistrettoPoint::vartime_double_scalar_mul_basepoint(&-c, self.public.point, &z);
        let a_image =
            RistrettoPoint::vartime_multiscalar_mul([z, -c], [self.base.point, self.image.point]);
        if self.challenge(&mut transcript, &a, &a_image) != c {
            return Err(ProofError::Proof);
        }
        Ok(())
    }

    /// Draws c once X, G, Y, A and A' are fixed.
    pub(crate) fn challenge(
        &self,
        transcript: &mut Transcript,
        a: &RistrettoPoint,
        a_image: &RistrettoPoint,
    ) -> Scalar {
        transcript.append(b"X", self.public.bytes.as_bytes());
        transcript.append(b"G", self.base.bytes.as_bytes());
        transcript.append(b"Y", self.image.bytes.as_bytes());
        transcript.append(b"A", a.compress().as_bytes());
        transcript.append(b"A'", a_image.compress().as_bytes());
        transcript.challenge(b"c")
    }
}

/// Checks (c, z) for the knowledge of log_B X: A = z·B − c·X, c = challenge(…, X, A).
pub(crate) fn verify_knowledge(
    mut transcript: Transcript,
    public: Encoded<'_>,
    (c, z): &(ScalarBytes, ScalarBytes),
) -> Result<(), ProofError> {
    let c = group::scalar(c).ok_or(ProofError::Element)?;
    let z = group::scalar(z).ok_or(ProofError::Element)?;
    let a = RistrettoPoint::vartime_double_scalar_mul_basepoint(&-c, public.point, &z);
    if knowledge_challenge(&mut transcript, public.bytes, &a) != c {
        return Err(ProofError::Proof);
    }
    Ok(())
}

/// Draws c once X and A are fixed.
pub(crate) fn knowledge_challenge(
    transcript: &mut Transcript,
    public: &Point,
    a: &RistrettoPoint,
) -> Scalar {
    transcript.append(b"X", public.as_bytes());
    transcript.append(b"A", a.compress().as_bytes());
    transcript.challenge(b"c")
}
