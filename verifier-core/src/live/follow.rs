//! The next block: its header's successor, its transactions, their outcomes.

use crate::finding::SourceFault;
use crate::ids::{HeaderHash, Height, Seconds};
use crate::ledger::rpc::{BlockAnswer, BlockResults, CommitAnswer, decode_answer};
use crate::ledger::{
    LightBlock, LightError, Options, TrustLevel, TrustedHeader, TxResult, ValidatorSet, data_hash,
    header_hash, last_results_hash, verify_adjacent,
};
use crate::receipt_check::{CLOCK_DRIFT, time};
use crate::request::{Answer, Request};
use crate::trust_card::TrustCard;
use core::time::Duration;
use tendermint::block::signed_header::SignedHeader;

/// A trusted header whose block is not counted yet, and what has come of the rest.
#[derive(Clone, Debug)]
pub(super) struct Following {
    pub trusted: TrustedHeader,
    validators: ValidatorSet,
    next: Option<SignedHeader>,
    transactions: Option<Vec<Vec<u8>>>,
    results: Option<Vec<TxResult>>,
}

/// The header of the block that holds, and its transactions with their codes.
pub(super) type Counted = (TrustedHeader, Vec<(Vec<u8>, u32)>);

impl Following {
    pub fn new(card: &TrustCard, trusted: TrustedHeader) -> Result<Self, SourceFault> {
        let validators = card
            .validator_set()
            .map_err(|e| SourceFault::Malformed(e.to_string()))?;
        Ok(Self {
            trusted,
            validators,
            next: None,
            transactions: None,
            results: None,
        })
    }

    /// What is missing of the next block, if the source claims to have it.
    pub fn needs(&self, claimed: Height) -> Vec<Request> {
        let height = self.trusted.height();
        if claimed <= height {
            return Vec::new();
        }
        let next = (self.next.is_none()).then(|| Request::Commit(height.saturating_add(1)));
        let block = (self.transactions.is_none()).then_some(Request::Block(height));
        let results = (self.results.is_none()).then_some(Request::BlockResults(height));
        [next, block, results].into_iter().flatten().collect()
    }

    /// Forgets what has come of the next block: it may be from a source that lied.
    pub fn drop_next(&mut self) {
        (self.next, self.transactions, self.results) = (None, None, None);
    }

    pub fn take(&mut self, request: &Request, answer: Answer) -> Result<(), SourceFault> {
        let bytes = answer?;
        match request {
            Request::Commit(_) => {
                self.next = Some(decode_answer::<CommitAnswer>(&bytes)?.signed_header);
            }
            Request::Block(height) => {
                let transactions = decode_answer::<BlockAnswer>(&bytes)?.block.data;
                let named = self.trusted.header().data_hash;
                let actual = data_hash(&transactions);
                if named.as_ref().map(|hash| hash.as_bytes()) != Some(actual.as_bytes().as_slice())
                {
                    return Err(SourceFault::BlockDiffers { height: *height });
                }
                self.transactions = Some(transactions);
            }
            Request::BlockResults(_) => {
                self.results = Some(decode_answer::<BlockResults>(&bytes)?.results);
            }
            _ => {}
        }
        Ok(())
    }

    /// Verifies the next header and goes on to it; gives the block below it.
    pub fn step(&mut self, card: &TrustCard, now: Seconds) -> Result<Option<Counted>, SourceFault> {
        if self.next.is_none() || self.transactions.is_none() || self.results.is_none() {
            return Ok(None);
        }
        let (next, transactions, results) = (
            self.next.take(),
            self.transactions.take().unwrap_or_default(),
            self.results.take().unwrap_or_default(),
        );
        let Some(next) = next else {
            return Ok(None);
        };
        let height = self.trusted.height();
        let header = self.verify(card, next, now)?;
        let named = header.header().last_results_hash;
        let actual = last_results_hash(&results);
        if named.as_ref().map(|hash| hash.as_bytes()) != Some(actual.as_bytes().as_slice())
            || results.len() != transactions.len()
        {
            return Err(SourceFault::OutcomesDiffer { height });
        }
        let codes = results.iter().map(|result| result.code);
        let counted = transactions.into_iter().zip(codes).collect();
        Ok(Some((
            core::mem::replace(&mut self.trusted, header),
            counted,
        )))
    }

    /// The next header is signed by more than two thirds of the pinned validators, and names the trusted one as its parent.
    fn verify(
        &self,
        card: &TrustCard,
        signed_header: SignedHeader,
        now: Seconds,
    ) -> Result<TrustedHeader, SourceFault> {
        let height = self.trusted.height();
        let parent = signed_header.header.last_block_id.map(|id| id.hash);
        let block = LightBlock {
            signed_header,
            validators: self.validators.clone(),
            next_validators: None,
        };
        let options = Options {
            trust_threshold: TrustLevel::TWO_THIRDS,
            trusting_period: Duration::from_secs(card.trusting_period),
            clock_drift: CLOCK_DRIFT,
        };
        let header = verify_adjacent(&self.trusted, &block, &options, time(now)).map_err(
            |error| match error {
                LightError::Commit(error) => SourceFault::Commit {
                    height: height.saturating_add(1),
                    error,
                },
                other => SourceFault::Light(other),
            },
        )?;
        let expected = HeaderHash(header_hash(self.trusted.header()).0);
        let named = parent.as_ref().map(|hash| hash.as_bytes());
        if named != Some(expected.as_bytes().as_slice()) {
            return Err(SourceFault::BrokenChain { height });
        }
        Ok(header)
    }
}
