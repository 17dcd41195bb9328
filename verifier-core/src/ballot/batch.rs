//! Many ballots with one multiscalar multiplication. A batch only speeds things up: [`super::check_ballot`] defines every verdict.
//!
//! Each equation of each ballot gets its own weight below 2^128, v for the signature, w_l for the first of clause l and u_l for the second, and
//!
//! ```text
//! Σ v·(R' + k·A − s·B) + Σ w_l·(a_l + c_l·R − z_l·B) + u_l·(b_l + c_l·(C* − rho_l·B) − z_l·H*)
//! ```
//!
//! over all clauses of all ballots, times 8, has to be zero; R', s, k and A are the signature's. The cofactor 8 is the signature's, and of a point of ristretto255 it removes
//! just what no encoding tells. The terms of B and of each H_j are added up first. If the sum is not zero, it is bisected, and what is left over is judged alone.

use super::terms::BatchTerms;
use super::{BallotError, BallotKeys, CheckedBallot, HashedTransaction, check_ballot};
use crate::bisection::suspects;
use crate::curve::Hint;
use crate::transaction::Transaction;

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
    let encoded: Vec<_> = transactions.iter().map(|(t, _)| t.encode()).collect();
    let raw: Vec<_> = encoded
        .iter()
        .zip(transactions)
        .map(|(bytes, (_, hints))| (HashedTransaction::new(bytes), *hints))
        .collect();
    accepted(keys, &raw)
        .into_iter()
        .zip(transactions)
        .map(|(checked, (alone, _))| checked.map_or_else(|| check_ballot(keys, alone), Ok))
        .collect()
}

/// The same for transactions as they lie in a block: nothing of a ballot is copied. What is no transaction at all is [`BallotError::NotABallot`].
pub fn check_batch_raw(
    keys: &BallotKeys,
    transactions: &[(HashedTransaction<'_>, &[Hint])],
) -> Vec<Result<CheckedBallot, BallotError>> {
    accepted(keys, transactions)
        .into_iter()
        .zip(transactions)
        .map(|(checked, (alone, _))| checked.map_or_else(|| check_alone(keys, alone), Ok))
        .collect()
}

fn check_alone(
    keys: &BallotKeys,
    transaction: &HashedTransaction<'_>,
) -> Result<CheckedBallot, BallotError> {
    let decoded = Transaction::decode(transaction.bytes()).map_err(|_| BallotError::NotABallot)?;
    check_ballot(keys, &decoded)
}

/// What holds as part of the batch; nothing for what is to be judged alone.
fn accepted(
    keys: &BallotKeys,
    transactions: &[(HashedTransaction<'_>, &[Hint])],
) -> Vec<Option<CheckedBallot>> {
    let mut checked = vec![None; transactions.len()];
    let Some(points) = &keys.batch else {
        return checked;
    };
    let mut terms = BatchTerms::new(keys, points, transactions.len());
    let read: Vec<bool> = transactions
        .iter()
        .map(|(transaction, hints)| terms.read(transaction, hints))
        .collect();
    terms.weigh();
    let mut suspects = suspects(terms.len(), |range| terms.sum(range))
        .into_iter()
        .peekable();
    let places = checked.iter_mut().zip(read).filter(|(_, read)| *read);
    for (index, (place, _)) in places.enumerate() {
        if suspects.next_if_eq(&index).is_none() {
            *place = terms.checked(index);
        }
    }
    checked
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::ids::{ContractId, GenesisHash, Hash, KeySetId, Point};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// The specification's ballot, and its H_1 and H_2.
    fn example() -> (BallotKeys, Vec<u8>) {
        let address = |hex: &str| Point(hex.parse::<Hash>().unwrap().0);
        let addresses = [
            address("e882b131016b52c1d3337080187cf768423efccbb517bb495ab812c4160ff44e"),
            address("44f53520926ec81fbd5a387845beb7df85a96a24ece18738bdcfa6a7822a176d"),
        ];
        let of = (GenesisHash([1; 32]), ContractId([2; 32]), KeySetId([3; 32]));
        let keys = BallotKeys::new(of.0, of.1, of.2, &addresses).unwrap();
        (keys, hex::decode(TRANSACTION).unwrap())
    }

    const TRANSACTION: &str = concat!(
        "0101010101010101010101010101010101010101010101010101010101010101010202020202020202020202020202020202",
        "02020202020202020202020202020206010002000300fd1724385aa0c75b64fb78cd602fa1d991fdebf76b13c58ed702eac8",
        "35e9f61831323334bce83f8ba5dd2fa572864c24ba1810f9522bc6004afe95877ac73241cafdab42020000001225041f964d",
        "88d6c5a0578ae9fd09be20d9c617b21b862d0c8d16c6cd9f606c12cd0b2dbb48d2d49bc6661f9cdbdfe344a0f68519fe6d47",
        "e69815ceb3976a660200000018a6629a9815df385e184a0e2c0268cc9350b0ea0c04167d5513bf6bf921a208e2f2ae0a6abc",
        "4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d7602000000481d3aa18d704b13c5170f4cd01888d1bd89c59a",
        "3a599a8b7d834f9c68f2be510c80674316ca8bd7eac0c81ab514ea614fe26fcabf258927c62df3e887ddce4c010000000100",
        "0000000000000000000000000000000000000000000000000000000000000200000001000000000000000000000000000000",
        "0000000000000000000000000000000008599bc075f067f0422c506a9922228d684864e97755f0cbde34517dd0350a060100",
        "0000d97ea03737f3376b8285092bc8657492b4e38109c609a41073f8a1e15f26bba8c602f0954a9bdd19d88b7d3ea4033a5b",
        "bfa3906b625ecf7596b947f271d36904",
    );

    #[test]
    fn good_ballots_are_accepted_together_and_only_suspects_are_left() {
        let (keys, good) = example();
        let mut bad = good.clone();
        *bad.last_mut().unwrap() ^= 1;
        let batch: Vec<_> = (0..20)
            .map(|index| if index == 11 { &bad } else { &good })
            .collect();
        let hashed = |bytes: &[&Vec<u8>]| -> Vec<bool> {
            let raw: Vec<_> = bytes
                .iter()
                .map(|b| (HashedTransaction::new(b), [].as_slice()))
                .collect();
            accepted(&keys, &raw).iter().map(Option::is_some).collect()
        };
        assert_eq!(hashed(&batch[..11]), [true; 11]);
        let left: Vec<_> = hashed(&batch)
            .into_iter()
            .enumerate()
            .filter(|(_, held)| !held)
            .map(|(i, _)| i)
            .collect();
        assert!(left.contains(&11) && left.len() <= 2);
    }
}
