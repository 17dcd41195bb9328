//! People: rolls, voting rights, voters, and which of them cast a ballot.

use super::names;
use super::seed::{Seed, below, permutation};
use verifier_core::prove::{SigningKey, draw_signing_key, public_key};
use verifier_core::{AssetId, BATCH_LIMIT, Hash, PublicKey, roll_commitment};

/// The numbers of one municipality.
#[derive(Clone, Debug)]
pub struct Electorate {
    pub index: u16,
    /// People on the roll.
    pub roll: u32,
    /// Assets issued: some people on the roll never register an address.
    pub issued: u32,
    /// People checked in at the stations: a few leave without casting.
    pub checked_in: u32,
    /// People whose ballot counts.
    pub ballots: u32,
    pub stations: u16,
    /// Person → position among the issued assets.
    positions: Vec<u32>,
    /// Position → person.
    people: Vec<u32>,
}

/// The electorates of all municipalities; `ballots` in total, shared out by their size.
pub fn electorates(seed: Seed, municipalities: u16, ballots: u32) -> Vec<Electorate> {
    let weights: Vec<u32> = names::municipalities(municipalities)
        .into_iter()
        .map(|(_, people)| people)
        .collect();
    (0..)
        .zip(share_out(ballots, &weights))
        .map(|(index, ballots)| Electorate::draw(seed, index, ballots))
        .collect()
}

/// Shares `total` out in proportion to the weights; what rounding leaves goes to the first ones.
fn share_out(total: u32, weights: &[u32]) -> Vec<u32> {
    let sum: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    let share = |weight: &u32| {
        u32::try_from(u64::from(total) * u64::from(*weight) / sum.max(1)).unwrap_or(0)
    };
    let mut shares: Vec<u32> = weights.iter().map(share).collect();
    let mut left = total - shares.iter().sum::<u32>();
    for share in &mut shares {
        let one = left.min(1);
        *share += one;
        left -= one;
    }
    shares
}

impl Electorate {
    fn draw(seed: Seed, index: u16, ballots: u32) -> Self {
        let mut rng = seed.rng("electorate", &[index.into()]);
        let mut number = |bound| u32::try_from(below(&mut rng, bound)).unwrap_or(0);
        let checked_in = ballots + number(3);
        // Between 55 % and 75 % of those on the roll come.
        let percent = 55 + number(21);
        let roll = checked_in.saturating_mul(100).div_ceil(percent) + 3;
        let issued = (roll - number(u64::from(roll / 50 + 1))).max(checked_in);
        let stations = u16::try_from((ballots / 400).clamp(1, 5)).unwrap_or(1);
        let people = usize::try_from(issued).unwrap_or(0);
        let positions = permutation(&mut seed.rng("positions", &[index.into()]), people);
        let positions: Vec<u32> = positions
            .into_iter()
            .filter_map(|at| at.try_into().ok())
            .collect();
        let people = inverse(&positions);
        Self {
            index,
            roll,
            issued,
            checked_in,
            ballots,
            stations,
            positions,
            people,
        }
    }

    /// Puts so many more people on the roll: they may take part from outside.
    pub fn make_room(&mut self, room: u32) {
        self.roll = self.roll.saturating_add(room);
    }

    /// How many batches the assets are issued in.
    pub fn batches(&self) -> u16 {
        u16::try_from(self.positions.len().div_ceil(BATCH_LIMIT)).unwrap_or(u16::MAX)
    }

    /// The asset of a person.
    pub fn asset(&self, person: u32) -> Option<AssetId> {
        let position = *self.positions.get(usize::try_from(person).ok()?)?;
        self.asset_at(usize::try_from(position).ok()?)
    }

    fn asset_at(&self, position: usize) -> Option<AssetId> {
        Some(AssetId {
            municipality: self.index,
            batch: u16::try_from(position / BATCH_LIMIT).ok()?,
            index: u16::try_from(position % BATCH_LIMIT).ok()?,
        })
    }

    /// The addresses of a batch in the shuffled order, and the sorted commitments to their holders' roll entries.
    pub fn batch(&self, seed: Seed, batch: u16) -> (Vec<PublicKey>, Vec<Hash>) {
        let first = usize::from(batch) * BATCH_LIMIT;
        let holders = self.people.iter().enumerate().skip(first).take(BATCH_LIMIT);
        let members: Vec<(AssetId, u32)> = holders
            .filter_map(|(position, person)| Some((self.asset_at(position)?, *person)))
            .collect();
        let addresses = members
            .iter()
            .map(|(asset, _)| public_key(&voter_key(seed, *asset)))
            .collect();
        let mut commitments: Vec<Hash> = members
            .iter()
            .map(|(asset, person)| commitment(seed, asset.municipality, *person))
            .collect();
        commitments.sort_unstable();
        (addresses, commitments)
    }

    /// The number of people checked in at a station by the end of `round` of `rounds`.
    pub fn checked_in_at(&self, station: u16, round: u16, rounds: u16) -> u32 {
        let stations = u32::from(self.stations).max(1);
        let here =
            self.checked_in / stations + u32::from(u32::from(station) < self.checked_in % stations);
        (here * u32::from(round)).div_ceil(u32::from(rounds).max(1))
    }

    /// The number of people who check in at a station in `round` of `rounds`.
    pub fn arrived_at(&self, station: u16, round: u16, rounds: u16) -> u32 {
        let before = self.checked_in_at(station, round.saturating_sub(1), rounds);
        self.checked_in_at(station, round, rounds)
            .saturating_sub(before)
    }
}

/// Of a permutation of 0, 1, 2 …
fn inverse(positions: &[u32]) -> Vec<u32> {
    let mut people = vec![0; positions.len()];
    for (person, position) in (0..).zip(positions) {
        if let Some(place) = usize::try_from(*position)
            .ok()
            .and_then(|at| people.get_mut(at))
        {
            *place = person;
        }
    }
    people
}

/// The key of a voter address.
pub fn voter_key(seed: Seed, asset: AssetId) -> SigningKey {
    let position = [
        asset.municipality.into(),
        asset.batch.into(),
        asset.index.into(),
    ];
    draw_signing_key(&mut seed.rng("voter", &position))
}

/// A person's entry on the roll, and the salt that whoever stands there is given.
pub fn roll_entry(seed: Seed, municipality: u16, person: u32) -> ([u8; 32], String) {
    let salt = seed
        .rng("roll salt", &[municipality.into(), person.into()])
        .get_seed();
    (salt, format!("{municipality}/{person}"))
}

fn commitment(seed: Seed, municipality: u16, person: u32) -> Hash {
    let (salt, entry) = roll_entry(seed, municipality, person);
    roll_commitment(&salt, &entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roll_issued_turnout_and_ballots_never_grow() {
        for ballots in [0, 10, 2_000] {
            let all = electorates(Seed(3), 31, ballots);
            assert_eq!(all.iter().map(|e| e.ballots).sum::<u32>(), ballots);
            for e in all {
                assert!(
                    e.roll >= e.issued && e.issued >= e.checked_in && e.checked_in >= e.ballots
                );
                let at_stations: u32 = (0..e.stations).map(|s| e.checked_in_at(s, 3, 3)).sum();
                assert_eq!(at_stations, e.checked_in);
            }
        }
    }

    #[test]
    fn batches_cover_every_issued_asset() {
        let all = electorates(Seed(3), 3, 3_000);
        for e in all {
            let issued: usize = (0..e.batches())
                .map(|batch| e.batch(Seed(3), batch).0.len())
                .sum();
            assert_eq!(u32::try_from(issued).unwrap(), e.issued);
        }
    }
}
