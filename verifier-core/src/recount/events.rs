//! Events: every transaction but the ballots within the window. Their outcomes depend on those before them, so that they are applied in order.

use super::basis::{Basis, Beginning};
use super::state::State;
use crate::election::Election;
use crate::finding::Finding;
use crate::ids::{AssetId, Height, MunicipalityIndex, PublicKey, Seconds, TrackingCode};
use crate::outcome::Outcome;
use crate::report::RefusedBallot;
use crate::tally::Tally;
use crate::transaction::{Action, Transaction};
use borsh::{BorshDeserialize, BorshSerialize, io};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A transaction, where it stands and what the ledger says of it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) struct Event {
    pub height: Height,
    pub position: u32,
    pub time: Seconds,
    /// The ledger's code.
    pub recorded: u32,
    pub what: What,
}

/// What an event keeps. A range that begins at the first block applies events as they come, and keeps less of them.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(super) enum What {
    /// As the ledger has it.
    Transaction(Vec<u8>),
    /// A batch that was applied: without roll commitments and signature, and if it was refused without addresses.
    Issue {
        municipality: MunicipalityIndex,
        size: u32,
        addresses: Addresses,
        outcome: Outcome,
    },
    /// A ballot outside the window.
    Cast {
        code: TrackingCode,
        asset: AssetId,
        outcome: Outcome,
    },
}

/// A batch's addresses, in memory once, however many hold them. As bytes: a borsh list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Addresses(Arc<[PublicKey]>);

impl BorshSerialize for Addresses {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        self.0.as_ref().serialize(writer)
    }
}

impl BorshDeserialize for Addresses {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let addresses = Vec::<PublicKey>::deserialize_reader(reader)?;
        Ok(Self(addresses.into()))
    }
}

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
    /// How many events that is.
    events: usize,
}

/// People and assets per municipality, from the transactions that the ledger says took effect.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorded {
    rolls: BTreeMap<MunicipalityIndex, u32>,
    pub issued: BTreeMap<MunicipalityIndex, u32>,
    pub stations: BTreeMap<(MunicipalityIndex, u16), u32>,
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

    /// Applies the next event and gives what is to be kept of it; `tally` holds the ballots counted before it.
    fn apply(&mut self, event: Event, tally: &Tally) -> Event {
        let (what, outcome, concerns) = match event.what {
            What::Transaction(ref bytes) => self.apply_transaction(&event, bytes, tally),
            ref what @ What::Issue {
                municipality,
                size,
                ref addresses,
                outcome,
            } => {
                if outcome == Outcome::Ok {
                    let addresses = Arc::clone(&addresses.0);
                    self.election.issued_before(municipality, addresses);
                }
                self.recorded.note_issue(event.recorded, municipality, size);
                (what.clone(), outcome, Concerns::Other)
            }
            ref what @ What::Cast {
                code,
                asset,
                outcome,
            } => (what.clone(), outcome, Concerns::Ballot(code, asset)),
        };
        self.settle(&event, outcome, concerns);
        Event { what, ..event }
    }

    fn apply_transaction(
        &mut self,
        event: &Event,
        bytes: &[u8],
        tally: &Tally,
    ) -> (What, Outcome, Concerns) {
        let whole = || What::Transaction(bytes.to_vec());
        let Ok(transaction) = Transaction::decode(bytes) else {
            return (whole(), Outcome::Malformed, Concerns::Other);
        };
        let outcome = self.election.apply(event.time, &transaction, tally);
        self.recorded.note(event.recorded, &transaction);
        match &transaction.body.action {
            Action::Issue(issue) => {
                let issued = self.election.batch_of(issue.municipality, issue.batch);
                let issued = issued.filter(|_| outcome == Outcome::Ok);
                let what = What::Issue {
                    municipality: issue.municipality,
                    size: u32::try_from(issue.addresses.len()).unwrap_or(u32::MAX),
                    addresses: Addresses(issued.unwrap_or_default()),
                    outcome,
                };
                (what, outcome, Concerns::Other)
            }
            Action::Cast(ballot) => {
                let (code, asset) = (transaction.body.tracking_code(), ballot.asset);
                let what = What::Cast {
                    code,
                    asset,
                    outcome,
                };
                (what, outcome, Concerns::Ballot(code, asset))
            }
            Action::CertifyTurnout(_) => (whole(), outcome, Concerns::Turnout),
            _ => (whole(), outcome, Concerns::Other),
        }
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

impl Recorded {
    fn note(&mut self, recorded: u32, transaction: &Transaction) {
        match &transaction.body.action {
            Action::Issue(issue) => {
                let size = u32::try_from(issue.addresses.len()).unwrap_or(u32::MAX);
                self.note_issue(recorded, issue.municipality, size);
            }
            Action::CertifyRoll(roll) if recorded == Outcome::Ok.code() => {
                self.rolls.insert(roll.municipality, roll.people);
            }
            Action::CertifyTurnout(turnout) if recorded == Outcome::Ok.code() => {
                let station = (turnout.municipality, turnout.station);
                self.stations.insert(station, turnout.checked_in);
            }
            _ => {}
        }
    }

    fn note_issue(&mut self, recorded: u32, municipality: MunicipalityIndex, size: u32) {
        if recorded == Outcome::Ok.code() {
            let issued = self.issued.entry(municipality).or_default();
            *issued = issued.saturating_add(size);
        }
    }

    pub fn roll(&self, municipality: MunicipalityIndex) -> u32 {
        self.rolls.get(&municipality).copied().unwrap_or(0)
    }

    pub fn checked_in(&self, municipality: MunicipalityIndex) -> u32 {
        self.stations
            .range((municipality, 0)..=(municipality, u16::MAX))
            .fold(0, |sum, (_, people)| sum.saturating_add(*people))
    }
}
