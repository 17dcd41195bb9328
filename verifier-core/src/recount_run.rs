//! A recount run: which bytes to fetch, in which order, from the genesis to the final header.
//!
//! Like [`crate::ReceiptCheck`] it fetches nothing itself. Answers may come in any order; blocks are verified in theirs.

use crate::finding::{Doubt, SourceFault};
use crate::ids::{Height, Seconds};
use crate::ledger::TxResult;
use crate::ledger::rpc::{
    BlockAnswer, BlockResults, CommitAnswer, GenesisAnswer, StateQuery, Status, decode_answer,
};
use crate::recount::{AddError, ClaimedTotals, LedgerBlock, Recount, RecountProgress};
use crate::report::Report;
use crate::request::{Answer, Request};
use crate::trust_card::{Anchor, TrustCard};
use std::collections::BTreeMap;
use tendermint::block::signed_header::SignedHeader;

/// A recount under way.
#[derive(Clone)]
pub struct RecountRun {
    card: TrustCard,
    now: Seconds,
    recount: Option<Recount>,
    /// The last block to count, once known.
    last: Option<Height>,
    /// The next block to verify.
    next: Height,
    commits: BTreeMap<Height, SignedHeader>,
    blocks: BTreeMap<Height, Vec<Vec<u8>>>,
    results: BTreeMap<Height, Vec<TxResult>>,
    totals: Option<Totals>,
    fault: Option<SourceFault>,
}

/// The totals that the source claims, or what is wrong with its claim.
type Totals = Result<ClaimedTotals, SourceFault>;

impl RecountRun {
    /// Begins at the genesis. `now` is as in [`Recount::finish`].
    pub fn new(card: TrustCard, now: Seconds) -> Self {
        Self {
            last: card
                .final_header
                .map(|anchor| anchor.height.saturating_sub(1)),
            card,
            now,
            recount: None,
            next: 1,
            commits: BTreeMap::new(),
            blocks: BTreeMap::new(),
            results: BTreeMap::new(),
            totals: None,
            fault: None,
        }
    }

    /// The same for a source that has blocks up to the header at `end`, and cannot be asked for its status.
    pub fn up_to(card: TrustCard, now: Seconds, end: Height) -> Self {
        let mut run = Self::new(card, now);
        run.last.get_or_insert(end.saturating_sub(1));
        run
    }

    /// What is needed next, at most `ahead` blocks beyond the next to verify; empty once everything is there or a source is at fault.
    pub fn needs(&self, ahead: u64) -> Vec<Request> {
        let mut needs = Vec::new();
        if self.fault.is_some() {
            return needs;
        }
        if self.recount.is_none() {
            needs.push(Request::Genesis);
        }
        let Some(last) = self.last else {
            needs.push(Request::Status);
            return needs;
        };
        if self.totals.is_none() {
            needs.push(Request::Totals);
        }
        let to = last.min(self.next.saturating_add(ahead));
        for height in self.next..=to {
            if !self.blocks.contains_key(&height) {
                needs.push(Request::Block(height));
            }
            if !self.results.contains_key(&height) {
                needs.push(Request::BlockResults(height));
            }
        }
        if self.next <= last {
            let commits = self.next..=to.saturating_add(1);
            let missing = commits.filter(|height| !self.commits.contains_key(height));
            needs.extend(missing.map(Request::Commit));
        }
        needs
    }

    /// Takes an answer. One that is not what was asked for is the source's fault and ends the run, but for the totals that it claims.
    pub fn supply(&mut self, request: &Request, answer: Answer) {
        if *request == Request::Totals {
            self.totals = Some(take_totals(answer));
        } else if let Err(fault) = self.take(request, answer) {
            self.fault.get_or_insert(fault);
        }
    }

    fn take(&mut self, request: &Request, answer: Answer) -> Result<(), SourceFault> {
        let bytes = answer?;
        match request {
            Request::Genesis => {
                let answer: GenesisAnswer = decode_answer(&bytes)?;
                self.recount = Some(Recount::new(self.card.clone(), &answer.genesis)?);
            }
            Request::Status => {
                let answer: Status = decode_answer(&bytes)?;
                self.check_chain(&answer)?;
                self.last = Some(answer.latest_height.saturating_sub(1));
            }
            Request::Commit(height) => {
                let answer: CommitAnswer = decode_answer(&bytes)?;
                let actual = answer.signed_header.header.height.value();
                check_height(*height, actual)?;
                self.commits.insert(*height, answer.signed_header);
            }
            Request::Block(height) => {
                let answer: BlockAnswer = decode_answer(&bytes)?;
                check_height(*height, answer.block.header.height.value())?;
                self.blocks.insert(*height, answer.block.data);
            }
            Request::BlockResults(height) => {
                let answer: BlockResults = decode_answer(&bytes)?;
                check_height(*height, answer.height)?;
                self.results.insert(*height, answer.results);
            }
            _ => {}
        }
        Ok(())
    }

    fn check_chain(&self, status: &Status) -> Result<(), SourceFault> {
        if status.chain_id.as_str() == self.card.chain_id {
            return Ok(());
        }
        Err(SourceFault::OtherChain {
            actual: status.chain_id.to_string(),
            expected: self.card.chain_id.clone(),
        })
    }

    /// Verifies the next block if everything for it is there. Gives whether there may be another one to verify right away.
    pub fn step(&mut self) -> bool {
        let height = self.next;
        if self.fault.is_some() || self.last.is_none_or(|last| height > last) {
            return false;
        }
        let Some(recount) = &mut self.recount else {
            return false;
        };
        let complete = self.blocks.contains_key(&height) && self.results.contains_key(&height);
        let (Some(header), Some(next)) = (
            self.commits.get(&height),
            self.commits.get(&height.saturating_add(1)),
        ) else {
            return false;
        };
        if !complete {
            return false;
        }
        let transactions = self.blocks.remove(&height).unwrap_or_default();
        let block = LedgerBlock {
            header: header.clone(),
            next: next.clone(),
            transactions: transactions.iter().map(Vec::as_slice).collect(),
            results: self.results.remove(&height).unwrap_or_default(),
        };
        match recount.add_block(&block) {
            Ok(()) => {
                self.commits.remove(&height);
                self.next = height.saturating_add(1);
                true
            }
            Err(AddError::Source(fault)) => {
                self.fault = Some(fault);
                false
            }
            Err(AddError::NeedsSetup { height }) => {
                self.fault = Some(SourceFault::Missing(format!("block 1 to {height}")));
                false
            }
        }
    }

    /// Whether nothing more can be fetched or verified.
    pub fn is_over(&self) -> bool {
        self.needs(0).is_empty()
    }

    /// How far the recount has come.
    pub fn progress(&self) -> RecountProgress {
        self.recount
            .as_ref()
            .map(Recount::progress)
            .unwrap_or_default()
    }

    /// The last header verified, to compare with what other nodes show ([`crate::Survey::relying_on`]).
    pub fn anchor(&self) -> Option<Anchor> {
        self.recount.as_ref()?.anchor()
    }

    /// The last block to count, once known.
    pub fn last(&self) -> Option<Height> {
        self.last
    }

    /// What the source did wrong, if anything.
    pub fn fault(&self) -> Option<&SourceFault> {
        self.fault.as_ref()
    }

    /// The report on what has been verified. `None` if there is not even a genesis to begin with; [`RecountRun::fault`] says why.
    pub fn finish(self) -> Option<Report> {
        let claimed = match self.totals {
            Some(totals) => totals.map_err(Doubt::Source),
            None => Err(Doubt::NoTotals),
        };
        let recount = self.recount?;
        Some(recount.finish(claimed, self.now, self.fault))
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

fn take_totals(answer: Answer) -> Totals {
    let answer: StateQuery = decode_answer(&answer?)?;
    if answer.code != 0 {
        return Err(SourceFault::Missing("totals".into()));
    }
    ClaimedTotals::parse(&answer.value).map_err(|e| SourceFault::Malformed(e.to_string()))
}
