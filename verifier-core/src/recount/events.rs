//! Events: every transaction but the ballots within the window. Their outcomes depend on those before them, so that they are applied in order.

use super::recorded::size;
use crate::election::Election;
use crate::ids::{AssetId, Height, MunicipalityIndex, PublicKey, Seconds, TrackingCode};
use crate::outcome::Outcome;
use crate::transaction::{Action, Transaction};
use borsh::{BorshDeserialize, BorshSerialize, io};
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
    /// A record of rights given that was applied: without roll commitments and signature.
    Issuances {
        municipality: MunicipalityIndex,
        people: u32,
        outcome: Outcome,
    },
    /// A claim that was applied: without signatures.
    Claim {
        municipality: MunicipalityIndex,
        address: PublicKey,
        outcome: Outcome,
    },
    /// A challenge that was applied: without signature.
    Spoil {
        asset: AssetId,
        code: TrackingCode,
        outcome: Outcome,
    },
}

/// A batch's addresses, in memory once, however many hold them. As bytes: a borsh list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Addresses(pub Arc<[PublicKey]>);

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

impl What {
    /// What is to be kept of a transaction that was applied to `election` with this outcome; nothing if that is all of it.
    pub fn of_applied(
        transaction: &Transaction,
        outcome: Outcome,
        election: &Election,
    ) -> Option<Self> {
        match &transaction.body.action {
            Action::Issue(issue) => {
                let issued = election.batch_of(issue.municipality, issue.batch);
                let issued = issued.filter(|_| outcome == Outcome::Ok);
                Some(Self::Issue {
                    municipality: issue.municipality,
                    size: size(&issue.addresses),
                    addresses: Addresses(issued.unwrap_or_default()),
                    outcome,
                })
            }
            Action::Cast(ballot) => Some(Self::Cast {
                code: transaction.body.tracking_code(),
                asset: ballot.asset,
                outcome,
            }),
            Action::RecordIssuances(record) => Some(Self::Issuances {
                municipality: record.municipality,
                people: size(&record.roll_commitments),
                outcome,
            }),
            Action::Claim(claim) => Some(Self::Claim {
                municipality: claim.municipality,
                address: claim.address,
                outcome,
            }),
            Action::Spoil(spoil) => Some(Self::Spoil {
                asset: spoil.asset,
                code: spoil.challenged,
                outcome,
            }),
            _ => None,
        }
    }
}
