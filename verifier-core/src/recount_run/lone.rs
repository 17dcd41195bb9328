//! A recount in one thread: one span after another.

use super::{Origin, RecountRun, Span, SpanAnswers, SpanWorker};
use crate::finding::SourceFault;
use crate::ids::{Height, Seconds};
use crate::recount::RecountProgress;
use crate::report::Report;
use crate::request::{Answer, Request};
use crate::trust_card::{Anchor, TrustCard};
use std::collections::BTreeMap;

/// A [`RecountRun`] with its only worker.
pub struct LoneRecount {
    run: RecountRun,
    worker: Option<SpanWorker>,
    span: Option<Span>,
    answers: BTreeMap<Request, Answer>,
}

impl LoneRecount {
    /// Begins at the genesis.
    pub fn new(card: TrustCard, now: Seconds, origin: Origin) -> Self {
        Self::of(RecountRun::new(card, now, origin))
    }

    /// Goes on with a run of which no span is handed out.
    pub fn of(run: RecountRun) -> Self {
        let mut lone = Self {
            run,
            worker: None,
            span: None,
            answers: BTreeMap::new(),
        };
        lone.next_span();
        lone
    }

    /// What is needed next; empty once everything is there or a source is at fault.
    pub fn needs(&self) -> Vec<Request> {
        let mut needs = self.run.needs();
        let of_span = self.span.iter().flat_map(|span| &span.requests);
        let missing = of_span.filter(|request| !self.answers.contains_key(request));
        needs.extend(missing.cloned());
        needs
    }

    /// Takes an answer, as [`RecountRun::supply`].
    pub fn supply(&mut self, request: &Request, answer: Answer) {
        let of_span = self.span.as_ref();
        if of_span.is_some_and(|span| span.requests.contains(request)) {
            self.answers.insert(request.clone(), answer);
        } else {
            self.run.supply(request, answer);
            self.next_span();
        }
    }

    /// Judges the next span, if it is there. Gives whether there may be more to do right away.
    pub fn step(&mut self) -> bool {
        let all_there = |span: &Span| span.requests.iter().all(|r| self.answers.contains_key(r));
        if !self.span.as_ref().is_some_and(all_there) {
            return false;
        }
        if let (Some(span), Some(worker)) = (self.span.take(), &self.worker) {
            let answers = span.requests.iter();
            let answers = answers.filter_map(|request| self.answers.remove(request));
            let answers = SpanAnswers::read(&span, answers.collect());
            let open = worker.open(&answers);
            let admitted = self.run.admit(&open.questions());
            let facts = open.judge(&admitted, None);
            let facts = facts.map_err(|error| SourceFault::Malformed(error.to_string()));
            self.run.take(span.number, facts);
        }
        self.answers.clear();
        self.next_span();
        true
    }

    fn next_span(&mut self) {
        if self.span.is_some() {
            return;
        }
        self.span = self.run.next_span();
        if self.span.is_some() && self.worker.is_none() {
            let setup = self.run.setup_for_workers();
            self.worker = setup.and_then(|setup| SpanWorker::new(&setup).ok());
        }
    }

    /// Whether nothing more can be fetched or verified.
    pub fn is_over(&self) -> bool {
        self.needs().is_empty()
    }

    /// How far the recount has come.
    pub fn progress(&self) -> RecountProgress {
        self.run.progress()
    }

    /// As [`RecountRun::anchor`].
    pub fn anchor(&self) -> Option<Anchor> {
        self.run.anchor()
    }

    /// The last block to count, once known.
    pub fn last(&self) -> Option<Height> {
        self.run.last()
    }

    /// What the source did wrong, if anything.
    pub fn fault(&self) -> Option<&SourceFault> {
        self.run.fault()
    }

    /// As [`RecountRun::finish`].
    pub fn finish(self) -> Option<Report> {
        self.run.finish()
    }
}
