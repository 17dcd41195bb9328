//! Questions about the ledger's state, answered under a header that the trust card leads to.
//!
//! Like a receipt's check it says what it needs and takes the answers. What a lookup names is a municipality or a batch, never an asset, an
//! address or a person. It goes through two stages:
//!
//! 1. *Anchor*: the final header that the trust card names, or else the latest header, by light client.
//! 2. *Ask*: values of the state, each with its proof of being there or of not being there; lists, under hashes that the state holds; and, for
//!    rights issued in somebody's name, the blocks that issued them.

mod name;
mod numbers;
mod right;
mod spoiled;

use crate::finding::{Doubt, Finding, SourceFault};
use crate::ids::{
    AssetId, Hash, HeaderHash, Height, MunicipalityIndex, PublicKey, Seconds, TrackingCode,
};
use crate::ledger::TrustedHeader;
use crate::receipt_check::anchor::{Anchored, Anchoring};
use crate::receipt_check::place;
use crate::report::{Check, CheckId, CheckOutcome, Report, Verdict};
use crate::request::{Answer, Request};
use crate::trust_card::TrustCard;
use name::NameSearch;
use numbers::Counting;
pub use numbers::{CountedCell, Numbers};
use right::RightSearch;
use spoiled::SpoilSearch;

/// What is asked of the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateQuestion {
    /// Whether a voting right is unspent, or which ballot spent it.
    Right {
        municipality: MunicipalityIndex,
        batch: u16,
        holder: Holder,
    },
    /// Whether a voting right was issued under this commitment to an entry on the roll.
    Name {
        municipality: MunicipalityIndex,
        commitment: Hash,
    },
    /// Whether a challenged ballot can never be cast.
    Spoiled { asset: AssetId, code: TrackingCode },
    /// Roll, rights issued, turnout and ballots of every municipality.
    Numbers,
}

/// Which right of a batch is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Its position, from 0.
    Index(u16),
    /// The voter address that it was issued to.
    Address(PublicKey),
}

/// An answer; given only if every check passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateAnswer {
    /// No ballot has spent the right.
    Unspent {
        asset: AssetId,
    },
    /// This ballot has spent it, in the block at this height.
    SpentBy {
        asset: AssetId,
        code: TrackingCode,
        height: Height,
    },
    /// The batch holds no such right, or there is no such batch.
    NoSuchRight,
    /// A right was issued under the commitment, in this batch, in the block at this height.
    NameOnList {
        batch: u16,
        height: Height,
    },
    /// A right was given under the commitment by blind signature, in this record, in the block at this height.
    NameRecorded {
        record: u16,
        height: Height,
    },
    /// None of the municipality's `rights`, which are all that it has issued, is under the commitment.
    NameNotOnList {
        rights: u32,
    },
    /// The ledger has the ballot as spoiled: it can never be cast.
    Spoiled {
        asset: AssetId,
    },
    /// It has not.
    NotSpoiled {
        asset: AssetId,
    },
    Numbers(Numbers),
}

/// A question under way.
#[derive(Clone, Debug)]
pub struct StateCheck {
    card: TrustCard,
    now: Seconds,
    question: StateQuestion,
    stage: Stage,
    checks: Vec<Check>,
    answer: Option<StateAnswer>,
    anchor: Option<(TrustedHeader, Vec<usize>)>,
}

#[derive(Clone, Debug)]
enum Stage {
    Anchoring(Anchoring),
    Right(Box<RightSearch>),
    Name(Box<NameSearch>),
    Spoiled(Box<SpoilSearch>),
    Numbers(Box<Counting>),
    Done,
}

/// What a search has come to.
struct Conclusion {
    /// How many values of the state were proven.
    values: u64,
    /// How many entries the lists hold.
    entries: u64,
    /// Where authenticated data contradicts itself or breaks a rule.
    findings: Vec<Finding>,
    answer: StateAnswer,
}

/// A source's fault in the part of the check that it concerns.
type Blamed = (CheckId, SourceFault);

impl StateCheck {
    /// Begins with a question. `now` bounds the trusting period.
    pub fn new(card: TrustCard, question: StateQuestion, now: Seconds) -> Self {
        let not_reached = |id| Check {
            id,
            count: 0,
            outcome: CheckOutcome::Unknown(Doubt::NotReached),
        };
        Self {
            stage: Stage::Anchoring(Anchoring::new(&card)),
            card,
            now,
            question,
            checks: CheckId::of_state().map(not_reached).collect(),
            answer: None,
            anchor: None,
        }
    }

    /// What is needed next; empty once the question is answered or cannot be. The answers may come in any order.
    pub fn needs(&self) -> Vec<Request> {
        match &self.stage {
            Stage::Anchoring(anchoring) => anchoring.needs(),
            Stage::Right(search) => search.missing.iter().cloned().collect(),
            Stage::Name(search) => search.missing.iter().cloned().collect(),
            Stage::Spoiled(search) => search.missing.iter().cloned().collect(),
            Stage::Numbers(search) => search.missing.iter().cloned().collect(),
            Stage::Done => Vec::new(),
        }
    }

    /// Takes the answer to one of [`StateCheck::needs`]. Answers to anything else are ignored.
    pub fn supply(&mut self, request: &Request, answer: Answer) {
        if !self.stage.asks(request) {
            return;
        }
        let supplied = match &mut self.stage {
            Stage::Anchoring(anchoring) => {
                let anchored = anchoring.supply(&self.card, self.now, request, answer);
                return self.anchored(anchored);
            }
            Stage::Right(search) => search.supply(request, answer),
            Stage::Name(search) => search.supply(request, answer),
            Stage::Spoiled(search) => search.supply(request, answer),
            Stage::Numbers(search) => search.supply(request, answer),
            Stage::Done => Ok(()),
        };
        match supplied {
            Ok(()) => self.conclude_if_complete(),
            Err((id, fault)) => self.doubt(id, Doubt::Source(fault)),
        }
    }

    fn anchored(&mut self, anchored: Result<Option<Anchored>, Doubt>) {
        match anchored {
            Ok(None) => {}
            Ok(Some((header, signers))) => {
                self.pass(CheckId::StateHeader, 1);
                self.stage = self.search(header.clone());
                self.anchor = Some((header, signers));
            }
            Err(doubt) => self.doubt(CheckId::StateHeader, doubt),
        }
    }

    fn search(&self, anchor: TrustedHeader) -> Stage {
        match &self.question {
            StateQuestion::Right {
                municipality,
                batch,
                holder,
            } => Stage::Right(Box::new(RightSearch::new(
                anchor,
                *municipality,
                *batch,
                *holder,
            ))),
            StateQuestion::Name {
                municipality,
                commitment,
            } => Stage::Name(Box::new(NameSearch::new(
                anchor,
                &self.card,
                *municipality,
                *commitment,
            ))),
            StateQuestion::Spoiled { asset, code } => {
                Stage::Spoiled(Box::new(SpoilSearch::new(anchor, *asset, *code)))
            }
            StateQuestion::Numbers => {
                Stage::Numbers(Box::new(Counting::new(anchor, &self.card.contract)))
            }
        }
    }

    fn conclude_if_complete(&mut self) {
        let concluded = match &self.stage {
            Stage::Right(search) if search.missing.is_empty() => search.conclude(),
            Stage::Name(search) if search.missing.is_empty() => search.conclude(),
            Stage::Spoiled(search) if search.missing.is_empty() => search.conclude(),
            Stage::Numbers(search) if search.missing.is_empty() => search.conclude(),
            _ => return,
        };
        match concluded {
            Ok(conclusion) => self.conclude(conclusion),
            Err((id, fault)) => self.doubt(id, Doubt::Source(fault)),
        }
    }

    fn conclude(&mut self, conclusion: Conclusion) {
        self.stage = Stage::Done;
        self.pass(CheckId::StateValues, conclusion.values);
        self.pass(CheckId::StateLists, conclusion.entries);
        if conclusion.findings.is_empty() {
            self.pass(CheckId::StateRules, 1);
        } else {
            let failed = CheckOutcome::Failed(conclusion.findings);
            self.set(CheckId::StateRules, 0, failed);
        }
        self.answer = Some(conclusion.answer);
    }

    /// The question.
    pub fn question(&self) -> &StateQuestion {
        &self.question
    }

    /// The checks so far.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// What the checks amount to.
    pub fn verdict(&self) -> Verdict {
        Report::judge(&self.checks)
    }

    /// The answer; `None` unless every check passed.
    pub fn answer(&self) -> Option<&StateAnswer> {
        match self.verdict() {
            Verdict::Accepted => self.answer.as_ref(),
            Verdict::Rejected | Verdict::Inconclusive => None,
        }
    }

    /// Height, hash and time of the header that the answer hangs from: it holds after the block before that one.
    pub fn anchor(&self) -> Option<(Height, HeaderHash, Seconds)> {
        self.anchor.as_ref().map(|(header, _)| place(header))
    }

    /// Positions, in the trust card's list, of the validators that signed that header.
    pub fn signers(&self) -> &[usize] {
        self.anchor
            .as_ref()
            .map_or(&[], |(_, signers)| signers.as_slice())
    }

    /// The header itself, once it is trusted.
    pub(crate) fn anchor_header(&self) -> Option<&TrustedHeader> {
        self.anchor.as_ref().map(|(header, _)| header)
    }

    fn pass(&mut self, id: CheckId, count: u64) {
        self.set(id, count, CheckOutcome::Passed);
    }

    /// A check that could not be carried out ends the question.
    fn doubt(&mut self, id: CheckId, doubt: Doubt) {
        self.stage = Stage::Done;
        self.set(id, 0, CheckOutcome::Unknown(doubt));
    }

    fn set(&mut self, id: CheckId, count: u64, outcome: CheckOutcome) {
        for check in self.checks.iter_mut().filter(|check| check.id == id) {
            check.count = count;
            check.outcome = outcome.clone();
        }
    }
}

impl Stage {
    fn asks(&self, request: &Request) -> bool {
        match self {
            Self::Anchoring(anchoring) => anchoring.needs().contains(request),
            Self::Right(search) => search.missing.contains(request),
            Self::Name(search) => search.missing.contains(request),
            Self::Spoiled(search) => search.missing.contains(request),
            Self::Numbers(search) => search.missing.contains(request),
            Self::Done => false,
        }
    }
}
