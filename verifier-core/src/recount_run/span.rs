//! Spans: consecutive heights that are fetched, authenticated and judged together.

use crate::archive::{ArchiveError, Bundle};
use crate::finding::SourceFault;
use crate::ids::{Hash, Height};
use crate::ledger::TxResult;
use crate::ledger::rpc::{BlockAnswer, BlockResults, CommitAnswer, decode_answer};
use crate::recount::LedgerBlock;
use crate::request::{Answer, Request};
use crate::transaction::{Action, Transaction};
use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;
use tendermint::block::signed_header::SignedHeader;

/// A part of a recount for one worker.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Span {
    /// Its place among the spans of one run, from 0.
    pub number: u32,
    pub first: Height,
    pub last: Height,
    /// What its blocks are made of; see [`SpanAnswers::read`].
    pub requests: Vec<Request>,
    /// Decompression hints, if the source has them. Nothing rests on them.
    pub hints: Option<Request>,
    /// Size and SHA-256 of the bundle, as the source's index has them.
    pub(super) file: Option<(u64, Hash)>,
}

/// The answers to a span's requests, decoded as far as their transactions can be borrowed.
pub struct SpanAnswers {
    pub(super) first: Height,
    pub(super) last: Height,
    parts: Parts,
}

enum Parts {
    /// Of a node, or of a folder that a node was exported to.
    Node(Box<NodeParts>),
    Bundle(Answer),
}

#[derive(Default)]
struct NodeParts {
    commits: BTreeMap<Height, Result<SignedHeader, SourceFault>>,
    blocks: BTreeMap<Height, Result<Vec<Vec<u8>>, SourceFault>>,
    results: BTreeMap<Height, Result<Vec<TxResult>, SourceFault>>,
}

/// The blocks of a span, as far as there are any.
pub(super) struct SpanBlocks<'a> {
    pub blocks: Vec<LedgerBlock<'a>>,
    /// Why there are no more.
    pub fault: Option<SourceFault>,
    /// How many Casts of the bundle come before these blocks.
    pub casts_before: usize,
}

impl SpanAnswers {
    /// Takes the answers in the order of the span's requests. What is wrong with one is said when the span is opened.
    pub fn read(span: &Span, answers: Vec<Answer>) -> Self {
        let mut node = NodeParts::default();
        let mut bundle = None;
        for (request, answer) in span.requests.iter().zip(answers) {
            match request {
                Request::Bundle(_) => bundle = Some(checked_bundle(span, answer)),
                _ => node.take(request, answer),
            }
        }
        Self {
            first: span.first,
            last: span.last,
            parts: bundle.map_or_else(|| Parts::Node(Box::new(node)), Parts::Bundle),
        }
    }

    pub(super) fn blocks(&self) -> SpanBlocks<'_> {
        match &self.parts {
            Parts::Node(node) => node.blocks(self.first, self.last),
            Parts::Bundle(bytes) => match self.bundled(bytes) {
                Ok(blocks) => blocks,
                Err(fault) => SpanBlocks::none(fault),
            },
        }
    }

    fn bundled<'a>(&self, bytes: &'a Answer) -> Result<SpanBlocks<'a>, SourceFault> {
        let bytes = bytes.as_ref().map_err(SourceFault::clone)?;
        let (mut before, mut blocks) = (Vec::new(), Bundle::decode(bytes)?.into_blocks());
        blocks.retain(|block| height_of(block) <= self.last);
        let first = blocks.partition_point(|block| height_of(block) < self.first);
        before.extend(blocks.drain(..first.min(blocks.len())));
        Ok(SpanBlocks {
            blocks,
            fault: None,
            casts_before: before.iter().map(casts_in).sum(),
        })
    }
}

impl SpanBlocks<'_> {
    fn none(fault: SourceFault) -> Self {
        Self {
            blocks: Vec::new(),
            fault: Some(fault),
            casts_before: 0,
        }
    }
}

/// The bundle, if it is the file that the index names.
fn checked_bundle(span: &Span, answer: Answer) -> Answer {
    let bytes = answer?;
    let actual = (
        u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        Hash::of(&bytes),
    );
    if span.file.is_some_and(|named| named != actual) {
        return Err(ArchiveError::OtherBytes.into());
    }
    Ok(bytes)
}

fn height_of(block: &LedgerBlock<'_>) -> Height {
    block.header.header.height.value()
}

fn casts_in(block: &LedgerBlock<'_>) -> usize {
    let transactions = block.transactions.iter();
    transactions
        .filter(|bytes| {
            let decoded = Transaction::decode(bytes);
            decoded.is_ok_and(|transaction| matches!(transaction.body.action, Action::Cast(_)))
        })
        .count()
}

impl NodeParts {
    fn take(&mut self, request: &Request, answer: Answer) {
        match request {
            Request::Commit(height) => {
                let commit = answer.and_then(|bytes| {
                    let answer: CommitAnswer = decode_answer(&bytes)?;
                    check_height(*height, answer.signed_header.header.height.value())?;
                    Ok(answer.signed_header)
                });
                self.commits.insert(*height, commit);
            }
            Request::Block(height) => {
                let block = answer.and_then(|bytes| {
                    let answer: BlockAnswer = decode_answer(&bytes)?;
                    check_height(*height, answer.block.header.height.value())?;
                    Ok(answer.block.data)
                });
                self.blocks.insert(*height, block);
            }
            Request::BlockResults(height) => {
                let results = answer.and_then(|bytes| {
                    let answer: BlockResults = decode_answer(&bytes)?;
                    check_height(*height, answer.height)?;
                    Ok(answer.results)
                });
                self.results.insert(*height, results);
            }
            _ => {}
        }
    }

    fn blocks(&self, first: Height, last: Height) -> SpanBlocks<'_> {
        let mut blocks = Vec::new();
        for height in first..=last {
            match self.block(height) {
                Ok(block) => blocks.push(block),
                Err(fault) => {
                    return SpanBlocks {
                        blocks,
                        ..SpanBlocks::none(fault)
                    };
                }
            }
        }
        SpanBlocks {
            blocks,
            fault: None,
            casts_before: 0,
        }
    }

    fn block(&self, height: Height) -> Result<LedgerBlock<'_>, SourceFault> {
        let transactions = part(&self.blocks, height)?;
        Ok(LedgerBlock {
            transactions: transactions.iter().map(Vec::as_slice).collect(),
            results: part(&self.results, height)?.clone(),
            header: part(&self.commits, height)?.clone(),
            next: part(&self.commits, height.saturating_add(1))?.clone(),
        })
    }
}

fn part<T>(
    parts: &BTreeMap<Height, Result<T, SourceFault>>,
    height: Height,
) -> Result<&T, SourceFault> {
    match parts.get(&height) {
        Some(part) => part.as_ref().map_err(SourceFault::clone),
        None => Err(SourceFault::Missing(format!("block {height}"))),
    }
}

fn check_height(expected: Height, actual: Height) -> Result<(), SourceFault> {
    if actual == expected {
        Ok(())
    } else {
        Err(SourceFault::Malformed(format!(
            "height {actual} instead of {expected}"
        )))
    }
}
