//! What is due, by the committed state alone.

use crate::replica::Committed;
use std::fmt;
use verifier_core::{Election, KeySetId, MunicipalityIndex, Seconds, TrackingCode};

/// One thing that a node has to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Its part of the candidates' keys.
    Deal { attempt: u16 },
    /// That it holds its shares of these keys; or its complaint.
    Confirm { key_set: KeySetId },
    /// The end of the voting.
    Close,
    /// Its share of the closed sums.
    Open { close: TrackingCode },
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deal { attempt } => write!(f, "the dealing of keys, attempt {attempt}"),
            Self::Confirm { key_set } => write!(f, "the confirmation of key set {key_set}"),
            Self::Close => f.write_str("the close of the sums"),
            Self::Open { .. } => f.write_str("the share of the closed sums"),
        }
    }
}

impl Due {
    /// What this trustee's node has to send next, if anything. `before` is an earlier state that this node has seen.
    ///
    /// A share follows one block after the sums were closed: only then have the other municipalities agreed on those sums, and nobody who
    /// gave this node a state of his own making gets anything opened.
    pub fn of(
        trustee: MunicipalityIndex,
        now: &Committed,
        before: Option<&Committed>,
    ) -> Option<Self> {
        let election = now.application.election();
        let contract = election.contract()?;
        if now.time < contract.opening {
            return Self::before_opening(trustee, election);
        }
        match election.close() {
            Some(close) => {
                let agreed = before.is_some_and(|before| {
                    before.height < now.height && before.application.election().close().is_some()
                });
                let given = election.shares().any(|share| share.trustee() == trustee);
                (agreed && !given).then_some(Self::Open { close: close.code })
            }
            None => Self::close(now.time, contract.deadline(), election),
        }
    }

    fn before_opening(trustee: MunicipalityIndex, election: &Election) -> Option<Self> {
        if election.dealing(trustee).is_none() {
            let attempt = election.attempt();
            return Some(Self::Deal { attempt });
        }
        let key_set = election.key_set()?.id();
        (!election.is_ready(trustee)).then_some(Self::Confirm { key_set })
    }

    fn close(time: Seconds, deadline: Seconds, election: &Election) -> Option<Self> {
        let possible = time >= deadline && election.complete_key_set().is_some();
        possible.then_some(Self::Close)
    }
}

/// Whether this trustee's share is on the ledger: nothing will be due any more.
pub fn is_done(trustee: MunicipalityIndex, election: &Election) -> bool {
    election.shares().any(|share| share.trustee() == trustee)
}
