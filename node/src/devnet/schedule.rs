//! The schedule: which block holds what, and at what simulated time. Nothing in it depends on the wall clock.

use super::offices::TURNOUT_ROUNDS;
use super::people::Electorate;
use super::run::Live;
use crate::engine::Nanoseconds;
use std::ops::Range;
use verifier_core::Seconds;

/// Blocks are this many seconds apart, unless said otherwise.
pub const INTERVAL: Seconds = 3;
const GRACE: Seconds = 30;
/// Voting takes at least so many blocks, and more if there would be too many ballots in one.
const MIN_VOTING_BLOCKS: usize = 50;
const MAX_BALLOTS_PER_BLOCK: usize = 2_000;
/// Two blocks, the later of them with ballots, and turnout certified in each and between.
const FEWEST_VOTING_BLOCKS: usize = 4;
/// The first block after closing holds at most so many, for CometBFT's limit of 22 MB.
const MAX_BALLOTS_IN_GRACE: usize = 20_000;
/// Issue and DealKey transactions per block.
const ISSUES_PER_BLOCK: usize = 24;
const DEALS_PER_BLOCK: usize = 31;
/// Empty blocks between the last KeyReady and opening.
const PAUSE: usize = 3;

/// How far a devnet runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Until {
    /// The candidates' keys are complete; voting has not begun.
    Setup,
    /// The last block before closing.
    Voting,
    /// The sums are closed, no trustee has opened them.
    Closed,
    /// The shares are there, and the final header after them.
    Result,
}

/// One thing that goes into a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    Define,
    CertifyRolls,
    Issue {
        municipality: u16,
        batch: u16,
    },
    Deal {
        trustee: u16,
    },
    Ready {
        trustee: u16,
    },
    /// These casts, in the order of [`super::casts::Cast`].
    Casts(Range<usize>),
    Turnout {
        round: u16,
    },
    Close,
    Share {
        trustee: u16,
    },
}

/// The whole election's blocks; the first one is at height 1.
pub struct Schedule {
    pub genesis: Seconds,
    pub opening: Seconds,
    pub closing: Seconds,
    pub grace: Seconds,
    interval: Seconds,
    /// The height of the block in which the trustees show that they are ready.
    set_up: u64,
    blocks: Vec<(Until, Vec<Work>)>,
}

/// How fast an election goes.
#[derive(Clone, Copy, Debug)]
pub struct Pacing {
    /// Blocks are this many seconds apart.
    pub interval: Seconds,
    /// Voting takes as few blocks as hold the ballots at so many each.
    pub per_block: Option<usize>,
    /// Time for people from outside.
    pub live: Option<Live>,
}

impl Pacing {
    fn blocks(self, seconds: Seconds) -> usize {
        usize::try_from(seconds.div_ceil(self.interval.max(1))).unwrap_or(0)
    }

    /// How many blocks there are from opening to closing.
    fn voting_blocks(self, casts: usize, grace: usize) -> usize {
        let usual = match self.per_block {
            None => MIN_VOTING_BLOCKS.max(casts.div_ceil(MAX_BALLOTS_PER_BLOCK)),
            Some(most) => FEWEST_VOTING_BLOCKS.max((casts - grace).div_ceil(most.max(1)) + 1),
        };
        match self.live.and_then(|live| live.voting) {
            Some(seconds) => self.blocks(seconds).max(FEWEST_VOTING_BLOCKS),
            None => usual,
        }
    }
}

impl Schedule {
    /// Lays out an election. `casts` go into the voting blocks, the last percent of them into the grace; `late` come after the deadline.
    pub fn new(
        genesis: Seconds,
        pacing: Pacing,
        electorates: &[Electorate],
        casts: usize,
        late: usize,
    ) -> Self {
        let interval = pacing.interval;
        let grace = in_grace(casts, pacing.per_block);
        let trustees: Vec<u16> = electorates.iter().map(|e| e.index).collect();
        let mut blocks = setup(electorates, &trustees);
        let set_up = length(&blocks).saturating_sub(length(vec![(); PAUSE]));
        let registration = pacing.blocks(pacing.live.map_or(0, |live| live.registration));
        blocks.extend(vec![(Until::Setup, Vec::new()); registration]);
        let opening = genesis + interval * length(&blocks);
        let voting = pacing.voting_blocks(casts, grace);
        let closing = opening + interval * u64::try_from(voting).unwrap_or(0);
        blocks.extend(voting_blocks(casts - grace, voting));
        blocks.extend(grace_blocks(casts - grace..casts, interval));
        let close = [Work::Casts(casts..casts + late), Work::Close];
        blocks.push((Until::Closed, close.into()));
        blocks.push((Until::Closed, Vec::new()));
        blocks.push((
            Until::Result,
            trustees
                .iter()
                .map(|trustee| Work::Share { trustee: *trustee })
                .collect(),
        ));
        blocks.push((Until::Result, Vec::new()));
        Self {
            genesis,
            opening,
            closing,
            grace: GRACE,
            interval,
            set_up,
            blocks,
        }
    }

    /// Whether the script's own setup is on the ledger before the block at `height`.
    pub fn is_set_up_before(&self, height: u64) -> bool {
        height > self.set_up
    }

    /// How long the whole election takes.
    pub fn duration(&self) -> Seconds {
        self.interval * length(&self.blocks)
    }

    /// The last height of a devnet that runs so far.
    pub fn last_height(&self, until: Until) -> u64 {
        length(self.blocks.iter().take_while(|(phase, _)| *phase <= until))
    }

    /// What goes into the block at `height`.
    pub fn work(&self, height: u64) -> &[Work] {
        let index = height
            .checked_sub(1)
            .and_then(|index| usize::try_from(index).ok());
        index
            .and_then(|index| self.blocks.get(index))
            .map_or(&[], |(_, work)| work)
    }

    /// When the block at `height` is made. Its header is up to a tenth of a second later.
    pub fn time(&self, height: u64) -> Seconds {
        self.genesis + self.interval * height.saturating_sub(1)
    }

    /// [`Self::time`] in nanoseconds.
    pub fn nanoseconds(&self, height: u64) -> Nanoseconds {
        Nanoseconds::from(self.time(height)) * 1_000_000_000
    }

    /// The height of the block that holds a cast.
    pub fn height_of_cast(&self, cast: usize) -> Option<u64> {
        let holds = |work: &Work| matches!(work, Work::Casts(casts) if casts.contains(&cast));
        let index = self
            .blocks
            .iter()
            .position(|(_, work)| work.iter().any(holds))?;
        u64::try_from(index + 1).ok()
    }
}

fn length<T>(blocks: impl IntoIterator<Item = T>) -> u64 {
    blocks.into_iter().fold(0, |count, _| count + 1)
}

fn setup(electorates: &[Electorate], trustees: &[u16]) -> Vec<(Until, Vec<Work>)> {
    let issues: Vec<Work> = electorates
        .iter()
        .flat_map(|e| {
            (0..e.batches()).map(|batch| Work::Issue {
                municipality: e.index,
                batch,
            })
        })
        .collect();
    let deals: Vec<Work> = trustees
        .iter()
        .map(|trustee| Work::Deal { trustee: *trustee })
        .collect();
    let ready = trustees
        .iter()
        .map(|trustee| Work::Ready { trustee: *trustee })
        .collect();
    let mut blocks = vec![vec![Work::Define], vec![Work::CertifyRolls]];
    blocks.extend(issues.chunks(ISSUES_PER_BLOCK).map(<[Work]>::to_vec));
    blocks.extend(deals.chunks(DEALS_PER_BLOCK).map(<[Work]>::to_vec));
    blocks.push(ready);
    blocks.extend(vec![Vec::new(); PAUSE]);
    blocks
        .into_iter()
        .map(|work| (Until::Setup, work))
        .collect()
}

/// Ballots spread evenly, but for the first block and for those that come in the grace.
fn voting_blocks(timely: usize, voting: usize) -> Vec<(Until, Vec<Work>)> {
    let rounds = usize::from(TURNOUT_ROUNDS);
    (0..voting)
        .map(|block| {
            let upto = |block: usize| timely * block / (voting - 1).max(1);
            let mut work = vec![Work::Casts(upto(block.saturating_sub(1))..upto(block))];
            work.extend(
                (1..TURNOUT_ROUNDS)
                    .find(|round| usize::from(*round) * voting / rounds == block)
                    .map(|round| Work::Turnout { round }),
            );
            (Until::Voting, work)
        })
        .collect()
}

/// The first block after closing records what was promised before; the others are empty.
fn grace_blocks(casts: Range<usize>, interval: Seconds) -> Vec<(Until, Vec<Work>)> {
    let first = vec![
        Work::Casts(casts),
        Work::Turnout {
            round: TURNOUT_ROUNDS,
        },
    ];
    let count = usize::try_from(GRACE.div_ceil(interval)).unwrap_or(1);
    [first]
        .into_iter()
        .chain(vec![Vec::new(); count.saturating_sub(1)])
        .map(|work| (Until::Closed, work))
        .collect()
}

fn in_grace(casts: usize, per_block: Option<usize>) -> usize {
    (casts / 100).min(per_block.unwrap_or(MAX_BALLOTS_IN_GRACE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devnet::people::electorates;
    use crate::devnet::seed::Seed;

    fn every(interval: Seconds) -> Pacing {
        Pacing {
            interval,
            per_block: None,
            live: None,
        }
    }

    #[test]
    fn registration_and_voting_last_as_long_as_they_are_said_to() {
        let live = Live {
            registration: 100,
            voting: Some(200),
            phones: false,
        };
        let pacing = Pacing {
            live: Some(live),
            ..every(3)
        };
        let people = electorates(Seed(1), 5, 10);
        let schedule = Schedule::new(1_000, pacing, &people, 10, 0);
        let usual = Schedule::new(1_000, every(3), &people, 10, 0);
        assert_eq!(schedule.opening - usual.opening, 102);
        assert_eq!(schedule.closing - schedule.opening, 201);
        let registration = usual.last_height(Until::Setup) + 1..=schedule.last_height(Until::Setup);
        for height in registration {
            assert!(schedule.work(height).is_empty() && schedule.is_set_up_before(height));
        }
        assert!(!schedule.is_set_up_before(schedule.set_up));
        assert!(matches!(
            schedule.work(schedule.set_up),
            [Work::Ready { .. }, ..]
        ));
    }

    #[test]
    fn every_cast_is_in_one_block_within_the_window_and_late_ones_after_it() {
        for interval in [1, INTERVAL, 20, 40] {
            casts_are_within_the_window(interval);
        }
    }

    fn casts_are_within_the_window(interval: Seconds) {
        let schedule = Schedule::new(
            1_000,
            every(interval),
            &electorates(Seed(1), 5, 1_000),
            1_003,
            2,
        );
        for cast in 0..1_005 {
            let time = schedule.time(schedule.height_of_cast(cast).unwrap());
            let within = (schedule.opening..schedule.closing + schedule.grace).contains(&time);
            assert_eq!(within, cast < 1_003, "cast {cast}");
        }
        let all: usize = (1..=schedule.last_height(Until::Result))
            .flat_map(|height| schedule.work(height))
            .map(|work| {
                if let Work::Casts(casts) = work {
                    casts.len()
                } else {
                    0
                }
            })
            .sum();
        assert_eq!(all, 1_005);
    }

    #[test]
    fn phases_end_in_order() {
        let schedule = Schedule::new(1_000, every(INTERVAL), &electorates(Seed(1), 5, 10), 10, 0);
        assert!(schedule.time(schedule.last_height(Until::Setup)) < schedule.opening);
        assert_eq!(
            schedule.time(schedule.last_height(Until::Setup) + 1),
            schedule.opening
        );
        assert_eq!(
            schedule.time(schedule.last_height(Until::Voting) + 1),
            schedule.closing
        );
        assert!(schedule.last_height(Until::Closed) < schedule.last_height(Until::Result));
    }
}
