//! The numbers of an election at a height: roll, rights issued, turnout, ballots; and the closed cells.
//!
//! Batches are numbered from 0, so that the first that is not there ends the list. Stations are asked for in the same way: one that a municipality
//! numbers beyond a gap is not seen here, and its turnout is missing from the sum. Batches of claims have numbers of their own, and are asked
//! for only if the contract allows for claims.

use super::right::misplaced;
use super::{Blamed, Conclusion, StateAnswer};
use crate::contract::Contract;
use crate::finding::{Finding, SourceFault};
use crate::ids::{Height, MunicipalityIndex};
use crate::ledger::TrustedHeader;
use crate::report::{CheckId, Participation};
use crate::request::{Answer, Request};
use crate::state_key::{self, RECORDED_BYTES, RecordedIssuances, SpentEntry};
use crate::state_values::{StateValues, query};
use crate::tally::Cell;
use crate::transaction::CLAIM_BATCHES;
use std::collections::{BTreeMap, BTreeSet};

/// A contract has at most 128 municipalities and 16 candidates.
const CLOSE_LIMIT: usize = 256 * 1024;

/// What the state says of every municipality.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// In the contract's order.
    pub participation: Vec<Participation>,
    /// People checked in, by municipality and station.
    pub stations: BTreeMap<(MunicipalityIndex, u16), u32>,
    /// Ballots that counted, by the height of their block.
    pub recorded: BTreeMap<Height, u64>,
    /// Once the sums are closed.
    pub cells: Option<Vec<CountedCell>>,
    /// Trustees whose decryption share is there.
    pub shares: u16,
}

/// A closed cell without its encrypted sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedCell {
    pub municipalities: Vec<MunicipalityIndex>,
    pub ballots: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Counting {
    municipalities: MunicipalityIndex,
    pub missing: BTreeSet<Request>,
    values: StateValues,
    /// Rights of each batch, claimed ones included.
    issued: BTreeMap<(MunicipalityIndex, u16), usize>,
    spent: BTreeMap<(MunicipalityIndex, u16), Vec<SpentEntry>>,
}

impl Counting {
    pub fn new(anchor: TrustedHeader, contract: &Contract) -> Self {
        let municipalities = contract.municipalities.len();
        let municipalities = MunicipalityIndex::try_from(municipalities).unwrap_or(u16::MAX);
        let values = StateValues::under(anchor);
        let keys = (0..municipalities).flat_map(|m| {
            [
                state_key::roll(m),
                state_key::issue(m, 0),
                state_key::turnout(m, 0),
            ]
        });
        let claims = (0..municipalities).filter(|_| !contract.claim_keys.is_empty());
        let claims =
            claims.flat_map(|m| [state_key::recorded(m), state_key::issue(m, CLAIM_BATCHES)]);
        let keys = keys.chain(claims).chain([state_key::CLOSE.to_string()]);
        Self {
            municipalities,
            missing: keys.map(|key| values.request(key)).collect(),
            values,
            issued: BTreeMap::new(),
            spent: BTreeMap::new(),
        }
    }

    pub fn supply(&mut self, request: &Request, answer: Answer) -> Result<(), Blamed> {
        let id = match request {
            Request::State { .. } => CheckId::StateValues,
            _ => CheckId::StateLists,
        };
        self.take(request, answer).map_err(|fault| (id, fault))?;
        self.missing.remove(request);
        Ok(())
    }

    fn take(&mut self, request: &Request, answer: Answer) -> Result<(), SourceFault> {
        let bytes = answer?;
        match request {
            Request::State { key, .. } => {
                self.values.take(key, &bytes)?;
                if self.values.value(key).is_some() {
                    self.ask_further(key);
                }
            }
            Request::Batch {
                municipality: m,
                batch,
            } => {
                let list = query(&bytes)?.value;
                let addresses = self.values.open_addresses(*m, *batch, &list)?;
                self.issued.insert((*m, *batch), addresses.len());
            }
            Request::Spent {
                municipality: m,
                batch,
                ..
            } => {
                let list = query(&bytes)?.value;
                let spent = self.values.open_spent(*m, *batch, &list)?;
                self.spent.insert((*m, *batch), spent);
            }
            _ => {}
        }
        Ok(())
    }

    /// What a key that is there makes one ask for.
    fn ask_further(&mut self, key: &str) {
        if key == state_key::CLOSE {
            let shares = (0..self.municipalities).map(state_key::share);
            return self
                .missing
                .extend(shares.map(|key| self.values.request(key)));
        }
        let mut parts = key.split('/');
        let kind = parts.next().unwrap_or_default();
        let numbers: Vec<u16> = parts.filter_map(|part| part.parse().ok()).collect();
        let [municipality, number] = *numbers.as_slice() else {
            return;
        };
        let next = number.checked_add(1);
        let keys: Vec<Option<String>> = match kind {
            "issue" => vec![
                next.map(|batch| state_key::issue(municipality, batch)),
                Some(state_key::spent(municipality, number)),
            ],
            "turnout" => vec![next.map(|station| state_key::turnout(municipality, station))],
            _ => Vec::new(),
        };
        let keys = keys.into_iter().flatten();
        self.missing
            .extend(keys.map(|key| self.values.request(key)));
        self.missing.extend(match kind {
            "issue" => Some(Request::Batch {
                municipality,
                batch: number,
            }),
            "spent" => Some(Request::Spent {
                municipality,
                batch: number,
                height: self.values.height(),
            }),
            _ => None,
        });
    }

    pub fn conclude(&self) -> Result<Conclusion, Blamed> {
        let numbers = self
            .numbers()
            .map_err(|fault| (CheckId::StateValues, fault))?;
        let rights = self.issued.values().sum::<usize>();
        let spent = self.spent.values().map(Vec::len).sum::<usize>();
        Ok(Conclusion {
            values: self.values.count(),
            entries: u64::try_from(rights + spent).unwrap_or(u64::MAX),
            findings: self.findings(&numbers),
            answer: StateAnswer::Numbers(numbers),
        })
    }

    fn numbers(&self) -> Result<Numbers, SourceFault> {
        let mut numbers = Numbers::default();
        for m in 0..self.municipalities {
            let roll = self.values.open(&state_key::roll(m), 4)?.unwrap_or(0);
            let recorded: Option<RecordedIssuances> =
                self.values.open(&state_key::recorded(m), RECORDED_BYTES)?;
            let issued = self.issued.range((m, 0)..(m, CLAIM_BATCHES));
            let claimed = self.issued.range((m, CLAIM_BATCHES)..=(m, u16::MAX));
            let spent = |from: u16| {
                let spent = self.spent.range((m, from)..=(m, u16::MAX));
                sum::<u64>(spent.map(|(_, entries)| entries.len()))
            };
            numbers.participation.push(Participation {
                roll,
                issued: sum(issued.map(|(_, rights)| *rights)),
                recorded: recorded.unwrap_or_default().people,
                claimed: sum(claimed.map(|(_, rights)| *rights)),
                checked_in: 0,
                ballots: spent(0),
                claimed_ballots: spent(CLAIM_BATCHES),
            });
            for station in 0..=u16::MAX {
                let key = state_key::turnout(m, station);
                let Some(checked_in) = self.values.open(&key, 4)? else {
                    break;
                };
                numbers.check_in(m, station, checked_in);
            }
        }
        for entry in self.spent.values().flatten() {
            *numbers.recorded.entry(entry.height).or_default() += 1;
        }
        let cells: Option<Vec<Cell>> = self.values.open(state_key::CLOSE, CLOSE_LIMIT)?;
        numbers.cells = cells.map(|cells| cells.into_iter().map(CountedCell::from).collect());
        let shared = |m: &u16| self.values.value(&state_key::share(*m)).is_some();
        numbers.shares = sum((0..self.municipalities).filter(shared).map(|_| 1));
        Ok(numbers)
    }

    fn findings(&self, numbers: &Numbers) -> Vec<Finding> {
        let lists = self.spent.iter().filter_map(|((m, batch), entries)| {
            let rights = self.issued.get(&(*m, *batch)).copied().unwrap_or(0);
            misplaced(*m, *batch, rights, entries.iter().map(|entry| entry.index))
        });
        let people = (0..).zip(&numbers.participation);
        let people = people.flat_map(|(m, people)| beyond_the_roll(m, people));
        let mut findings: Vec<Finding> = lists.chain(people).collect();
        findings.extend(numbers.contradicting_cells());
        findings
    }
}

impl Numbers {
    /// Takes over what a station certified.
    pub(crate) fn check_in(&mut self, municipality: u16, station: u16, checked_in: u32) {
        let before = self.stations.insert((municipality, station), checked_in);
        if let Some(people) = self.participation.get_mut(usize::from(municipality)) {
            let others = people.checked_in.saturating_sub(before.unwrap_or(0));
            people.checked_in = others.saturating_add(checked_in);
        }
    }

    /// The closed cells hold the ballots of their municipalities.
    fn contradicting_cells(&self) -> Option<Finding> {
        let ballots = |cell: &CountedCell| {
            let mine = cell.municipalities.iter();
            let mine = mine.filter_map(|m| self.participation.get(usize::from(*m)));
            mine.map(|people| people.ballots).sum::<u64>()
        };
        let differs = |cell: &CountedCell| ballots(cell) != cell.ballots;
        self.cells
            .as_ref()?
            .iter()
            .any(differs)
            .then(|| Finding::StateContradicts {
                key: state_key::CLOSE.into(),
            })
    }
}

impl From<Cell> for CountedCell {
    fn from(cell: Cell) -> Self {
        Self {
            municipalities: cell.municipalities,
            ballots: cell.ballots,
        }
    }
}

/// Ballots are no more than rights by how the state is built; rights, claims and people checked in must be within what allows for them.
fn beyond_the_roll(municipality: MunicipalityIndex, people: &Participation) -> Vec<Finding> {
    let Participation {
        roll,
        issued,
        recorded,
        claimed,
        checked_in,
        ..
    } = *people;
    let issued = issued.saturating_add(recorded);
    let rights = (issued > roll).then_some(Finding::IssuedExceedsRoll {
        municipality,
        issued,
        roll,
    });
    let claims = (claimed > recorded).then_some(Finding::ClaimsExceedIssuances {
        municipality,
        claimed,
        recorded,
    });
    let turnout = (checked_in > roll).then_some(Finding::TurnoutExceedsRoll {
        municipality,
        checked_in,
        roll,
    });
    rights.into_iter().chain(claims).chain(turnout).collect()
}

/// A sum that fits, for a list of fewer than 2¹⁶ batches of at most 1,024 rights.
fn sum<T: TryFrom<usize> + Default>(numbers: impl Iterator<Item = usize>) -> T {
    T::try_from(numbers.sum::<usize>()).unwrap_or_default()
}
