//! Frozen elections: tiny ledgers with every answer that a node would give, and what verifying them must come to.
//!
//! | field | holds |
//! |---|---|
//! | `about` | the lie that is told, or that none is |
//! | `from` | the blocks below this height, and whatever else is left out, are those of the election that this one is a variant of |
//! | `card`, `genesis` | the trust card's file, and the `result` of `/genesis` |
//! | `final_header` | what the trust card names as final instead; `null`: nothing |
//! | `blocks` | header and commit as in `/commit`; transactions in base64, or as `height/position` of one of the other election; outcome codes |
//! | `totals` | the claimed totals |
//! | `state` | the `result` of `/abci_query`, by path |
//! | `now` | Unix time of the verification |
//! | `expected` | verdict, the checks that do not pass with their reasons, digest |

use crate::encoding::EncodingError;
use crate::finding::SourceFault;
use crate::ids::{Height, Seconds};
use crate::receipt_check::ReceiptCheck;
use crate::recount_run::{LoneRecount, Origin};
use crate::report::{CheckOutcome, Report, Verdict};
use crate::request::{Answer, Request};
use crate::trust_card::{Anchor, TrustCard};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A ledger, a trust card, and what recounting it must come to.
#[derive(Clone, Debug)]
pub struct FrozenElection {
    /// The lie that is told, or that none is.
    pub about: String,
    pub card: TrustCard,
    /// From block 1; the last one is a header only.
    pub blocks: Vec<FrozenBlock>,
    pub expected: Expected,
    genesis: Box<RawValue>,
    totals: Option<Box<RawValue>>,
    state: BTreeMap<String, Box<RawValue>>,
    now: Seconds,
}

/// A block with its commit and the ledger's outcomes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenBlock {
    pub header: Box<RawValue>,
    pub commit: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transactions: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<u32>,
}

/// A receipt, how far its election had come, and what checking it must come to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenReceipt {
    /// The lie that is told, or that none is.
    pub about: String,
    /// The name of its frozen election.
    pub election: String,
    pub receipt: String,
    /// The source's last header; no final header is known then. `null`: the election is over.
    pub latest: Option<Height>,
    /// Unix time of the check.
    pub now: Seconds,
    pub expected: Expected,
}

/// What a verification must come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    pub verdict: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Value>,
    /// Every check that does not pass.
    pub checks: Vec<ExpectedCheck>,
    pub digest: String,
}

/// A check that does not pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedCheck {
    pub id: String,
    /// `failed` or `unknown`.
    pub outcome: String,
    pub reasons: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: String,
    #[serde(default)]
    from: Option<Height>,
    #[serde(default)]
    card: Option<Box<RawValue>>,
    #[serde(default)]
    genesis: Option<Box<RawValue>>,
    final_header: Option<Anchor>,
    blocks: Vec<FrozenBlock>,
    #[serde(default)]
    totals: Option<Box<RawValue>>,
    #[serde(default)]
    state: BTreeMap<String, Box<RawValue>>,
    now: Seconds,
    expected: Expected,
}

impl FrozenElection {
    /// Reads a file; `base` is the election that it is a variant of.
    ///
    /// # Errors
    /// If it is not such a file, or refers to what the other election does not have.
    pub fn parse(json: &str, base: Option<&Self>) -> Result<Self, EncodingError> {
        let file: File = serde_json::from_str(json).map_err(malformed)?;
        let inherited = |what: &str| EncodingError::Malformed(format!("{what} is missing"));
        let mut card = match (&file.card, base) {
            (Some(card), _) => TrustCard::parse(card.get().as_bytes()).map_err(malformed)?,
            (None, Some(base)) => base.card.clone(),
            (None, None) => return Err(inherited("card")),
        };
        card.final_header = file.final_header;
        let genesis = file.genesis.or_else(|| base.map(|b| b.genesis.clone()));
        let totals = file.totals.or_else(|| base.and_then(|b| b.totals.clone()));
        let mut state = base.map(|b| b.state.clone()).unwrap_or_default();
        state.extend(file.state);
        Ok(Self {
            about: file.about,
            card,
            blocks: blocks_of(file.from.unwrap_or(1), file.blocks, base)?,
            expected: file.expected,
            genesis: genesis.ok_or_else(|| inherited("genesis"))?,
            totals,
            state,
            now: file.now,
        })
    }

    /// The same election before its end: no final header is known, and the source has headers up to `latest`.
    pub fn unfinished(mut self, latest: Height) -> Self {
        self.card.final_header = None;
        self.blocks.truncate(usize::try_from(latest).unwrap_or(0));
        self
    }

    /// What an honest node answers.
    pub fn answer(&self, request: &Request) -> Answer {
        match request {
            Request::Status => Ok(envelope(&self.status())),
            Request::Genesis => Ok(envelope(&format!(r#"{{"genesis":{}}}"#, self.genesis))),
            Request::Commit(height) => Ok(envelope(&self.block(*height)?.signed_header())),
            Request::Headers { from, to } => Ok(envelope(&self.headers(*from, *to)?)),
            Request::Block(height) => Ok(envelope(&self.block(*height)?.block()?)),
            Request::BlockResults(height) => Ok(envelope(&self.block(*height)?.results(*height))),
            Request::Totals => {
                let totals = self.totals.as_ref().ok_or_else(|| missing("totals"))?;
                let value = BASE64.encode(totals.get().as_bytes());
                Ok(envelope(&format!(
                    r#"{{"response":{{"code":0,"height":"0","value":"{value}"}}}}"#
                )))
            }
            Request::State { .. }
            | Request::Batch { .. }
            | Request::Spent { .. }
            | Request::Spoiled { .. } => {
                let path = request.path();
                let result = self.state.get(&path).ok_or_else(|| missing(&path))?;
                Ok(envelope(result.get()))
            }
            Request::ArchiveIndex | Request::Bundle(_) | Request::Hints(_) => {
                Err(missing(&request.path()))
            }
        }
    }

    /// Recounts the election from what `source` answers. `None` if it has not even a genesis.
    pub fn recount(&self, source: impl Fn(&Request) -> Answer) -> Option<Report> {
        let mut run = LoneRecount::new(self.card.clone(), self.now, Origin::Node);
        loop {
            let needs = run.needs();
            if needs.is_empty() {
                return run.finish();
            }
            for request in &needs {
                run.supply(request, source(request));
            }
            while run.step() {}
        }
    }

    /// Checks a receipt by what `source` answers.
    pub fn check_receipt(
        &self,
        text: &str,
        now: Seconds,
        source: impl Fn(&Request) -> Answer,
    ) -> Report {
        let mut check = ReceiptCheck::new(self.card.clone(), text, now);
        while let Some(request) = check.needs().into_iter().next() {
            check.supply(&request, source(&request));
        }
        check.report()
    }

    fn block(&self, height: Height) -> Result<&FrozenBlock, SourceFault> {
        let position = height
            .checked_sub(1)
            .and_then(|at| usize::try_from(at).ok());
        position
            .and_then(|at| self.blocks.get(at))
            .ok_or_else(|| missing(&format!("block {height}")))
    }

    fn status(&self) -> String {
        format!(
            r#"{{"node_info":{{"network":"{}"}},"sync_info":{{"earliest_block_height":"1","latest_block_height":"{}","latest_block_hash":"","latest_block_time":"1970-01-01T00:00:00Z","catching_up":false}}}}"#,
            self.card.chain_id,
            self.blocks.len()
        )
    }

    fn headers(&self, from: Height, to: Height) -> Result<String, SourceFault> {
        let metas = (from..=to).rev().map(|height| self.block(height)?.meta());
        let metas: Result<Vec<_>, _> = metas.collect();
        Ok(format!(
            r#"{{"last_height":"{}","block_metas":[{}]}}"#,
            self.blocks.len(),
            metas?.join(",")
        ))
    }
}

impl FrozenBlock {
    fn signed_header(&self) -> String {
        format!(
            r#"{{"signed_header":{{"header":{},"commit":{}}},"canonical":true}}"#,
            self.header, self.commit
        )
    }

    fn block(&self) -> Result<String, SourceFault> {
        let transactions: Vec<_> = self.transactions.iter().map(|t| format!("{t:?}")).collect();
        Ok(format!(
            r#"{{"block_id":{},"block":{{"header":{},"data":{{"txs":[{}]}},"evidence":{{"evidence":[]}},"last_commit":null}}}}"#,
            self.id()?,
            self.header,
            transactions.join(",")
        ))
    }

    fn results(&self, height: Height) -> String {
        let results: Vec<_> = self
            .codes
            .iter()
            .map(|code| format!(r#"{{"code":{code}}}"#))
            .collect();
        format!(
            r#"{{"height":"{height}","txs_results":[{}]}}"#,
            results.join(",")
        )
    }

    fn meta(&self) -> Result<String, SourceFault> {
        Ok(format!(
            r#"{{"block_id":{},"block_size":"0","header":{},"num_txs":"{}"}}"#,
            self.id()?,
            self.header,
            self.transactions.len()
        ))
    }

    fn id(&self) -> Result<Box<RawValue>, SourceFault> {
        #[derive(Deserialize)]
        struct Commit {
            block_id: Box<RawValue>,
        }
        let commit: Commit = serde_json::from_str(self.commit.get())
            .map_err(|e| SourceFault::Malformed(e.to_string()))?;
        Ok(commit.block_id)
    }
}

impl FrozenReceipt {
    /// Reads a file.
    ///
    /// # Errors
    /// If it is not such a file.
    pub fn parse(json: &str) -> Result<Self, EncodingError> {
        serde_json::from_str(json).map_err(malformed)
    }

    /// Checks the receipt against its election, as an honest node serves it.
    pub fn check(&self, election: &FrozenElection) -> Report {
        let election = match self.latest {
            Some(latest) => election.clone().unfinished(latest),
            None => election.clone(),
        };
        election.check_receipt(&self.receipt, self.now, |request| election.answer(request))
    }
}

impl Expected {
    /// What a report says, in these terms.
    pub fn of(report: &Report) -> Self {
        let checks = report.checks.iter().filter_map(|check| {
            let (outcome, reasons) = match &check.outcome {
                CheckOutcome::Passed => return None,
                CheckOutcome::Failed(findings) => {
                    ("failed", findings.iter().map(ToString::to_string).collect())
                }
                CheckOutcome::Unknown(doubt) => ("unknown", vec![doubt.to_string()]),
            };
            Some(ExpectedCheck {
                id: check.id.as_str().into(),
                outcome: outcome.into(),
                reasons,
            })
        });
        Self {
            verdict: word(report.verdict).into(),
            standing: report.standing.and_then(|s| serde_json::to_value(s).ok()),
            checks: checks.collect(),
            digest: report.digest().to_string(),
        }
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted => "accepted",
        Verdict::Rejected => "rejected",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// The other election's blocks below `from`, then these, with every transaction written out.
fn blocks_of(
    from: Height,
    blocks: Vec<FrozenBlock>,
    base: Option<&FrozenElection>,
) -> Result<Vec<FrozenBlock>, EncodingError> {
    let others = base.map(|b| b.blocks.as_slice()).unwrap_or_default();
    let below = usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX);
    let mut all: Vec<FrozenBlock> = others.iter().take(below).cloned().collect();
    if all.len() != below {
        return Err(EncodingError::Malformed(format!("no block below {from}")));
    }
    for mut block in blocks {
        for transaction in &mut block.transactions {
            if let Some((height, position)) = reference(transaction) {
                let referred = others
                    .get(height)
                    .and_then(|b| b.transactions.get(position));
                *transaction = referred
                    .ok_or_else(|| EncodingError::Malformed(format!("no {transaction}")))?
                    .clone();
            }
        }
        all.push(block);
    }
    Ok(all)
}

/// `height/position`, as indices from 0. A height has at most four digits, so that no base64 of a transaction is one.
fn reference(text: &str) -> Option<(usize, usize)> {
    let (height, position) = text.split_once('/').filter(|_| text.len() < 8)?;
    let height: usize = height.parse().ok()?;
    Some((height.checked_sub(1)?, position.parse().ok()?))
}

fn malformed(error: impl std::fmt::Display) -> EncodingError {
    EncodingError::Malformed(error.to_string())
}

fn missing(what: &str) -> SourceFault {
    SourceFault::Missing(what.into())
}

fn envelope(result: &str) -> Vec<u8> {
    format!(r#"{{"jsonrpc":"2.0","id":-1,"result":{result}}}"#).into_bytes()
}
