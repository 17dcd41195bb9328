//! Following an election block by block: its numbers at a height, then every block after it, each verified before it is counted.
//!
//! A [`Live`] fetches nothing and hears of no events: whoever drives it says [`Live::look`] when there may be something new, carries its requests
//! to a node, any node, and the answers back. It goes through three stages:
//!
//! 1. *Count*: the numbers of the state under the latest header ([`StateCheck`]).
//! 2. *Past*: the headers of the last blocks, so that it is known when the ballots that the state holds were recorded.
//! 3. *Follow*: a block at a time. The next header must name the trusted one as its parent and be signed by more than two thirds of the pinned
//!    validators; the block's transactions must be under its header's `data_hash`, their outcomes under the next header's
//!    `last_results_hash`. Only then are they counted.
//!
//! A source that lags far behind the ledger, or a visitor who was away for long, begins again with the state.

mod block;
mod follow;

use crate::finding::{Doubt, SourceFault};
use crate::header_chain::HeaderChain;
use crate::ids::{Height, Seconds};
use crate::ledger::TrustedHeader;
use crate::ledger::rpc::{Status, decode_answer};
use crate::receipt_check::place;
use crate::report::{CheckOutcome, Verdict};
use crate::request::{Answer, Request};
use crate::state_check::{Numbers, StateAnswer, StateCheck, StateQuestion};
use crate::trust_card::TrustCard;
use follow::Following;
use std::collections::BTreeSet;

/// So many blocks are remembered with their times.
const REMEMBERED: usize = 240;
/// So many are looked up when one begins.
const PAST: Height = 120;
/// Further behind than this, the state is asked instead of every block.
const AHEAD: Height = 60;

/// An election that is being followed.
#[derive(Clone, Debug)]
pub struct Live {
    card: TrustCard,
    stage: Stage,
    view: LiveView,
    /// Whether a status is asked for.
    looking: bool,
    /// The height that the source last claimed to have.
    claimed: Option<Height>,
    trouble: Option<CheckOutcome>,
}

#[derive(Clone, Debug)]
enum Stage {
    Counting(Box<StateCheck>),
    Past {
        numbers: Box<Numbers>,
        chain: Box<HeaderChain>,
        missing: BTreeSet<Request>,
    },
    Following(Box<Following>),
}

/// What is known so far; all of it verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveView {
    /// `None` until the state has been counted.
    pub numbers: Option<Numbers>,
    /// Whether the sums are closed, so that no ballot can come any more.
    pub closed: bool,
    /// The last blocks, the newest last. The numbers hold after the newest.
    pub blocks: Vec<LiveBlock>,
}

/// One verified block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveBlock {
    pub height: Height,
    pub time: Seconds,
    /// Ballots in it that counted.
    pub ballots: u64,
}

impl Live {
    /// Begins with the state under the latest header, or under the final one if the card names it. `now` bounds the trusting period.
    pub fn new(card: TrustCard, now: Seconds) -> Self {
        let counting = StateCheck::new(card.clone(), StateQuestion::Numbers, now);
        Self {
            card,
            stage: Stage::Counting(Box::new(counting)),
            view: LiveView::default(),
            looking: false,
            claimed: None,
            trouble: None,
        }
    }

    /// What is known so far.
    pub fn view(&self) -> &LiveView {
        &self.view
    }

    /// What went wrong: a source's fault, or something that authenticated data gets wrong. Nothing more is asked for until [`Live::resume`].
    pub fn trouble(&self) -> Option<&CheckOutcome> {
        self.trouble.as_ref()
    }

    /// The height that the source last claimed to have reached.
    pub fn claimed(&self) -> Option<Height> {
        self.claimed
    }

    /// The newest trusted header's height, once there is one to follow.
    pub fn trusted(&self) -> Option<Height> {
        match &self.stage {
            Stage::Following(following) => Some(following.trusted.height()),
            Stage::Counting(_) | Stage::Past { .. } => None,
        }
    }

    /// Whether the trust card names the final header: then nothing more will come.
    pub fn is_over(&self) -> bool {
        self.card.final_header.is_some() && self.trusted().is_some()
    }

    /// Asks the source how far it is. To be said now and then, and whenever it tells of a new block.
    pub fn look(&mut self) {
        self.looking = self.trusted().is_some() && !self.is_over();
    }

    /// Forgets a trouble, so that another source, or the same one later, can do better. What is verified stays.
    pub fn resume(&mut self, now: Seconds) {
        (self.trouble, self.claimed) = (None, None);
        match &mut self.stage {
            Stage::Counting(_) | Stage::Past { .. } => self.begin_again(now),
            Stage::Following(following) => following.drop_next(),
        }
        self.look();
    }

    fn begin_again(&mut self, now: Seconds) {
        let counting = StateCheck::new(self.card.clone(), StateQuestion::Numbers, now);
        self.stage = Stage::Counting(Box::new(counting));
        self.claimed = None;
    }

    /// What is needed next; empty while there is nothing new. The answers may come in any order.
    pub fn needs(&self) -> Vec<Request> {
        if self.trouble.is_some() {
            return Vec::new();
        }
        if self.looking {
            return vec![Request::Status];
        }
        match &self.stage {
            Stage::Counting(counting) => counting.needs(),
            Stage::Past { missing, .. } => missing.iter().cloned().collect(),
            Stage::Following(following) => following.needs(self.claimed.unwrap_or(0)),
        }
    }

    /// Takes the answer to one of [`Live::needs`]; answers to anything else are ignored. `now` says whether a header is from the future.
    pub fn supply(&mut self, request: &Request, answer: Answer, now: Seconds) {
        if self.trouble.is_some() {
            return;
        }
        let supplied = match (&mut self.stage, request) {
            (Stage::Following(_), Request::Status) if self.looking => self.take_status(answer, now),
            (Stage::Counting(counting), _) => {
                counting.supply(request, answer);
                self.count()
            }
            (Stage::Past { missing, .. }, _) if missing.contains(request) => {
                self.take_past(request, answer)
            }
            (Stage::Following(following), _)
                if following.needs(self.claimed.unwrap_or(0)).contains(request) =>
            {
                let taken = following.take(request, answer);
                taken.and_then(|()| self.step(now))
            }
            _ => Ok(()),
        };
        if let Err(fault) = supplied {
            self.trouble = Some(CheckOutcome::Unknown(Doubt::Source(fault)));
        }
    }

    fn take_status(&mut self, answer: Answer, now: Seconds) -> Result<(), SourceFault> {
        self.looking = false;
        let status: Status = decode_answer(&answer?)?;
        if status.chain_id.as_str() != self.card.chain_id {
            return Err(SourceFault::OtherChain {
                actual: status.chain_id.to_string(),
                expected: self.card.chain_id.clone(),
            });
        }
        let latest = status.latest_height;
        self.claimed = Some(latest);
        let trusted = self.trusted().unwrap_or(latest);
        if latest.saturating_sub(trusted) > AHEAD {
            self.begin_again(now);
        }
        Ok(())
    }

    /// Goes on once the state is counted.
    fn count(&mut self) -> Result<(), SourceFault> {
        let Stage::Counting(counting) = &self.stage else {
            return Ok(());
        };
        if !counting.needs().is_empty() {
            return Ok(());
        }
        let (answer, anchor) = (counting.answer(), counting.anchor_header());
        match (counting.verdict(), answer, anchor) {
            (Verdict::Accepted, Some(StateAnswer::Numbers(numbers)), Some(anchor)) => {
                let chain = HeaderChain::below(anchor.clone());
                let first = anchor.height().saturating_sub(PAST);
                self.stage = Stage::Past {
                    numbers: Box::new(numbers.clone()),
                    missing: chain.requests(first).into_iter().collect(),
                    chain: Box::new(chain),
                };
                self.follow()
            }
            _ => {
                let checks = counting.checks().iter();
                let mut outcomes = checks.map(|check| &check.outcome);
                let wrong = outcomes.find(|outcome| **outcome != CheckOutcome::Passed);
                self.trouble = wrong.cloned();
                Ok(())
            }
        }
    }

    fn take_past(&mut self, request: &Request, answer: Answer) -> Result<(), SourceFault> {
        if let (Stage::Past { chain, missing, .. }, Request::Headers { from, to }) =
            (&mut self.stage, request)
        {
            chain.take(*from, *to, &answer?)?;
            missing.remove(request);
        }
        self.follow()
    }

    /// Goes on once the last headers are there.
    fn follow(&mut self) -> Result<(), SourceFault> {
        let Stage::Past {
            numbers,
            chain,
            missing,
        } = &self.stage
        else {
            return Ok(());
        };
        if !missing.is_empty() {
            return Ok(());
        }
        let links = chain.link()?;
        let Some((_, anchor)) = links.headers.last_key_value() else {
            return Ok(());
        };
        let below = links.headers.values().rev().skip(1).rev();
        let recorded = |height: Height| numbers.recorded.get(&height).copied().unwrap_or(0);
        self.view = LiveView {
            closed: numbers.cells.is_some(),
            blocks: below
                .map(|header| block_of(header, recorded(header.height())))
                .collect(),
            numbers: Some((**numbers).clone()),
        };
        let following = Following::new(&self.card, anchor.clone())?;
        self.stage = Stage::Following(Box::new(following));
        Ok(())
    }

    /// Counts the block below the next header, once all of it is there and holds.
    fn step(&mut self, now: Seconds) -> Result<(), SourceFault> {
        let Stage::Following(following) = &mut self.stage else {
            return Ok(());
        };
        let Some((header, transactions)) = following.step(&self.card, now)? else {
            return Ok(());
        };
        let Some(numbers) = &mut self.view.numbers else {
            return Ok(());
        };
        let height = header.height();
        let counted = block::count(numbers, height, &transactions);
        self.view.closed |= counted.closed;
        self.view.blocks.push(block_of(&header, counted.ballots));
        let surplus = self.view.blocks.len().saturating_sub(REMEMBERED);
        self.view.blocks.drain(..surplus);
        Ok(())
    }
}

fn block_of(header: &TrustedHeader, ballots: u64) -> LiveBlock {
    let (height, _, time) = place(header);
    LiveBlock {
        height,
        time,
        ballots,
    }
}
