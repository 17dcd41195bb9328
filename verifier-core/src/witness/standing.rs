//! Where each node stands, and what follows from all of them together.

use super::AttackEvidence;
use crate::finding::SourceFault;
use crate::ids::{HeaderHash, Height};

/// At least this many nodes must agree, where there are as many.
const FEWEST: usize = 3;

/// Where one node stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeStanding {
    /// It has not answered yet.
    Asked,
    /// It shows the header that the others show, with a valid commit; its newest block is `latest`.
    Agrees { latest: Height },
    /// It has not come to the compared height yet.
    Behind { latest: Height },
    /// No answer could be had from it.
    Unreachable(SourceFault),
    /// It answered, but not as an honest node does. Nobody else is to blame for that.
    Faulty(SourceFault),
    /// It shows a header at `height` with a valid commit, and another node shows another one, with a valid commit too.
    Conflicts { height: Height, hash: HeaderHash },
    /// It shows another header than the one verified on an earlier visit, with a valid commit.
    Rewrote { known: HeaderHash, told: HeaderHash },
}

impl NodeStanding {
    /// A node that did not answer is unreachable; one that answered wrongly is faulty.
    pub(super) fn failed(fault: SourceFault) -> Self {
        match fault {
            SourceFault::Unreachable | SourceFault::TooSlow | SourceFault::HttpStatus(_) => {
                Self::Unreachable(fault)
            }
            _ => Self::Faulty(fault),
        }
    }
}

/// What a survey found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The height compared: the final header's, or one that nearly all nodes have. Higher ones are compared too, for conflicts.
    pub height: Height,
    /// The header there: the one that the card names, or that the nodes agree on.
    pub hash: Option<HeaderHash>,
    /// One standing for each node, in the order of the trust card.
    pub nodes: Vec<NodeStanding>,
    /// How many must agree.
    pub required: usize,
    /// What two conflicting nodes showed, once the survey is over.
    pub evidence: Option<Box<AttackEvidence>>,
}

/// What follows for whoever wants to rely on the nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consensus {
    /// Enough nodes agree, and none conflicts.
    Enough,
    /// Too few agree to rely on a header that the trust card does not name.
    TooFew { agree: usize, required: usize },
    /// More than two thirds of the validators signed two histories: nothing is to be accepted.
    Conflict,
    /// A validly signed history is not the one verified on an earlier visit: nothing is to be accepted.
    Rewritten,
}

impl Agreement {
    /// How many nodes agree.
    pub fn agreeing(&self) -> usize {
        let agrees = |node: &&NodeStanding| matches!(node, NodeStanding::Agrees { .. });
        self.nodes.iter().filter(agrees).count()
    }

    /// What follows from the standings. While some are [`NodeStanding::Asked`], they count as not agreeing.
    pub fn consensus(&self) -> Consensus {
        let any = |is: fn(&NodeStanding) -> bool| self.nodes.iter().any(is);
        let (agree, required) = (self.agreeing(), self.required);
        if any(|node| matches!(node, NodeStanding::Conflicts { .. })) {
            Consensus::Conflict
        } else if any(|node| matches!(node, NodeStanding::Rewrote { .. })) {
            Consensus::Rewritten
        } else if agree < required {
            Consensus::TooFew { agree, required }
        } else {
            Consensus::Enough
        }
    }
}

/// How many nodes must agree unless someone says otherwise: more than a third of the municipalities and at least three, but no more
/// than the card names.
pub fn default_required(nodes: usize, municipalities: usize) -> usize {
    FEWEST.max(municipalities / 3 + 1).min(nodes)
}
