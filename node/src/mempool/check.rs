//! What a node says of a transaction before it is in a block: `CheckTx`.

use super::waiting::Waiting;
use crate::application::{Admitted, Checked};
use crate::replica::Committed;
use std::sync::{Mutex, PoisonError};
use verifier_core::{Hash, Outcome, Promise, Seconds, encode};

/// What is answered to whoever sent the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedTransaction {
    /// The outcome's code; 0 if the transaction may wait for its block.
    pub code: u32,
    /// What the node says beside the code; a node that promises says it here.
    pub data: Vec<u8>,
    /// The code for a reader.
    pub log: String,
}

impl CheckedTransaction {
    fn of(outcome: Outcome) -> Self {
        Self {
            code: outcome.code(),
            data: Vec::new(),
            log: format!("{outcome:?}"),
        }
    }

    /// Whether it may wait for its block.
    pub fn is_good(&self) -> bool {
        self.code == Outcome::Ok.code()
    }
}

/// Checks transactions that came together, each by itself; ballots that are good are noted among those that wait. `now` is this machine's time;
/// `promise` gives the promise, if any, for the good ballot at a position.
pub fn check_transactions<T: AsRef<[u8]> + Sync>(
    committed: &Committed,
    now: Seconds,
    waiting: &Mutex<Waiting>,
    transactions: &[T],
    promise: impl Fn(usize, Admitted) -> Option<Promise>,
) -> Vec<CheckedTransaction> {
    let all = check_at_both_times(committed, now, transactions);
    let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    let together = transactions.iter().zip(all).enumerate();
    together
        .map(|(at, (bytes, checked))| {
            let ballot = checked.good();
            let racing =
                ballot.is_some_and(|ballot| !waiting.admit(ballot.asset, Hash::of(bytes.as_ref())));
            if racing {
                CheckedTransaction {
                    log: "two ballots with this asset wait already".into(),
                    ..CheckedTransaction::of(Outcome::AssetSpent)
                }
            } else {
                let promise = ballot.and_then(|ballot| promise(at, ballot));
                CheckedTransaction {
                    data: promise.map_or_else(Vec::new, |promise| encode(&promise)),
                    ..CheckedTransaction::of(checked.outcome)
                }
            }
        })
        .collect()
}

/// Checks at the last header's time, and what is outside its window then at this machine's: the next header's time is between the two.
/// What comes too early for that header stays out of its block, and waits.
pub fn check_at_both_times<T: AsRef<[u8]> + Sync>(
    committed: &Committed,
    now: Seconds,
    transactions: &[T],
) -> Vec<Checked> {
    let (application, last) = (&committed.application, committed.time);
    let mut all = application.check_all(last, transactions);
    let outside = all.iter_mut().zip(transactions);
    let (outside, again): (Vec<&mut Checked>, Vec<&[u8]>) = outside
        .filter(|(checked, _)| checked.outcome == Outcome::OutsideWindow)
        .map(|(checked, bytes)| (checked, bytes.as_ref()))
        .unzip();
    if now > last && !again.is_empty() {
        let again = application.check_all(now, &again);
        outside
            .into_iter()
            .zip(again)
            .for_each(|(checked, again)| *checked = again);
    }
    all
}
