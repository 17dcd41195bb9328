//! A worker: judges spans, one after another, in whatever order they come. It needs no table of addresses: who may vote is a question that it asks.

use super::span::{SpanAnswers, SpanBlocks};
use crate::archive::Hints;
use crate::encoding::{self, EncodingError};
use crate::finding::SourceFault;
use crate::ids::{AssetId, PublicKey};
use crate::recount::{AddError, BallotRules, Basis, CarriedRules, Opened, State, StateError};
use crate::trust_card::TrustCard;
use borsh::{BorshDeserialize, BorshSerialize};

/// What a worker is told, and what it tells, is at most 256 MiB.
const LIMIT: usize = 256 * 1024 * 1024;

/// What workers start from: [`super::RecountRun::setup_for_workers`].
#[derive(BorshSerialize, BorshDeserialize)]
pub(super) struct WorkerSetup {
    /// The trust card's file.
    pub card: String,
    /// Nothing, if the ledger has not come to the opening.
    pub rules: Option<CarriedRules>,
}

/// Judges spans of one recount.
pub struct SpanWorker {
    basis: Basis,
    rules: Option<BallotRules>,
}

/// A span whose blocks are authenticated and decoded; its ballots wait for an answer to who may vote.
pub struct OpenSpan<'a> {
    worker: &'a SpanWorker,
    opened: Opened<'a>,
    fault: Option<SourceFault>,
    /// How many Casts of its bundle come before the span.
    casts_before: usize,
}

/// What a span comes to: facts of its blocks, and what kept the source from giving the rest of them, if anything did.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct SpanFacts {
    pub(super) state: State,
    pub(super) fault: Option<SourceFault>,
}

impl SpanWorker {
    /// # Errors
    /// If the bytes are not those of [`super::RecountRun::setup_for_workers`].
    pub fn new(setup: &[u8]) -> Result<Self, StateError> {
        let malformed = |reason: String| StateError::Encoding(EncodingError::Malformed(reason));
        let setup: WorkerSetup = encoding::decode(setup, LIMIT)?;
        let card = TrustCard::parse(setup.card.as_bytes()).map_err(|e| malformed(e.to_string()))?;
        let rules = setup.rules.map(BallotRules::new).transpose();
        Ok(Self {
            basis: Basis::new(card).map_err(|e| malformed(e.to_string()))?,
            rules: rules.map_err(|e| malformed(e.to_string()))?,
        })
    }

    /// Authenticates and decodes a span's blocks.
    pub fn open<'a>(&'a self, answers: &'a SpanAnswers) -> OpenSpan<'a> {
        let SpanBlocks {
            blocks,
            fault,
            casts_before,
        } = answers.blocks();
        let mut opened = Opened::new(&self.basis, self.rules.as_ref(), None, &blocks);
        let fault = match opened.fault.take() {
            Some(AddError::Source(fault)) => Some(fault),
            Some(AddError::NeedsSetup { height }) => {
                Some(SourceFault::Missing(format!("block 1 to {height}")))
            }
            None => fault,
        };
        OpenSpan {
            worker: self,
            opened,
            fault,
            casts_before,
        }
    }
}

impl OpenSpan<'_> {
    /// Asset and address of every ballot that may count, in order: was the one issued to the other? [`super::RecountRun::admit`] answers.
    pub fn questions(&self) -> Vec<(AssetId, PublicKey)> {
        self.opened.questions().collect()
    }

    /// Judges all ballots in one batch. `hints` is the file of hints, whatever stands in it.
    ///
    /// # Errors
    /// If there are more or fewer answers than questions.
    pub fn judge(self, admitted: &[bool], hints: Option<&[u8]>) -> Result<SpanFacts, StateError> {
        let hints = hints.and_then(|file| Hints::decode(file).ok());
        let hints = hints.as_ref().map(|hints| hints.ballots.as_slice());
        let hints = hints.and_then(|ballots| ballots.get(self.casts_before..));
        let (basis, rules) = (&self.worker.basis, self.worker.rules.as_ref());
        let hints = hints.unwrap_or_default();
        let state = self.opened.judge(basis, rules, admitted, hints)?;
        Ok(SpanFacts {
            state,
            fault: self.fault,
        })
    }
}

impl SpanFacts {
    /// The facts as bytes, to carry them from a worker to whoever holds the run.
    pub fn encode(&self) -> Vec<u8> {
        encoding::encode(self)
    }

    /// # Errors
    /// If the bytes are no facts of a span.
    pub fn decode(bytes: &[u8]) -> Result<Self, StateError> {
        Ok(encoding::decode(bytes, LIMIT)?)
    }
}
