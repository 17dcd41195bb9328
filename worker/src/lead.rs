//! The worker that leads: a run, the requests under way, and the workers that have its spans.

use crate::journal::{self, Entry, Head};
use crate::roster::Roster;
use crate::{Begin, Delivery, Keeping, News, Order, Progress, SourceKind};
use std::collections::BTreeMap;
use verifier_core::{
    AssetId, Origin, PublicKey, RecountRun, Request, Seconds, SourceFault, SpanFacts, TrustCard,
    TrustCardError,
};

/// News with what travels beside it.
pub type Told = (News, Option<Vec<u8>>);

/// A recount, from its beginning to its report.
#[derive(Default)]
pub struct Lead {
    run: Option<RecountRun>,
    now: Seconds,
    /// The last records of a run that has finished.
    last_records: Vec<Vec<u8>>,
    asked: BTreeMap<u32, Request>,
    next_number: u32,
    roster: Roster,
    workers_are_told: bool,
}

/// Whose progress a recount makes.
///
/// # Errors
/// If the card cannot be used.
pub fn head(begin: &Begin) -> Result<Head, TrustCardError> {
    Ok(Head {
        card: TrustCard::parse(begin.card.as_bytes())?.fingerprint(),
        module: begin.module.clone(),
    })
}

impl Lead {
    /// Begins.
    ///
    /// # Errors
    /// If the card cannot be used.
    pub fn begin(&mut self, begin: &Begin) -> Result<(), TrustCardError> {
        let card = TrustCard::parse(begin.card.as_bytes())?;
        let run = RecountRun::new(card, begin.now, origin(begin.source));
        self.run = Some(run.keeping());
        self.now = begin.now;
        Ok(())
    }

    /// Takes what an earlier visit kept, each entry in its order, before anything else. Gives whether it fits.
    pub fn resume(&mut self, entry: &Entry) -> bool {
        self.run
            .as_mut()
            .is_some_and(|run| run.resume(&entry.record).is_ok())
    }

    /// What there is when a visit begins.
    pub fn kept_before(&self, at: Option<Seconds>) -> Keeping {
        let ballots = self.run.as_ref().map(|run| run.progress().ballots);
        Keeping::Kept {
            ballots: ballots.unwrap_or(0),
            at,
        }
    }

    /// What is to be appended to the journal since the last call.
    pub fn to_keep(&mut self) -> Vec<Vec<u8>> {
        let at = self.now;
        let mut records = std::mem::take(&mut self.last_records);
        records.extend(self.run.as_mut().map(RecountRun::kept).unwrap_or_default());
        let entries = records.into_iter().map(|record| Entry { at, record });
        entries.map(|entry| journal::framed(&entry)).collect()
    }

    /// Takes an order with the bytes that came beside it.
    pub fn take(&mut self, order: Order, bytes: Option<Vec<u8>>) -> Vec<Told> {
        let mut told = Vec::new();
        match order {
            Order::Begin(_) => {}
            Order::Answer { number, delivery } => self.supply(number, delivery, bytes),
            Order::Joined { worker } => self.roster.join(worker),
            Order::Lost { worker } => self.lose(worker),
            Order::Opened { worker, span } => told.extend(self.admit(worker, span, bytes)),
            Order::Judged { worker, span } => self.merge(worker, span, bytes),
        }
        told.extend(self.go_on());
        told
    }

    /// What follows from how things stand.
    pub fn go_on(&mut self) -> Vec<Told> {
        let Some(run) = &self.run else {
            return Vec::new();
        };
        let mut told = vec![(News::Progress(progress(run)), None)];
        if run.is_over() {
            told.extend(self.finish().map(|news| (news, None)));
        } else if self.roster.is_deadly() {
            self.run = None;
            told.push((News::Broke, None));
        } else {
            told.extend(self.hand_out());
            let asked = self.ask();
            if !asked.is_empty() {
                told.push((News::Needs(asked), None));
            }
        }
        told
    }

    fn supply(&mut self, number: u32, delivery: Delivery, bytes: Option<Vec<u8>>) {
        if let (Some(request), Some(run)) = (self.asked.remove(&number), &mut self.run) {
            run.supply(&request, delivery.into_answer(&request, bytes));
        }
    }

    fn lose(&mut self, worker: u16) {
        for span in self.roster.lose(worker) {
            if let Some(run) = &mut self.run {
                run.give_back(span);
            }
        }
    }

    fn admit(&self, worker: u16, span: u32, questions: Option<Vec<u8>>) -> Option<Told> {
        let run = self.run.as_ref()?;
        if !self.roster.holds(worker, span) {
            return None;
        }
        let questions: Vec<(AssetId, PublicKey)> = borsh::from_slice(&questions?).ok()?;
        let bits = borsh::to_vec(&run.admit(&questions)).ok()?;
        Some((News::Admitted { worker, span }, Some(bits)))
    }

    /// What a worker found counts once, and only from the one that holds the span.
    fn merge(&mut self, worker: u16, span: u32, facts: Option<Vec<u8>>) {
        if !self.roster.done(worker, span) {
            return;
        }
        let facts = facts
            .and_then(|bytes| SpanFacts::decode(&bytes).ok())
            .ok_or_else(|| SourceFault::Malformed(format!("the facts of span {span}")));
        if let Some(run) = &mut self.run {
            run.take(span, facts);
        }
    }

    fn hand_out(&mut self) -> Vec<Told> {
        let mut told = Vec::new();
        let Some(run) = &mut self.run else {
            return told;
        };
        while let Some(worker) = self.roster.free() {
            let Some(span) = run.next_span() else {
                break;
            };
            if !self.workers_are_told {
                self.workers_are_told = true;
                told.push((News::Setup, run.setup_for_workers()));
            }
            self.roster.give(worker, span.number);
            let span = Box::new(span);
            told.push((News::Span { worker, span }, None));
        }
        told
    }

    fn ask(&mut self) -> Vec<(u32, Request)> {
        let needs = self.run.as_ref().map(RecountRun::needs);
        let mut asked = Vec::new();
        for request in needs.unwrap_or_default() {
            if !self.asked.values().any(|under_way| *under_way == request) {
                self.asked.insert(self.next_number, request.clone());
                asked.push((self.next_number, request));
                self.next_number = self.next_number.wrapping_add(1);
            }
        }
        asked
    }

    fn finish(&mut self) -> Option<News> {
        let mut run = self.run.take()?;
        self.last_records = run.kept();
        let fault = run.fault().cloned().unwrap_or(SourceFault::Unreachable);
        let anchor = run.anchor();
        Some(match run.finish() {
            Some(report) => News::Finished {
                report: Box::new(report),
                anchor,
            },
            None => News::Faulted(fault),
        })
    }
}

fn origin(source: SourceKind) -> Origin {
    match source {
        SourceKind::Node => Origin::Node,
        SourceKind::Archive => Origin::Archive,
        SourceKind::Folder { end } => Origin::Folder { end },
    }
}

fn progress(run: &RecountRun) -> Progress {
    let progress = run.progress();
    Progress {
        blocks: progress.last.unwrap_or(0),
        all_blocks: run.last(),
        ballots: progress.ballots,
    }
}
