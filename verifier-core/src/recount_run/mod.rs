//! A recount run: from the genesis to the final header, in spans that any number of workers judge.
//!
//! Like [`crate::ReceiptCheck`] it fetches nothing itself. Whoever holds the run reads what comes before opening ([`RecountRun::needs`]); from then on it
//! hands out spans, answers who may vote, and merges what workers find, in the order of heights and each span once.

mod kept;
mod lone;
mod plan;
mod span;
mod spans;
mod worker;

pub use kept::{frame_record, framed_records, record_begins_at};
pub use lone::LoneRecount;
pub use plan::Origin;
pub use span::{Span, SpanAnswers};
pub use worker::{OpenSpan, SpanFacts, SpanWorker};

use crate::encoding;
use crate::finding::{Doubt, SourceFault};
use crate::ids::{AssetId, Height, PublicKey, Seconds};
use crate::ledger::rpc::{GenesisAnswer, StateQuery, decode_answer};
use crate::recount::{AddError, ClaimedTotals, Recount, RecountProgress, Setup, State, StateError};
use crate::report::Report;
use crate::request::{Answer, Request};
use crate::trust_card::{Anchor, TrustCard};
use core::ops::RangeInclusive;
use kept::Record;
use plan::Plan;
use span::SpanBlocks;
use spans::Spans;
use std::collections::BTreeMap;
use std::sync::Arc;
use worker::WorkerSetup;

/// Spans before opening that are read at once.
const AT_ONCE: usize = 2;

/// A recount under way.
pub struct RecountRun {
    card: TrustCard,
    now: Seconds,
    plan: Plan,
    /// Only these heights are counted.
    heights: Option<RangeInclusive<Height>>,
    /// From the first block, at least to the opening.
    base: Option<Recount>,
    /// The heights to count, if they begin later.
    range: Option<Recount>,
    /// Answers that wait for others.
    waiting: BTreeMap<Request, Answer>,
    spans: Spans,
    totals: Option<Totals>,
    fault: Option<SourceFault>,
    kept: Option<Vec<Vec<u8>>>,
}

/// The totals that the source claims, or what is wrong with its claim.
type Totals = Result<ClaimedTotals, SourceFault>;

impl RecountRun {
    /// Begins at the genesis. `now` is as in [`Recount::finish`].
    pub fn new(card: TrustCard, now: Seconds, origin: Origin) -> Self {
        Self {
            plan: Plan::new(&card, origin),
            card,
            now,
            heights: None,
            base: None,
            range: None,
            waiting: BTreeMap::new(),
            spans: Spans::default(),
            totals: None,
            fault: None,
            kept: None,
        }
    }

    /// Counts these heights only, to be put together with others ([`RecountRun::kept`]). What comes before opening is read all the same.
    pub fn of_heights(mut self, heights: RangeInclusive<Height>) -> Self {
        self.heights = Some(heights);
        self
    }

    /// Makes records for [`RecountRun::kept`].
    pub fn keeping(mut self) -> Self {
        self.kept = Some(Vec::new());
        self
    }

    /// What is to be read here, rather than by workers; empty if workers are to be waited for, or if it is over.
    pub fn needs(&self) -> Vec<Request> {
        let mut needs = Vec::new();
        if self.fault.is_none() {
            if self.base.is_none() {
                needs.push(Request::Genesis);
            }
            needs.extend(self.plan.need());
            if self.totals.is_none() {
                needs.push(Request::Totals);
            }
            needs.extend(self.needs_before_opening());
        }
        needs.extend(self.needs_again());
        needs.retain(|request| !self.waiting.contains_key(request));
        needs
    }

    fn needs_before_opening(&self) -> Vec<Request> {
        let mut needs = Vec::new();
        let mut next = self.next_before_opening();
        for _ in 0..AT_ONCE {
            let Some(Ok(span)) = next.and_then(|next| self.plan_span(next)) else {
                break;
            };
            next = span.last.checked_add(1);
            needs.extend(span.requests);
        }
        needs
    }

    fn needs_again(&self) -> Vec<Request> {
        let looks = self.second_looks();
        let span = looks.first().map(|height| self.plan.look(*height));
        match span {
            Some(Ok(span)) => span.requests,
            _ => Vec::new(),
        }
    }

    /// Takes an answer. One that is not what was asked for is the source's fault and ends the run, but for the totals that it claims.
    pub fn supply(&mut self, request: &Request, answer: Answer) {
        let taken = match request {
            Request::Totals => {
                self.take_totals(answer);
                Ok(())
            }
            Request::Genesis => self.take_genesis(answer),
            Request::Status => self.plan.take_status(&self.card, answer),
            Request::ArchiveIndex => self.plan.take_index(&self.card, answer),
            _ => {
                self.waiting.insert(request.clone(), answer);
                Ok(())
            }
        };
        self.note(taken);
        while self.read_before_opening() {}
        while self.look_again() {}
    }

    fn note(&mut self, taken: Result<(), SourceFault>) {
        if let Err(fault) = taken {
            self.fault.get_or_insert(fault);
        }
    }

    fn take_genesis(&mut self, answer: Answer) -> Result<(), SourceFault> {
        let bytes = answer?;
        let answer: GenesisAnswer = decode_answer(&bytes)?;
        let recount = Recount::new(self.card.clone(), &answer.genesis)?;
        self.base.get_or_insert(recount);
        self.keep(|| Record::Genesis(bytes));
        Ok(())
    }

    fn take_totals(&mut self, answer: Answer) {
        let totals = totals_of(answer);
        let claimed = totals.as_ref().map(|(bytes, _)| bytes.clone());
        if let Ok(bytes) = claimed {
            self.keep(|| Record::Totals(bytes));
        }
        self.totals = Some(totals.map(|(_, totals)| totals));
    }

    /// The next block to read before opening; nothing, once the ledger is known that far or has no more blocks.
    fn next_before_opening(&self) -> Option<Height> {
        let base = self.base.as_ref()?;
        let next = next_of(base, 1);
        let more = self.last_of_base().is_some_and(|last| next <= last);
        (more && base.setup().is_none()).then_some(next)
    }

    /// The last block that may be read for the setup. Heights that begin later have their setup from blocks before them, or beyond them.
    fn last_of_base(&self) -> Option<Height> {
        if self.from() == 1 {
            self.last()
        } else {
            self.plan.last()
        }
    }

    /// The span that begins there and may be read before opening.
    fn plan_span(&self, first: Height) -> Option<Result<Span, SourceFault>> {
        let last = self.last_of_base()?;
        (first <= last).then(|| self.plan.span(first, last))
    }

    /// Reads the next span before opening, if all of it is there. Gives whether there may be another one.
    fn read_before_opening(&mut self) -> bool {
        if self.fault.is_some() {
            return false;
        }
        let next = self.next_before_opening();
        let Some(span) = next.and_then(|next| self.plan_span(next)) else {
            return false;
        };
        let read = span.and_then(|span| match self.take_waiting(&span) {
            Some(answers) => self.add_before_opening(&SpanAnswers::read(&span, answers)),
            None => Ok(false),
        });
        let more = matches!(read, Ok(true));
        self.note(read.map(|_| ()));
        more
    }

    /// A span's answers, if all are there.
    fn take_waiting(&mut self, span: &Span) -> Option<Vec<Answer>> {
        let all = span.requests.iter();
        if !all
            .clone()
            .all(|request| self.waiting.contains_key(request))
        {
            return None;
        }
        Some(
            all.filter_map(|request| self.waiting.remove(request))
                .collect(),
        )
    }

    /// Adds the blocks before opening, and of the others at most one, which is then where the setup follows from.
    fn add_before_opening(&mut self, answers: &SpanAnswers) -> Result<bool, SourceFault> {
        let SpanBlocks { blocks, fault, .. } = answers.blocks();
        let Some(base) = &mut self.base else {
            return Ok(false);
        };
        let number = base.before_opening(&blocks).max(1).min(blocks.len());
        let (now, later) = blocks.split_at(number);
        let (state, not_added) = base.judge(now)?;
        let kept = base.merge_and_keep(state).map_err(unfit)?;
        if self.from() == 1 {
            self.keep(|| Record::Span(Box::new(kept)));
        }
        match (not_added, fault) {
            (Some(AddError::Source(fault)), _) => Err(fault),
            (Some(AddError::NeedsSetup { height }), _) => Err(missing_block(height)),
            (None, Some(fault)) if later.is_empty() => Err(fault),
            (None, None) if blocks.is_empty() => Err(missing_block(answers.first)),
            _ => Ok(true),
        }
    }

    /// Looks at blocks again that are there. Gives whether there may be others.
    fn look_again(&mut self) -> bool {
        let looks = self.second_looks();
        let (Some(first), Some(base)) = (looks.first(), &mut self.base) else {
            return false;
        };
        let Ok(span) = self.plan.look(*first) else {
            base.cannot_look(*first);
            return true;
        };
        let Some(answers) = self.take_waiting(&span) else {
            return false;
        };
        let answers = SpanAnswers::read(&span, answers);
        let SpanBlocks { blocks, .. } = answers.blocks();
        let Some(base) = &mut self.base else {
            return false;
        };
        for block in &blocks {
            if looks.contains(&block.header.header.height.value()) {
                // Where it is not the block that was counted, its ballots stay without names.
                let _ = base.look_again(block);
            }
        }
        for height in looks.iter().filter(|height| **height <= span.last) {
            base.cannot_look(*height);
        }
        true
    }

    /// The blocks that hold ballots of an asset counted more than once, at the end of a whole recount.
    fn second_looks(&self) -> Vec<Height> {
        let done = self.fault.is_some() || self.all_merged();
        match (&self.base, done && self.heights.is_none()) {
            (Some(base), true) => base.second_looks(),
            _ => Vec::new(),
        }
    }

    /// Whether the setup is known, or there is none to wait for.
    fn past_setup(&self) -> bool {
        self.base.is_some() && self.plan.last().is_some() && self.next_before_opening().is_none()
    }

    /// What ballots are judged by, once it is known.
    pub(crate) fn setup(&self) -> Option<Arc<Setup>> {
        self.base.as_ref().and_then(Recount::setup)
    }

    /// Whether the source had no more blocks when it was asked, and none at or after opening.
    pub(crate) fn is_before_opening(&self) -> bool {
        self.fault.is_none() && self.past_setup() && self.setup().is_none()
    }

    /// Asks the source again how far it has come.
    pub(crate) fn ask_again(&mut self) {
        self.plan.ask_again();
    }

    /// The next span to be judged by a worker: one that was given back, or a new one. Nothing before the setup is known, or when all are handed out.
    pub fn next_span(&mut self) -> Option<Span> {
        if self.fault.is_some() || !self.past_setup() {
            return None;
        }
        self.begin_range();
        let last = self.last()?;
        let next = self.spans.next_height(self.next_to_merge());
        match self.spans.again() {
            Some(span) => Some(span),
            None if next > last || self.spans.are_far_ahead() => None,
            None => match self.plan.span(next, last) {
                Ok(span) => Some(self.spans.hand_out(span)),
                Err(fault) => {
                    self.note(Err(fault));
                    None
                }
            },
        }
    }

    /// Gives a span back whose worker is gone; [`RecountRun::next_span`] gives it again.
    pub fn give_back(&mut self, number: u32) {
        self.spans.give_back(number);
    }

    /// What [`SpanWorker::new`] takes, once the setup is known. It holds no addresses.
    pub fn setup_for_workers(&self) -> Option<Vec<u8>> {
        let base = self.base.as_ref().filter(|_| self.past_setup())?;
        Some(encoding::encode(&WorkerSetup {
            card: self.card.to_json(),
            rules: base.rules(),
        }))
    }

    /// Whether each asset was issued to the address beside it.
    pub fn admit(&self, questions: &[(AssetId, PublicKey)]) -> Vec<bool> {
        match &self.base {
            Some(base) => base.admit(questions),
            None => vec![false; questions.len()],
        }
    }

    /// Takes what a worker found in a span, or what kept it from fetching it. In any order; a span that was taken before is not taken again.
    pub fn take(&mut self, number: u32, facts: Result<SpanFacts, SourceFault>) {
        self.spans.take(number, facts);
        while self.fault.is_none() {
            let Some((span, facts)) = self.spans.next_to_merge() else {
                break;
            };
            let merged = facts.and_then(|facts| self.merge(&span, facts));
            self.note(merged);
        }
        while self.look_again() {}
    }

    fn merge(&mut self, span: &Span, facts: SpanFacts) -> Result<(), SourceFault> {
        let SpanFacts { state, fault } = facts;
        let begins = state.first();
        if begins.is_some_and(|first| first != span.first) {
            return Err(missing_block(span.first));
        }
        if begins.is_some() {
            self.merge_facts(state).map_err(unfit)?;
        }
        match fault {
            Some(fault) => Err(fault),
            None if self.next_to_merge() <= span.last => Err(missing_block(self.next_to_merge())),
            None => Ok(()),
        }
    }

    fn merge_facts(&mut self, state: State) -> Result<(), StateError> {
        let Some(recount) = self.range.as_mut().or(self.base.as_mut()) else {
            return Ok(());
        };
        recount.check_facts(&state)?;
        let kept = recount.merge_and_keep(state)?;
        self.keep(|| Record::Span(Box::new(kept)));
        Ok(())
    }

    /// The records since the last call: the genesis first, then one for each span that was merged.
    pub fn kept(&mut self) -> Vec<Vec<u8>> {
        self.kept.as_mut().map(core::mem::take).unwrap_or_default()
    }

    fn keep(&mut self, record: impl FnOnce() -> Record) {
        if let Some(kept) = &mut self.kept {
            kept.push(record().encode());
        }
    }

    /// Takes a record that an earlier run kept, each in its order, before anything else is supplied. It is believed: nothing in it is checked again.
    ///
    /// # Errors
    /// If it does not follow what there is, or belongs to another election. The run is as it was before.
    pub fn resume(&mut self, record: &[u8]) -> Result<(), StateError> {
        match Record::decode(record)? {
            Record::Genesis(bytes) => {
                let kept = self.kept.take();
                let taken = self.take_genesis(Ok(bytes));
                self.kept = kept;
                taken.map_err(|_| StateError::OtherCard)
            }
            Record::Totals(bytes) => {
                let claimed = ClaimedTotals::parse(&bytes).map_err(StateError::Encoding)?;
                self.totals = Some(Ok(claimed));
                Ok(())
            }
            Record::Span(state) => self.resume_span(*state),
        }
    }

    fn resume_span(&mut self, state: State) -> Result<(), StateError> {
        let from = self.from();
        if from > 1 && self.range.is_none() {
            self.range = self.base.as_ref().map(Recount::later_range);
        }
        let recount = self.range.as_mut().or(self.base.as_mut());
        let recount = recount.ok_or(StateError::Contradicts)?;
        let (end, begin) = (next_of(recount, from), state.first().unwrap_or(0));
        let asked = self.heights.as_ref().map(|heights| *heights.end());
        let beyond = asked.is_some_and(|asked| state.last() > Some(asked));
        if begin != end || beyond {
            return Err(StateError::NotAdjacent { end, begin });
        }
        recount.check_facts(&state)?;
        recount.merge_state(state)
    }

    /// The range that begins later, once the setup is known.
    fn begin_range(&mut self) {
        if self.from() == 1 || self.spans.begun() {
            return;
        }
        let Some(base) = &self.base else {
            return;
        };
        let range = self.range.get_or_insert_with(|| base.later_range());
        let judged = range.judge_by(base.setup()).map_err(unfit);
        self.note(judged);
    }

    fn from(&self) -> Height {
        self.heights.as_ref().map_or(1, |heights| *heights.start())
    }

    /// The height that the next span to be merged begins at.
    fn next_to_merge(&self) -> Height {
        match (&self.range, &self.base) {
            (Some(range), _) => next_of(range, self.from()),
            (None, Some(base)) if self.from() == 1 => next_of(base, 1),
            _ => self.from(),
        }
    }

    fn all_merged(&self) -> bool {
        self.past_setup() && self.last().is_some_and(|last| self.next_to_merge() > last)
    }

    /// Whether nothing more can be fetched or verified.
    pub fn is_over(&self) -> bool {
        let ended = self.fault.is_some() || (self.all_merged() && self.totals.is_some());
        ended && self.second_looks().is_empty()
    }

    /// How far the recount has come.
    pub fn progress(&self) -> RecountProgress {
        let recount = self.range.as_ref().or(self.base.as_ref());
        recount.map(Recount::progress).unwrap_or_default()
    }

    /// The last header verified, to compare with what other nodes show ([`crate::Survey::relying_on`]).
    pub fn anchor(&self) -> Option<Anchor> {
        self.range.as_ref().or(self.base.as_ref())?.anchor()
    }

    /// The last block to count, once known.
    pub fn last(&self) -> Option<Height> {
        let last = self.plan.last()?;
        let asked = self.heights.as_ref().map(|heights| *heights.end());
        Some(asked.map_or(last, |asked| asked.min(last)))
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
        let recount = self.range.or(self.base)?;
        Some(recount.finish(claimed, self.now, self.fault))
    }
}

/// The height after the last block of a recount that begins at `from`.
fn next_of(recount: &Recount, from: Height) -> Height {
    recount.anchor().map_or(from, |end| end.height)
}

fn missing_block(height: Height) -> SourceFault {
    SourceFault::Missing(format!("block {height}"))
}

/// What a source gave does not fit what it gave before.
fn unfit(error: StateError) -> SourceFault {
    match error {
        StateError::OtherBlock { height } => SourceFault::BrokenChain { height },
        StateError::NotAdjacent { end, .. } => missing_block(end),
        error => SourceFault::Malformed(error.to_string()),
    }
}

fn totals_of(answer: Answer) -> Result<(Vec<u8>, ClaimedTotals), SourceFault> {
    let answer: StateQuery = decode_answer(&answer?)?;
    if answer.code != 0 {
        return Err(SourceFault::Missing("totals".into()));
    }
    let totals = ClaimedTotals::parse(&answer.value);
    let totals = totals.map_err(|e| SourceFault::Malformed(e.to_string()))?;
    Ok((answer.value, totals))
}
