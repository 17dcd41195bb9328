//! edwards25519 and ristretto255 for checking many ballots at once. **For verification only**: the time that everything here takes depends on
//! its input, so that no secret may ever come near it.
//!
//! `curve25519-dalek` stays the reference: single ballots and signatures are judged by it, and whatever this module does not accept at once is
//! judged there. It exposes no field elements, which is why three things that make a recount bearable are done here:
//!
//! - field arithmetic that a browser runs faster ([`field`]),
//! - decoding with an untrusted hint in place of the root ([`ristretto`], [`edwards`]),
//! - a multiscalar multiplication with wide windows, that spends nothing on the upper half of short scalars ([`pippenger`]).

pub(crate) mod edwards;
mod field;
pub(crate) mod pippenger;
mod point;
pub(crate) mod ristretto;

pub(crate) use point::{Affine, Projective};

/// Thirty-two bytes that whoever encoded a point may send along, so that it is decoded without taking a root. Nothing rests on it: a hint that does not fit is
/// passed over.
pub type Hint = [u8; 32];
