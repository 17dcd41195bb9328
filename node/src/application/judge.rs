//! Judging ballots together: signatures and proofs, on all cores, each once.

use super::verdicts::Verdicts;
use rayon::prelude::*;
use std::sync::Arc;
use verifier_core::{BallotKeys, CheckedBallot, Hash, Outcome, Transaction, check_batch};

/// Ballots are judged in batches of at least this many.
const BATCH: usize = 64;

/// A ballot, or why it is none.
pub type Judged = Result<Arc<CheckedBallot>, Outcome>;

/// Judges ballots in batches, except those that were found good before. The verdicts do not depend on how they are grouped.
pub fn judge(
    keys: Option<&BallotKeys>,
    verdicts: &Verdicts,
    ballots: &[(Hash, &Transaction)],
) -> Vec<Judged> {
    let Some(keys) = keys else {
        return vec![Err(Outcome::KeysIncomplete); ballots.len()];
    };
    let known: Vec<Option<Arc<CheckedBallot>>> = ballots
        .iter()
        .map(|(hash, _)| verdicts.get(keys.key_set(), *hash))
        .collect();
    let unknown: Vec<&Transaction> = ballots
        .iter()
        .zip(&known)
        .filter(|(_, known)| known.is_none())
        .map(|((_, transaction), _)| *transaction)
        .collect();
    let mut judged = judge_unknown(keys, &unknown).into_iter();
    ballots
        .iter()
        .zip(known)
        .map(|((hash, _), known)| match known {
            Some(ballot) => Ok(ballot),
            None => {
                let ballot = Arc::new(judged.next().unwrap_or(Err(Outcome::Malformed))?);
                verdicts.keep(keys.key_set(), *hash, &ballot);
                Ok(ballot)
            }
        })
        .collect()
}

fn judge_unknown(
    keys: &BallotKeys,
    ballots: &[&Transaction],
) -> Vec<Result<CheckedBallot, Outcome>> {
    let batch = ballots
        .len()
        .div_ceil(rayon::current_num_threads())
        .max(BATCH);
    ballots
        .par_chunks(batch)
        .flat_map_iter(|chunk| check_batch(keys, chunk))
        .map(|verdict| verdict.map_err(|refusal| refusal.outcome()))
        .collect()
}
