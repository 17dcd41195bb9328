//! Who has which spans. A worker holds few at a time, so that what is fetched ahead of it stays small.

use std::collections::{BTreeMap, BTreeSet};

/// A worker checks one span while the next one is fetched.
const PLACES: usize = 2;
/// A span that ended so many workers is given to no other.
const DEATHS: u32 = 3;

/// The workers that are there, with the spans that they hold.
#[derive(Debug, Default)]
pub struct Roster {
    held: BTreeMap<u16, BTreeSet<u32>>,
    deaths: BTreeMap<u32, u32>,
}

impl Roster {
    /// A worker is there, with empty hands.
    pub fn join(&mut self, worker: u16) {
        self.held.insert(worker, BTreeSet::new());
    }

    /// A worker is gone. Gives what it held.
    pub fn lose(&mut self, worker: u16) -> BTreeSet<u32> {
        let held = self.held.remove(&worker).unwrap_or_default();
        for span in &held {
            let deaths = self.deaths.entry(*span).or_default();
            *deaths = deaths.saturating_add(1);
        }
        held
    }

    /// Whether a span has ended too many workers.
    pub fn is_deadly(&self) -> bool {
        self.deaths.values().any(|deaths| *deaths >= DEATHS)
    }

    /// The worker with the emptiest hands; nobody if all have enough.
    pub fn free(&self) -> Option<u16> {
        let by_load = self.held.iter().min_by_key(|(_, spans)| spans.len());
        by_load
            .filter(|(_, spans)| spans.len() < PLACES)
            .map(|(worker, _)| *worker)
    }

    pub fn give(&mut self, worker: u16, span: u32) {
        self.held.entry(worker).or_default().insert(span);
    }

    /// A worker gives a span up, done. Whether it held it.
    pub fn done(&mut self, worker: u16, span: u32) -> bool {
        self.deaths.remove(&span);
        self.held
            .get_mut(&worker)
            .is_some_and(|spans| spans.remove(&span))
    }

    /// Whether a worker holds a span.
    pub fn holds(&self, worker: u16, span: u32) -> bool {
        self.held
            .get(&worker)
            .is_some_and(|spans| spans.contains(&span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_emptiest_hands_come_first_and_two_are_enough() {
        let mut roster = Roster::default();
        roster.join(0);
        roster.join(1);
        for span in 0..4 {
            let worker = roster.free().unwrap();
            assert_eq!(u32::from(worker), span % 2);
            roster.give(worker, span);
        }
        assert_eq!(roster.free(), None);
        assert!(roster.done(1, 3));
        assert_eq!(roster.free(), Some(1));
    }

    #[test]
    fn what_a_lost_worker_held_is_known_and_it_gets_no_more() {
        let mut roster = Roster::default();
        roster.join(0);
        roster.give(0, 7);
        assert_eq!(roster.lose(0), BTreeSet::from([7]));
        assert_eq!(roster.free(), None);
        assert!(!roster.done(0, 7));
    }

    #[test]
    fn a_span_that_ends_three_workers_is_deadly_and_one_that_is_done_is_not() {
        let mut roster = Roster::default();
        for times in 1..=3 {
            roster.join(0);
            roster.give(0, 7);
            roster.lose(0);
            assert_eq!(roster.is_deadly(), times == 3);
        }
        roster.done(1, 7);
        assert!(!roster.is_deadly());
    }
}
