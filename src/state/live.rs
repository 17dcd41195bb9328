//! What is shown of an election that is being followed: verified numbers, how news comes, and what nodes did wrong on the way.

use super::row::Reason;
use std::rc::Rc;
use verifier_core::{Height, LiveBlock, LiveView, Participation, Seconds};
use yew::Reducible;

/// So many troubles with nodes are remembered.
const REMEMBERED: usize = 5;
/// The chart has at most so many columns.
const COLUMNS: u64 = 30;
/// Columns are a multiple of so many seconds long, so that each holds about as many blocks as the next.
const STEP: Seconds = 15;

/// How news of blocks comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// The numbers so far are being verified.
    #[default]
    Starting,
    /// The node tells of each block.
    Socket,
    /// The node is asked every few seconds.
    Polling,
    /// No node has answered as it should for now; they are tried again.
    Retrying,
    /// The trust card names the final header.
    Over,
}

/// What a node did.
#[derive(Clone, Debug, PartialEq)]
pub enum Mischief {
    /// It gave something that does not hold, or nothing.
    Faulty(Reason),
    /// It fell silent while others had new blocks.
    Silent { at: Height },
}

/// A node's trouble, when it was noticed.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeTrouble {
    /// Position in the trust card's list.
    pub node: usize,
    pub time: Seconds,
    pub mischief: Mischief,
}

/// The page's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveState {
    pub view: Rc<LiveView>,
    pub link: Link,
    /// The node that is asked: its position in the trust card's list.
    pub node: usize,
    /// Seconds since anything new came, if that is longer than it should be.
    pub still: Option<Seconds>,
    /// The newest last.
    pub troubles: Vec<NodeTrouble>,
}

/// What changes it.
#[derive(Clone, Debug, PartialEq)]
pub enum LiveChange {
    Seen(Rc<LiveView>),
    Linked { link: Link, node: usize },
    Still(Option<Seconds>),
    Troubled(NodeTrouble),
}

impl Reducible for LiveState {
    type Action = LiveChange;

    fn reduce(self: Rc<Self>, change: LiveChange) -> Rc<Self> {
        let mut next = (*self).clone();
        match change {
            LiveChange::Seen(view) => next.view = view,
            LiveChange::Linked { link, node } => (next.link, next.node) = (link, node),
            LiveChange::Still(still) => next.still = still,
            LiveChange::Troubled(trouble) => {
                // The same trouble with the same node is told once, with its last time.
                next.troubles
                    .retain(|t| t.node != trouble.node || t.mischief != trouble.mischief);
                next.troubles.push(trouble);
                let surplus = next.troubles.len().saturating_sub(REMEMBERED);
                next.troubles.drain(..surplus);
            }
        }
        next.into()
    }
}

/// The sums over all municipalities.
pub fn sums(participation: &[Participation]) -> Participation {
    let mut sums = Participation::default();
    for people in participation {
        sums.roll = sums.roll.saturating_add(people.roll);
        sums.issued = sums.issued.saturating_add(people.issued);
        sums.recorded = sums.recorded.saturating_add(people.recorded);
        sums.claimed = sums.claimed.saturating_add(people.claimed);
        sums.checked_in = sums.checked_in.saturating_add(people.checked_in);
        sums.ballots = sums.ballots.saturating_add(people.ballots);
        sums.claimed_ballots = sums.claimed_ballots.saturating_add(people.claimed_ballots);
    }
    sums
}

/// A column of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub from: Seconds,
    pub ballots: u64,
    /// Ballots a minute, rounded.
    pub rate: u64,
}

/// Ballots over time, in columns of equal length.
pub fn columns(blocks: &[LiveBlock]) -> Vec<Column> {
    let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
        return Vec::new();
    };
    let span = last.time.saturating_sub(first.time).saturating_add(1);
    let length = span.div_ceil(COLUMNS).next_multiple_of(STEP);
    (0..span.div_ceil(length))
        .map(|column| {
            let from = first.time.saturating_add(column.saturating_mul(length));
            let within =
                |block: &&LiveBlock| (from..from.saturating_add(length)).contains(&block.time);
            let ballots = blocks
                .iter()
                .filter(within)
                .map(|block| block.ballots)
                .sum::<u64>();
            Column {
                from,
                ballots,
                rate: ballots.saturating_mul(60).div_ceil(length),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(height: Height, time: Seconds, ballots: u64) -> LiveBlock {
        LiveBlock {
            height,
            time,
            ballots,
        }
    }

    #[test]
    fn columns_hold_every_ballot_once() {
        let blocks: Vec<LiveBlock> = (0..100).map(|n| block(n, 1_000 + n * 3, n % 7)).collect();
        let columns = columns(&blocks);
        let all: u64 = blocks.iter().map(|block| block.ballots).sum();
        assert_eq!(columns.iter().map(|c| c.ballots).sum::<u64>(), all);
        assert_eq!(columns.len(), 20);
        assert_eq!(super::columns(&[]), []);
        assert_eq!(super::columns(&blocks[..1]).len(), 1);
    }

    #[test]
    fn a_rate_is_of_ballots_a_minute() {
        let columns = columns(&[block(1, 0, 10), block(2, 4, 0)]);
        assert_eq!(columns.first().map(|c| (c.ballots, c.rate)), Some((10, 40)));
    }

    #[test]
    fn the_same_trouble_is_told_once_with_its_last_time() {
        let trouble = |node, time| {
            LiveChange::Troubled(NodeTrouble {
                node,
                time,
                mischief: Mischief::Silent { at: 3 },
            })
        };
        let mut state = Rc::new(LiveState::default());
        for (node, time) in [(0, 1), (1, 2), (0, 3)] {
            state = state.reduce(trouble(node, time));
        }
        let told: Vec<_> = state.troubles.iter().map(|t| (t.node, t.time)).collect();
        assert_eq!(told, [(1, 2), (0, 3)]);
    }
}
