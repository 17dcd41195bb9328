//! Decompression hints of ballots.

use crate::curve::{Hint, edwards, ristretto};
use crate::transaction::{Action, Transaction};

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
