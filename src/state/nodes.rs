//! What the municipalities' nodes answered, and whether they agree. Agreement, lag, silence and conflict are four different answers.

use std::collections::BTreeMap;
use verifier_core::{HeaderHash, Height, SourceFault};

/// What one node said of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeState {
    Asking,
    Answered {
        latest: Height,
        latency_ms: u64,
        /// Its header at the height that all are compared at, if it has one.
        compared: Option<HeaderHash>,
    },
    Failed(SourceFault),
}

/// How a node stands beside the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    Asking,
    Agrees,
    /// It has not reached the height that the others are compared at, or is more than this many blocks behind the furthest.
    Behind,
    Unreachable,
    /// It answered, but not with what was asked for.
    Faulty,
    /// It names another header at the same height.
    Conflict,
}

/// A node may be this many blocks behind the furthest without being called late: they are asked one after the other.
const TOLERATED_LAG: Height = 2;

/// The agreement of each node. `expected` is the hash that the trust card names at the compared height; without it, the hash that most name.
pub fn agreements(nodes: &[NodeState], expected: Option<HeaderHash>) -> Vec<Agreement> {
    let expected = expected.or_else(|| most_named(nodes));
    let furthest = nodes.iter().filter_map(latest).max().unwrap_or(0);
    nodes
        .iter()
        .map(|node| agreement(node, expected, furthest))
        .collect()
}

fn agreement(node: &NodeState, expected: Option<HeaderHash>, furthest: Height) -> Agreement {
    match node {
        NodeState::Asking => Agreement::Asking,
        NodeState::Failed(fault) => failure(fault),
        NodeState::Answered { compared: None, .. } => Agreement::Behind,
        NodeState::Answered {
            latest,
            compared: Some(hash),
            ..
        } => {
            if expected.is_some_and(|expected| expected != *hash) {
                Agreement::Conflict
            } else if latest.saturating_add(TOLERATED_LAG) < furthest {
                Agreement::Behind
            } else {
                Agreement::Agrees
            }
        }
    }
}

fn failure(fault: &SourceFault) -> Agreement {
    match fault {
        SourceFault::Unreachable | SourceFault::TooSlow | SourceFault::HttpStatus(_) => {
            Agreement::Unreachable
        }
        _ => Agreement::Faulty,
    }
}

fn latest(node: &NodeState) -> Option<Height> {
    match node {
        NodeState::Answered { latest, .. } => Some(*latest),
        NodeState::Asking | NodeState::Failed(_) => None,
    }
}

/// The hash that the largest number of nodes name; of equally many, the smallest, so that the answer does not depend on their order.
fn most_named(nodes: &[NodeState]) -> Option<HeaderHash> {
    let mut counts: BTreeMap<HeaderHash, usize> = BTreeMap::new();
    for node in nodes {
        if let NodeState::Answered {
            compared: Some(hash),
            ..
        } = node
        {
            *counts.entry(*hash).or_default() += 1;
        }
    }
    let most = counts.values().max().copied()?;
    counts
        .into_iter()
        .find_map(|(hash, count)| (count == most).then_some(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(latest: Height, hash: u8) -> NodeState {
        NodeState::Answered {
            latest,
            latency_ms: 5,
            compared: Some(HeaderHash([hash; 32])),
        }
    }

    #[test]
    fn agreement_lag_silence_and_conflict_are_four_answers() {
        let late = NodeState::Answered {
            latest: 3,
            latency_ms: 5,
            compared: None,
        };
        let nodes = [
            node(10, 1),
            node(9, 1),
            node(5, 1),
            late,
            NodeState::Failed(SourceFault::Unreachable),
            NodeState::Failed(SourceFault::Malformed("x".into())),
            node(10, 2),
            NodeState::Asking,
        ];
        assert_eq!(
            agreements(&nodes, None),
            [
                Agreement::Agrees,
                Agreement::Agrees,
                Agreement::Behind,
                Agreement::Behind,
                Agreement::Unreachable,
                Agreement::Faulty,
                Agreement::Conflict,
                Agreement::Asking,
            ]
        );
    }

    #[test]
    fn the_trust_card_outvotes_any_majority() {
        let nodes = [node(10, 1), node(10, 1), node(10, 2)];
        let expected = Some(HeaderHash([2; 32]));
        assert_eq!(
            agreements(&nodes, expected),
            [Agreement::Conflict, Agreement::Conflict, Agreement::Agrees]
        );
    }
}
