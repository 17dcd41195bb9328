//! What the events of a range come to: the rules applied to one after another, and each outcome compared with the ledger's.

use super::basis::{Basis, Beginning};
use super::events::{Event, What};
use super::recorded::{Recorded, Rights};
use super::state::State;
use crate::election::Election;
use crate::finding::Finding;
use crate::ids::{AssetId, Height, TrackingCode};
use crate::outcome::Outcome;
use crate::report::RefusedBallot;
use crate::tally::Tally;
use crate::transaction::{Action, Transaction};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a transaction stands: its block, and its position there.
pub(super) type Place = (Height, u32);

/// What the events of a range that begins at the first block come to.
#[derive(Clone, Debug)]
pub(super) struct Applied {
    pub election: Election,
    /// What the ledger took as done, whether or not it should have.
    pub recorded: Recorded,
    pub findings: Vec<Finding>,
    pub refused: Vec<RefusedBallot>,
    /// Findings that concern turnout certificates.
    pub turnout: Vec<Finding>,
    /// Ballots that can no longer count from there on. It follows from derived outcomes.
    spoils: BTreeMap<(AssetId, TrackingCode), Place>,
    /// How many events that is.
    events: usize,
}

/// What a report asks of an applied event.
enum Concerns {
    Turnout,
    Ballot(TrackingCode, AssetId),
    Other,
}

impl Applied {
    pub fn new(basis: &Basis, beginning: &Beginning) -> Self {
        Self {
            election: beginning.election(basis),
            recorded: Recorded::default(),
            findings: Vec::new(),
            refused: Vec::new(),
            turnout: Vec::new(),
            spoils: BTreeMap::new(),
            events: 0,
        }
    }

    /// Applies a state's events that have come since the last time.
    pub fn take(&mut self, state: &mut State) {
        for event in state.events.iter_mut().skip(self.events) {
            let what = core::mem::replace(&mut event.what, What::Transaction(Vec::new()));
            *event = self.apply(Event { what, ..*event }, &state.tally);
        }
        self.events = state.events.len();
    }

    /// The ballots that were challenged, each with the place of the challenge.
    pub fn spoils(&self) -> impl Iterator<Item = (AssetId, TrackingCode, Place)> + '_ {
        let spoils = self.spoils.iter();
        spoils.map(|((asset, code), place)| (*asset, *code, *place))
    }

    /// Whether a ballot at this place was challenged before it.
    pub fn is_spoiled(&self, asset: AssetId, code: TrackingCode, at: Place) -> bool {
        let challenged = self.spoils.get(&(asset, code));
        challenged.is_some_and(|place| *place < at)
    }

    /// Applies the next event and gives what is to be kept of it; `tally` holds the ballots counted before it.
    fn apply(&mut self, event: Event, tally: &Tally) -> Event {
        let (kept, outcome, concerns) = match &event.what {
            What::Transaction(bytes) => self.apply_transaction(&event, bytes, tally),
            kept => {
                let (outcome, concerns) = self.apply_again(&event, kept);
                (None, outcome, concerns)
            }
        };
        self.settle(&event, outcome, concerns);
        match kept {
            Some(what) => Event { what, ..event },
            None => event,
        }
    }

    fn apply_transaction(
        &mut self,
        event: &Event,
        bytes: &[u8],
        tally: &Tally,
    ) -> (Option<What>, Outcome, Concerns) {
        let Ok(transaction) = Transaction::decode(bytes) else {
            return (None, Outcome::Malformed, Concerns::Other);
        };
        let outcome = self.election.apply(event.time, &transaction, tally);
        self.recorded.note(event.recorded, &transaction);
        let kept = What::of_applied(&transaction, outcome, &self.election);
        let concerns = match (&kept, &transaction.body.action) {
            (Some(What::Cast { code, asset, .. }), _) => Concerns::Ballot(*code, *asset),
            (Some(What::Spoil { asset, code, .. }), _) => {
                self.note_spoil(event, outcome, *asset, *code)
            }
            (_, Action::CertifyTurnout(_)) => Concerns::Turnout,
            _ => Concerns::Other,
        };
        (kept, outcome, concerns)
    }

    /// Applies an event whose outcome was derived before.
    fn apply_again(&mut self, event: &Event, what: &What) -> (Outcome, Concerns) {
        let recorded = event.recorded;
        match *what {
            // Bytes are applied above.
            What::Transaction(_) => (Outcome::Malformed, Concerns::Other),
            What::Issue {
                municipality,
                size,
                ref addresses,
                outcome,
            } => {
                if outcome == Outcome::Ok {
                    let addresses = Arc::clone(&addresses.0);
                    self.election.issued_before(municipality, addresses);
                }
                let rights = Rights::Issued(size);
                self.recorded.note_rights(recorded, municipality, rights);
                (outcome, Concerns::Other)
            }
            What::Issuances {
                municipality,
                people,
                outcome,
            } => {
                if outcome == Outcome::Ok {
                    self.election.recorded_before(municipality, people);
                }
                let rights = Rights::Given(people);
                self.recorded.note_rights(recorded, municipality, rights);
                (outcome, Concerns::Other)
            }
            What::Claim {
                municipality,
                address,
                outcome,
            } => {
                if outcome == Outcome::Ok {
                    self.election.claimed_before(municipality, address);
                }
                self.recorded
                    .note_rights(recorded, municipality, Rights::Claimed);
                (outcome, Concerns::Other)
            }
            What::Spoil {
                asset,
                code,
                outcome,
            } => {
                if outcome == Outcome::Ok {
                    self.election.spoiled_before(asset, code);
                }
                (outcome, self.note_spoil(event, outcome, asset, code))
            }
            What::Cast {
                code,
                asset,
                outcome,
            } => (outcome, Concerns::Ballot(code, asset)),
        }
    }

    fn note_spoil(
        &mut self,
        event: &Event,
        outcome: Outcome,
        asset: AssetId,
        code: TrackingCode,
    ) -> Concerns {
        if outcome == Outcome::Ok {
            let place = (event.height, event.position);
            self.spoils.insert((asset, code), place);
        }
        Concerns::Other
    }

    /// Compares the ledger's code with the outcome derived anew. A ballot among the events is outside the window, so that it is never counted.
    fn settle(&mut self, event: &Event, derived: Outcome, concerns: Concerns) {
        if event.recorded != derived.code() {
            let finding = Finding::OutcomeDiffers {
                height: event.height,
                position: event.position,
                recorded: event.recorded,
                derived,
            };
            if matches!(concerns, Concerns::Turnout) {
                self.turnout.push(finding.clone());
            }
            self.findings.push(finding);
        } else if let Concerns::Ballot(code, asset) = concerns {
            self.refused.push(RefusedBallot {
                height: event.height,
                position: event.position,
                code,
                asset,
                outcome: derived,
            });
        }
    }
}
