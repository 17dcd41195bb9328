//! What the municipalities' nodes say of the ledger, as the whole session sees it. A conflict, once seen, is not forgotten.

use std::rc::Rc;
use verifier_core::{Agreement, Consensus, Height, NodeStanding, Seconds, TrustCard};

/// Blocks come at least every five seconds: a ledger without a new one for this long has stopped.
const STALLED_AFTER: Seconds = 120;

/// What one survey of all nodes found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub agreement: Agreement,
    /// How long each node took to say where it stands.
    pub latency_ms: Vec<Option<u64>>,
    /// The time of the header compared.
    pub compared_time: Option<Seconds>,
    /// Height and time of the newest block whose signatures were verified.
    pub newest: Option<(Height, Seconds)>,
    /// When this was found out.
    pub at: Seconds,
}

impl Found {
    /// The furthest that any node claims to be.
    pub fn furthest(&self) -> Height {
        let latest = self
            .agreement
            .nodes
            .iter()
            .filter_map(|standing| match standing {
                NodeStanding::Agrees { latest } | NodeStanding::Behind { latest } => Some(*latest),
                NodeStanding::Asked
                | NodeStanding::Unreachable(_)
                | NodeStanding::Faulty(_)
                | NodeStanding::Conflicts { .. }
                | NodeStanding::Rewrote { .. } => None,
            });
        latest.max().unwrap_or(self.agreement.height)
    }

    /// For how long the ledger has made no block, if it should have made one.
    pub fn stalled(&self, card: &TrustCard) -> Option<Seconds> {
        let (_, time) = self.newest.filter(|_| card.final_header.is_none())?;
        let silent = self.at.saturating_sub(time);
        (silent >= STALLED_AFTER).then_some(silent)
    }

    /// How many nodes stand so.
    pub fn count(&self, is: fn(&NodeStanding) -> bool) -> usize {
        self.agreement.nodes.iter().filter(|node| is(node)).count()
    }
}

/// The latest survey, and the one that raised the alarm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watch {
    found: Option<Rc<Found>>,
    alarm: Option<Rc<Found>>,
    asking: bool,
    round: u32,
}

impl Watch {
    /// The latest survey.
    pub fn found(&self) -> Option<&Rc<Found>> {
        self.found.as_ref()
    }

    /// The survey in which two histories came to light.
    pub fn alarm(&self) -> Option<&Rc<Found>> {
        self.alarm.as_ref()
    }

    /// Whether a survey is under way.
    pub fn is_asking(&self) -> bool {
        self.asking
    }

    /// Goes up when a new survey is wanted at once.
    pub fn round(&self) -> u32 {
        self.round
    }

    /// The visitor has forgotten what was known before, and the alarm with it.
    pub fn forget(&mut self) {
        let round = self.round.wrapping_add(1);
        *self = Self {
            round,
            ..Self::default()
        };
    }

    /// A survey begins.
    pub fn begin(&mut self) {
        self.asking = true;
    }

    /// Somebody wants to know at once.
    pub fn ask_again(&mut self) {
        self.round = self.round.wrapping_add(1);
    }

    /// A survey ended.
    pub fn take(&mut self, found: Rc<Found>) {
        self.asking = false;
        let proven = |alarm: &Rc<Found>| alarm.agreement.evidence.is_some();
        if is_alarming(&found.agreement) && !self.alarm.as_ref().is_some_and(proven) {
            self.alarm = Some(found.clone());
        }
        self.found = Some(found);
    }
}

/// Whether nothing may be accepted after this.
pub fn is_alarming(agreement: &Agreement) -> bool {
    match agreement.consensus() {
        Consensus::Conflict | Consensus::Rewritten => true,
        Consensus::Enough | Consensus::TooFew { .. } => false,
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::state::frozen_card;
    use verifier_core::{HeaderHash, SourceFault};

    /// A survey in which the nodes stand so.
    pub fn found(nodes: Vec<NodeStanding>, required: usize) -> Found {
        Found {
            latency_ms: vec![Some(5); nodes.len()],
            agreement: Agreement {
                height: 9,
                hash: Some(HeaderHash([1; 32])),
                nodes,
                required,
                evidence: None,
            },
            compared_time: Some(1_000),
            newest: Some((9, 1_000)),
            at: 1_010,
        }
    }

    /// A node with another history.
    pub fn conflicting() -> NodeStanding {
        NodeStanding::Conflicts {
            height: 9,
            hash: HeaderHash([2; 32]),
        }
    }

    #[test]
    fn a_conflict_is_not_forgotten_when_the_nodes_agree_again() {
        let mut watch = Watch::default();
        let agrees = NodeStanding::Agrees { latest: 9 };
        watch.take(Rc::new(found(vec![agrees.clone(), conflicting()], 1)));
        watch.take(Rc::new(found(vec![agrees.clone(), agrees], 1)));
        assert!(watch.alarm().is_some());
        assert!(!is_alarming(&watch.found().unwrap().agreement));
    }

    #[test]
    fn silence_raises_no_alarm() {
        let mut watch = Watch::default();
        let silent = NodeStanding::Unreachable(SourceFault::TooSlow);
        watch.take(Rc::new(found(vec![silent], 1)));
        assert!(watch.alarm().is_none());
    }

    #[test]
    fn the_furthest_node_counts_even_where_it_is_compared_below() {
        let nodes = vec![
            NodeStanding::Agrees { latest: 12 },
            NodeStanding::Behind { latest: 3 },
        ];
        assert_eq!(found(nodes, 1).furthest(), 12);
    }

    #[test]
    fn a_ledger_without_blocks_for_two_minutes_has_stopped_unless_it_has_ended() {
        let mut card = frozen_card();
        let mut found = found(Vec::new(), 0);
        let ended = card.final_header;
        card.final_header = None;
        assert_eq!(found.stalled(&card), None);
        found.at = 1_120;
        assert_eq!(found.stalled(&card), Some(120));
        card.final_header = ended;
        assert_eq!(found.stalled(&card), None);
    }
}
