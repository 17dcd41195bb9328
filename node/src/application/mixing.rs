//! The order of voters' transactions in a block says nothing of when they came: whoever watches a polling station's door, or a network, and the ledger
//! cannot match the two more closely than by blocks.

use std::collections::BTreeMap;
use verifier_core::{Action, AssetId, Hash, PublicKey, Transaction};

/// What at most one transaction of a block should be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Asset(AssetId),
    Claimant(PublicKey),
}

/// Sorts ballots and claims by the hash of their bytes, which signatures make as good as drawn by lot. Each stays between the same transactions of others,
/// and those that race with another of the block stay where they are, so that every outcome stays what it is.
pub fn mixed<T: AsRef<[u8]> + Clone>(transactions: &[T]) -> Vec<T> {
    let subjects: Vec<_> = transactions.iter().map(|t| subject(t.as_ref())).collect();
    let mut count: BTreeMap<Subject, u32> = BTreeMap::new();
    for (subject, _) in subjects.iter().flatten() {
        *count.entry(*subject).or_default() += 1;
    }
    let moves = |subject: &Option<(Subject, bool)>| {
        subject.is_some_and(|(subject, is_voters)| is_voters && count.get(&subject) == Some(&1))
    };
    let marked: Vec<(bool, &T)> = subjects.iter().map(moves).zip(transactions).collect();
    let mut mixed = Vec::with_capacity(transactions.len());
    for run in marked.chunk_by(|(one, _), (next, _)| one == next) {
        let mut run = run.to_vec();
        if run.first().is_some_and(|(moves, _)| *moves) {
            run.sort_by_cached_key(|(_, bytes)| Hash::of(bytes.as_ref()));
        }
        mixed.extend(run.into_iter().map(|(_, bytes)| bytes.clone()));
    }
    mixed
}

/// What a transaction is about, and whether it is one to be moved.
fn subject(bytes: &[u8]) -> Option<(Subject, bool)> {
    match Transaction::decode(bytes).ok()?.body.action {
        Action::Cast(ballot) => Some((Subject::Asset(ballot.asset), true)),
        Action::Claim(claim) => Some((Subject::Claimant(claim.address), true)),
        Action::Spoil(spoil) => Some((Subject::Asset(spoil.asset), false)),
        _ => None,
    }
}
