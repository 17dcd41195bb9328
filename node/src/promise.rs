//! Promises: this municipality's signed word that a ballot which it took will be on the ledger in time.
//!
//! A promise is given for what waits in this node's mempool and for nothing else, or anybody could collect promises for ballots that were never
//! sent, and hold them against the municipality.

use crate::application::{Admitted, Application, Checked};
use crate::replica::Committed;
use verifier_core::prove::{SigningKey, sign};
use verifier_core::{
    Contract, MunicipalityIndex, Outcome, Promise, PromisedBallot, Seconds, encode,
};

/// The query that gives a promise again: its data is the transaction.
pub const PROMISE_PATH: &str = "/promise";
/// A promise says that the ballot is recorded within this many seconds.
const WITHIN: Seconds = 60;
/// The code of an answer about a transaction that would be good, but does not wait here. No outcome has it.
const NOT_HERE: u32 = 1_000;

/// Who signs this municipality's promises.
pub struct Promiser {
    municipality: MunicipalityIndex,
    key: SigningKey,
}

/// The answer to `/promise`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Again {
    /// 0, an outcome's code, or 1,000 for what does not wait here.
    pub code: u32,
    pub log: String,
    /// The promise's canonical bytes; nothing if there is none.
    pub value: Vec<u8>,
}

impl Promiser {
    /// Signs for the municipality with its promise key.
    pub fn new(municipality: MunicipalityIndex, key: SigningKey) -> Self {
        Self { municipality, key }
    }

    /// The promise for a ballot that was found good and waits here; none from closing on. `now` is this machine's time; if the last header's is
    /// later, that counts: a clock that is slow must not promise what is over already.
    pub fn promise(
        &self,
        committed: &Committed,
        now: Seconds,
        ballot: Admitted,
    ) -> Option<Promise> {
        let (application, now) = (&committed.application, now.max(committed.time));
        let contract = application.election().contract()?;
        let about = PromisedBallot {
            genesis: application.genesis(),
            contract: contract.id(),
            code: ballot.code,
            asset: ballot.asset,
        };
        (now < contract.closing)
            .then(|| promise(&self.key, self.municipality, contract, &about, now))
    }
}

/// A promise that is given at `now`.
pub fn promise(
    key: &SigningKey,
    municipality: MunicipalityIndex,
    contract: &Contract,
    ballot: &PromisedBallot,
    now: Seconds,
) -> Promise {
    let mut promise = Promise {
        municipality,
        time: now,
        deadline: now.saturating_add(WITHIN).min(contract.deadline()),
        signature: [0; 64],
    };
    promise.signature = sign(key, &promise.message(ballot));
    promise
}

/// Answers `/promise` about a transaction that was checked anew. `waits` says whether a ballot is in this node's mempool, and `promise` gives the
/// promise for it.
pub fn again(
    application: &Application,
    checked: Option<&Checked>,
    waits: impl FnOnce(Admitted) -> bool,
    promise: impl FnOnce(Admitted) -> Option<Promise>,
) -> Again {
    let answer = |code, log: &str, value| Again {
        code,
        log: log.into(),
        value,
    };
    let outcome = checked.map_or(Outcome::Malformed, |checked| checked.outcome);
    let spent_by = |cast: Admitted| application.spent_by(cast.asset);
    match (outcome, checked.and_then(|checked| checked.ballot)) {
        (Outcome::AssetSpent, Some(cast)) if spent_by(cast) == Some(cast.code) => {
            answer(0, "recorded", Vec::new())
        }
        (Outcome::Ok, Some(cast)) if waits(cast) => match promise(cast) {
            Some(promise) => answer(0, "promised", encode(&promise)),
            None => answer(0, "it waits without a promise", Vec::new()),
        },
        (Outcome::Ok, _) => answer(NOT_HERE, "it does not wait here: send it first", Vec::new()),
        (outcome, _) => answer(outcome.code(), &format!("{outcome:?}"), Vec::new()),
    }
}
