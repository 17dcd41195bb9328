//! People and rights, from the transactions that the ledger says took effect, whether or not they should have.

use crate::ids::MunicipalityIndex;
use crate::outcome::Outcome;
use crate::transaction::{Action, Transaction};
use std::collections::BTreeMap;

/// Numbers of each municipality.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorded {
    rolls: BTreeMap<MunicipalityIndex, u32>,
    issued: BTreeMap<MunicipalityIndex, u32>,
    given: BTreeMap<MunicipalityIndex, u32>,
    claimed: BTreeMap<MunicipalityIndex, u32>,
    pub stations: BTreeMap<(MunicipalityIndex, u16), u32>,
}

/// What a transaction says that there is more of.
#[derive(Clone, Copy)]
pub(super) enum Rights {
    /// Assets issued to known addresses.
    Issued(u32),
    /// People who got a right by blind signature.
    Given(u32),
    /// One of those rights, claimed.
    Claimed,
}

impl Recorded {
    /// Takes a transaction with the ledger's code for it.
    pub fn note(&mut self, recorded: u32, transaction: &Transaction) {
        if let Some((municipality, rights)) = Rights::of(&transaction.body.action) {
            self.note_rights(recorded, municipality, rights);
        }
        match &transaction.body.action {
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

    /// Takes rights with the ledger's code for their transaction.
    pub fn note_rights(&mut self, recorded: u32, municipality: MunicipalityIndex, rights: Rights) {
        let (numbers, more) = match rights {
            Rights::Issued(assets) => (&mut self.issued, assets),
            Rights::Given(people) => (&mut self.given, people),
            Rights::Claimed => (&mut self.claimed, 1),
        };
        if recorded == Outcome::Ok.code() {
            let number = numbers.entry(municipality).or_default();
            *number = number.saturating_add(more);
        }
    }

    pub fn roll(&self, municipality: MunicipalityIndex) -> u32 {
        of(&self.rolls, municipality)
    }

    /// Assets issued, claims apart.
    pub fn issued(&self, municipality: MunicipalityIndex) -> u32 {
        of(&self.issued, municipality)
    }

    /// People who got a right by blind signature.
    pub fn given(&self, municipality: MunicipalityIndex) -> u32 {
        of(&self.given, municipality)
    }

    /// Rights claimed.
    pub fn claimed(&self, municipality: MunicipalityIndex) -> u32 {
        of(&self.claimed, municipality)
    }

    /// Every municipality that a transaction with effect named as the one whose rights these are.
    pub fn municipalities(&self) -> impl Iterator<Item = MunicipalityIndex> {
        let numbers = [&self.issued, &self.given, &self.claimed];
        let all: std::collections::BTreeSet<_> = numbers
            .into_iter()
            .flat_map(BTreeMap::keys)
            .copied()
            .collect();
        all.into_iter()
    }

    pub fn checked_in(&self, municipality: MunicipalityIndex) -> u32 {
        self.stations
            .range((municipality, 0)..=(municipality, u16::MAX))
            .fold(0, |sum, (_, people)| sum.saturating_add(*people))
    }
}

impl Rights {
    fn of(action: &Action) -> Option<(MunicipalityIndex, Self)> {
        match action {
            Action::Issue(issue) => {
                Some((issue.municipality, Self::Issued(size(&issue.addresses))))
            }
            Action::RecordIssuances(record) => Some((
                record.municipality,
                Self::Given(size(&record.roll_commitments)),
            )),
            Action::Claim(claim) => Some((claim.municipality, Self::Claimed)),
            _ => None,
        }
    }
}

/// The number of a transaction's entries, which are far fewer than 2³².
pub(super) fn size<T>(entries: &[T]) -> u32 {
    u32::try_from(entries.len()).unwrap_or(u32::MAX)
}

fn of(numbers: &BTreeMap<MunicipalityIndex, u32>, municipality: MunicipalityIndex) -> u32 {
    numbers.get(&municipality).copied().unwrap_or(0)
}
