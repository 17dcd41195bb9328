//! Witnesses: all nodes of a trust card are asked for the same headers, so that no single one is believed.
//!
//! A [`Survey`] fetches nothing: it says which node to ask for what, and takes the answers. Nodes differ in four ways that must not be
//! mixed up: one may be *behind*, *unreachable* or *faulty* (its commit is invalid: that is its own doing, and nobody else's), and two
//! may *conflict*: each shows a header of one height that more than two thirds of the pinned validators signed. Then whoever signed
//! both is at fault, nothing is to be accepted any more, and the survey goes on by itself to the last header that both sides share.

mod culprits;
mod evidence;
mod file;
mod fork;
mod points;
mod standing;
mod told;

pub use evidence::{AttackEvidence, Side};
pub use file::{EVIDENCE_LIMIT, EvidenceError};
pub use standing::{Agreement, Consensus, NodeStanding, default_required};

use crate::finding::SourceFault;
use crate::ids::{HeaderHash, Height, Seconds};
use crate::ledger::rpc::{CommitAnswer, Status, decode_answer};
use crate::ledger::{LightError, ValidatorSet, check_commit};
use crate::receipt_check::{CLOCK_DRIFT, time};
use crate::request::{Answer, Request};
use crate::trust_card::{Anchor, TrustCard, TrustCardError};
use fork::Fork;
use points::{highest, middle};
use std::collections::BTreeSet;
use tendermint::block::signed_header::SignedHeader;
use tendermint::chain;
use told::{Reach, Told};

/// One comparison of all the trust card's nodes. Each is asked for its status first, then for signed headers.
#[derive(Clone, Debug)]
pub struct Survey {
    card: TrustCard,
    chain_id: chain::Id,
    validators: ValidatorSet,
    now: Seconds,
    known: Option<Anchor>,
    relied_on: Option<Anchor>,
    required: usize,
    nodes: Vec<Told>,
}

impl Survey {
    /// Sets out to compare the nodes of `card`, numbered as it lists them. `known` is a header verified on an earlier visit; a node
    /// that tells another one at its height has rewritten history. `now` says which headers are from the future.
    ///
    /// # Errors
    /// If the card's validators or chain id cannot be used.
    pub fn new(
        card: &TrustCard,
        now: Seconds,
        known: Option<Anchor>,
    ) -> Result<Self, TrustCardError> {
        let nodes = card.nodes.len();
        Ok(Self {
            chain_id: card.chain()?,
            validators: card.validator_set()?,
            card: card.clone(),
            now,
            known,
            relied_on: None,
            required: default_required(nodes, card.contract.municipalities.len()),
            nodes: vec![Told::default(); nodes],
        })
    }

    /// The same, but `required` nodes must agree, or all if there are fewer.
    #[must_use]
    pub fn requiring(mut self, required: usize) -> Self {
        self.required = required.min(self.nodes.len());
        self
    }

    /// The same about the header that a verification has come to rely on ([`crate::Evidence::anchor`], [`crate::RecountRun::anchor`]):
    /// the nodes are compared at its height, and whoever shows another one there conflicts with it. So a node that tells one history
    /// to a survey and another one to a check gains nothing.
    #[must_use]
    pub fn relying_on(mut self, anchor: Anchor) -> Self {
        self.relied_on = Some(anchor);
        self
    }

    /// What is needed next, each from the node of this number; empty once the survey is over. The answers may come in any order.
    pub fn needs(&self) -> Vec<(usize, Request)> {
        let nodes = || self.nodes.iter().enumerate();
        let unheard = nodes().filter(|(_, told)| told.is_unheard());
        let statuses: Vec<_> = unheard.map(|(node, _)| (node, Request::Status)).collect();
        if !statuses.is_empty() {
            return statuses;
        }
        let points = self.points();
        let headers: Vec<_> = nodes()
            .flat_map(|(node, told)| {
                let missing = points.iter().filter(|height| told.owes(**height));
                missing.map(move |height| (node, Request::Commit(*height)))
            })
            .collect();
        if !headers.is_empty() {
            return headers;
        }
        match self.fork() {
            Some(fork) => fork.needs(),
            None => Vec::new(),
        }
    }

    /// Takes a node's answer to one of [`Survey::needs`]. Answers to anything else are ignored.
    pub fn supply(&mut self, node: usize, request: &Request, answer: Answer) {
        if !self.needs().contains(&(node, request.clone())) {
            return;
        }
        let taken = answer.and_then(|bytes| self.read(request, &bytes));
        if let Some(told) = self.nodes.get_mut(node) {
            match taken {
                Ok(Answered::Reach(reach)) => told.reach = Some(reach),
                Ok(Answered::Header(signed)) => told.take(*signed),
                Err(fault) => told.fault = Some(fault),
            }
        }
    }

    /// Where the nodes stand; final once [`Survey::needs`] is empty.
    pub fn agreement(&self) -> Agreement {
        let height = self.compared_height();
        let relied_on = self.relied_on.filter(|anchor| anchor.height == height);
        let relied_on = relied_on.map(|anchor| anchor.hash);
        let named = self.card.hash_at(height).or(relied_on);
        let standings = (0..self.nodes.len()).map(|node| self.standing(node, height));
        let nodes: Vec<_> = standings.collect();
        let agrees = |standing: &NodeStanding| matches!(standing, NodeStanding::Agrees { .. });
        let told = nodes.iter().position(agrees);
        let told = told.and_then(|node| self.nodes.get(node)?.hash(height));
        Agreement {
            height,
            hash: named.or(told),
            nodes,
            required: self.required,
            evidence: self.evidence().map(Box::new),
        }
    }

    fn evidence(&self) -> Option<AttackEvidence> {
        if !self.needs().is_empty() {
            return None;
        }
        self.fork()?.evidence(&self.card)
    }

    fn fork(&self) -> Option<Fork<'_>> {
        Fork::find(&self.nodes, &self.card)
    }

    /// The final header's height if the card names one; that of the header relied on; or one that nearly all nodes have.
    fn compared_height(&self) -> Height {
        let named = self.card.final_header.or(self.relied_on);
        named.map_or_else(|| middle(&self.card, &self.nodes), |anchor| anchor.height)
    }

    /// The heights at which every node that has them is asked for its header.
    fn points(&self) -> BTreeSet<Height> {
        let mut points = BTreeSet::from([self.compared_height()]);
        let anchors = [self.known, self.relied_on].into_iter().flatten();
        points.extend(anchors.map(|anchor| anchor.height));
        if self.card.final_header.is_none() {
            points.extend(highest(&self.card, &self.nodes));
        }
        points
    }

    fn standing(&self, node: usize, height: Height) -> NodeStanding {
        let Some(told) = self.nodes.get(node) else {
            return NodeStanding::Asked;
        };
        if let Some((known, told)) = self.rewritten(told) {
            return NodeStanding::Rewrote { known, told };
        }
        if let Some((height, hash)) = self.contradicted(node, told) {
            return NodeStanding::Conflicts { height, hash };
        }
        if let Some(fault) = told.fault.clone().or_else(|| self.misnamed(told)) {
            return NodeStanding::failed(fault);
        }
        let Some(reach) = told.reach else {
            return NodeStanding::Asked;
        };
        if reach.latest < height {
            return NodeStanding::Behind {
                latest: reach.latest,
            };
        }
        match told.headers.get(&height) {
            None if reach.earliest > height => {
                NodeStanding::failed(SourceFault::Missing(format!("header {height}")))
            }
            None => NodeStanding::Asked,
            Some(shown) => match self.future_time(&shown.signed) {
                Some(fault) => NodeStanding::failed(fault),
                None => NodeStanding::Agrees {
                    latest: reach.latest,
                },
            },
        }
    }

    /// What was known before and what this node tells now, if that is another header.
    fn rewritten(&self, told: &Told) -> Option<(HeaderHash, HeaderHash)> {
        let known = self.known?;
        let hash = told.hash(known.height)?;
        (hash != known.hash).then_some((known.hash, hash))
    }

    /// The lowest height at which this node's header is not the one relied on, or not that of another node, each with a valid commit.
    /// Whoever shows the final header that the card names is on the card's side and not contradicted.
    fn contradicted(&self, node: usize, told: &Told) -> Option<(Height, HeaderHash)> {
        let last = self.card.final_header;
        if last.is_some_and(|last| told.hash(last.height) == Some(last.hash)) {
            return None;
        }
        told.hashes().find(|(height, hash)| {
            let others = self.nodes.iter().enumerate().filter(|(n, _)| *n != node);
            let mut others = others.filter_map(|(_, other)| other.hash(*height));
            let relied_on = self.relied_on.filter(|anchor| anchor.height == *height);
            relied_on.is_some_and(|anchor| anchor.hash != *hash) || others.any(|it| it != *hash)
        })
    }

    /// A header that is not the one that the card names, with nobody who shows the card's.
    fn misnamed(&self, told: &Told) -> Option<SourceFault> {
        told.hashes()
            .find(|(height, hash)| self.card.hash_at(*height).is_some_and(|it| it != *hash))
            .map(|(height, _)| SourceFault::NotTheTrustedHeader { height })
    }

    /// A final header is trusted whatever the time; any other one must not be ahead of the holder's clock.
    fn future_time(&self, signed: &SignedHeader) -> Option<SourceFault> {
        let (time, now) = (signed.header.time, time(self.now));
        let limit = (now + CLOCK_DRIFT).unwrap_or(now);
        let ahead = self.card.final_header.is_none() && time > limit;
        ahead.then_some(SourceFault::Light(LightError::FromTheFuture {
            time,
            now,
            drift: CLOCK_DRIFT,
        }))
    }

    fn read(&self, request: &Request, bytes: &[u8]) -> Result<Answered, SourceFault> {
        match request {
            Request::Commit(height) => self.read_header(*height, bytes),
            _ => self.read_status(bytes),
        }
    }

    fn read_status(&self, bytes: &[u8]) -> Result<Answered, SourceFault> {
        let status: Status = decode_answer(bytes)?;
        if status.chain_id != self.chain_id {
            return Err(SourceFault::OtherChain {
                actual: status.chain_id.to_string(),
                expected: self.card.chain_id.clone(),
            });
        }
        Ok(Answered::Reach(Reach {
            earliest: status.earliest_height,
            latest: status.latest_height,
        }))
    }

    /// Only a header with a valid commit is compared: anything else is the node's fault and evidence of nothing.
    fn read_header(&self, height: Height, bytes: &[u8]) -> Result<Answered, SourceFault> {
        let signed = decode_answer::<CommitAnswer>(bytes)?.signed_header;
        let actual = signed.header.height.value();
        if actual != height {
            let expected = height;
            return Err(LightError::UnexpectedHeight { expected, actual }.into());
        }
        check_commit(&self.chain_id, &self.validators, &signed)
            .map_err(|error| SourceFault::Commit { height, error })?;
        Ok(Answered::Header(Box::new(signed)))
    }
}

/// What a sound answer holds.
enum Answered {
    Reach(Reach),
    Header(Box<SignedHeader>),
}
