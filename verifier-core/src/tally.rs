//! The tally: encrypted sums of counted ballots per municipality, and the cells that may be opened.

use crate::ballot::{CheckedBallot, EncryptedSum};
use crate::ids::MunicipalityIndex;
use borsh::{BorshDeserialize, BorshSerialize};

/// Sums of counted ballots, one per municipality of the contract.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Tally {
    municipalities: Vec<MunicipalitySum>,
}

/// The counted ballots of one municipality.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
struct MunicipalitySum {
    ballots: u64,
    sum: EncryptedSum,
}

/// Municipalities whose ballots are opened together.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Cell {
    /// Ascending.
    pub municipalities: Vec<MunicipalityIndex>,
    pub ballots: u64,
    pub sum: EncryptedSum,
}

impl Tally {
    /// Nothing counted yet, for so many municipalities and candidates.
    pub fn new(municipalities: usize, candidates: usize) -> Self {
        let empty = MunicipalitySum {
            ballots: 0,
            sum: EncryptedSum::zero(candidates),
        };
        Self {
            municipalities: vec![empty; municipalities],
        }
    }

    /// Adds a counted ballot to its municipality's sum. A municipality that the contract does not have issues no assets, so it has none to add to.
    pub fn add(&mut self, ballot: &CheckedBallot) {
        let municipality = usize::from(ballot.asset().municipality);
        if let Some(entry) = self.municipalities.get_mut(municipality) {
            entry.ballots = entry.ballots.saturating_add(1);
            entry.sum.add(ballot);
        }
    }

    /// Adds another tally of the same election.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.municipalities.iter_mut().zip(&other.municipalities) {
            mine.ballots = mine.ballots.saturating_add(theirs.ballots);
            mine.sum.merge(&theirs.sum);
        }
    }

    /// The number of counted ballots, per municipality.
    pub fn ballots(&self) -> impl Iterator<Item = u64> + '_ {
        self.municipalities.iter().map(|m| m.ballots)
    }

    /// The cells to open: one per municipality, but those below `minimum` are merged with the smallest others until their cell reaches it.
    ///
    /// Municipalities are taken in ascending order of ballots, then of index, into one common cell, as long as the next is below the
    /// minimum or the common cell is. The common cell comes first, the others follow in the contract's order.
    /// The cells are disjoint and cover everything, so that nothing smaller than the minimum can be had by subtraction.
    pub fn cells(&self, minimum: u32) -> Vec<Cell> {
        let minimum = u64::from(minimum);
        let mut ascending: Vec<(MunicipalityIndex, &MunicipalitySum)> =
            (0..).zip(&self.municipalities).collect();
        ascending.sort_by_key(|(index, m)| (m.ballots, *index));
        let mut common: Option<Cell> = None;
        let mut alone = Vec::new();
        for (index, m) in ascending {
            let open = common.as_ref().is_some_and(|cell| cell.ballots < minimum);
            if m.ballots < minimum || open {
                match &mut common {
                    Some(cell) => cell.absorb(index, m),
                    None => common = Some(Cell::of(index, m)),
                }
            } else {
                alone.push(Cell::of(index, m));
            }
        }
        alone.sort_by(|a, b| a.municipalities.cmp(&b.municipalities));
        common.into_iter().chain(alone).collect()
    }
}

impl Cell {
    fn of(index: MunicipalityIndex, m: &MunicipalitySum) -> Self {
        Self {
            municipalities: vec![index],
            ballots: m.ballots,
            sum: m.sum.clone(),
        }
    }

    fn absorb(&mut self, index: MunicipalityIndex, m: &MunicipalitySum) {
        let at = self.municipalities.partition_point(|other| *other < index);
        self.municipalities.insert(at, index);
        self.ballots = self.ballots.saturating_add(m.ballots);
        self.sum.merge(&m.sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn tally(ballots: &[u64]) -> Tally {
        let mut tally = Tally::new(ballots.len(), 2);
        for (m, n) in tally.municipalities.iter_mut().zip(ballots) {
            m.ballots = *n;
        }
        tally
    }

    fn cells(ballots: &[u64], minimum: u32) -> Vec<(Vec<u16>, u64)> {
        let cells = tally(ballots).cells(minimum);
        cells
            .into_iter()
            .map(|cell| (cell.municipalities, cell.ballots))
            .collect()
    }

    #[test]
    fn keeps_large_municipalities_apart() {
        assert_eq!(cells(&[10, 12], 10), vec![(vec![0], 10), (vec![1], 12)]);
    }

    #[test]
    fn merges_small_ones_until_none_can_be_had_by_subtraction() {
        // 1 and 9 reach the minimum together, but the other 9 must not stay alone.
        assert_eq!(
            cells(&[9, 50, 1, 9], 10),
            vec![(vec![0, 2, 3], 19), (vec![1], 50)]
        );
        // A single small one takes the next smallest with it.
        assert_eq!(
            cells(&[30, 3, 20], 10),
            vec![(vec![1, 2], 23), (vec![0], 30)]
        );
        assert_eq!(cells(&[1, 2], 10), vec![(vec![0, 1], 3)]);
    }
}
