//! A whole frozen election, recounted by a crew whose workers die at any moment, and by visits that end at any moment: always the
//! report of a run in one thread.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use recount_worker::{Begin, Delivery, Entry, Keeping, Lead, News, Order, SourceKind, read};
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use verifier_core::{
    LoneRecount, Origin, Report, Request, Span, SpanAnswers, SpanWorker, TrustCard, Verdict,
};

/// A frozen election: what a node answered, by route and query.
struct World {
    card: String,
    now: u64,
    answers: BTreeMap<String, Vec<u8>>,
}

impl World {
    fn load() -> Self {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/self-test.json");
        let tape: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let answers = tape["answers"].as_object().unwrap().iter();
        Self {
            card: tape["trust_card"].as_str().unwrap().to_owned(),
            now: tape["now"].as_u64().unwrap(),
            answers: answers
                .map(|(path, body)| (path.clone(), body.to_string().into_bytes()))
                .collect(),
        }
    }

    fn answer(&self, request: &Request) -> Vec<u8> {
        self.answers[&request.path()].clone()
    }

    fn begin(&self) -> Begin {
        Begin {
            card: self.card.clone(),
            now: self.now,
            source: SourceKind::Node,
            module: "a".into(),
            anew: false,
        }
    }

    /// What a run in one thread comes to.
    fn expected(&self) -> Report {
        let card = TrustCard::parse(self.card.as_bytes()).unwrap();
        let mut run = LoneRecount::new(card, self.now, Origin::Node);
        loop {
            while run.step() {}
            let needs = run.needs();
            if needs.is_empty() {
                return run.finish().unwrap();
            }
            for request in needs {
                run.supply(&request, Ok(self.answer(&request)));
            }
        }
    }
}

/// Chance that comes out the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

/// A visit: the worker that leads, and the page's side of the others.
struct Visit<'a> {
    world: &'a World,
    lead: Lead,
    setup: Vec<u8>,
    todo: VecDeque<(News, Option<Vec<u8>>)>,
    journal: Vec<u8>,
    report: Option<Box<Report>>,
    broke: bool,
}

impl<'a> Visit<'a> {
    /// With what an earlier visit kept.
    fn begin(world: &'a World, journal: &[u8]) -> Self {
        let mut lead = Lead::default();
        lead.begin(&world.begin()).unwrap();
        let mut at = 0;
        while let Some(length) = recount_worker::length(&journal[at..]) {
            let end = at + recount_worker::FRAME + length;
            let Some(entry) = journal.get(at..end).and_then(read::<Entry>) else {
                break;
            };
            assert!(lead.resume(&entry));
            at = end;
        }
        let todo = lead.go_on().into();
        Self {
            world,
            lead,
            setup: Vec::new(),
            todo,
            journal: journal[..at].to_vec(),
            report: None,
            broke: false,
        }
    }

    fn order(&mut self, order: Order, beside: Option<Vec<u8>>) {
        let told = self.lead.take(order, beside);
        self.todo.extend(told);
        self.journal.extend(self.lead.to_keep().concat());
    }

    /// Does the next thing. `fate` may end the worker that does it: before it asks, before it is done, or not at all.
    fn step(&mut self, mut fate: impl FnMut(u64) -> bool) -> bool {
        let Some((news, beside)) = self.todo.pop_front() else {
            return false;
        };
        match news {
            News::Needs(requests) => {
                for (number, request) in requests {
                    let bytes = Some(self.world.answer(&request));
                    let delivery = Delivery::Answer;
                    self.order(Order::Answer { number, delivery }, bytes);
                }
            }
            News::Setup => self.setup = beside.unwrap(),
            News::Span { worker, span } => {
                if fate(0) {
                    self.replace(worker);
                } else {
                    self.check(worker, &span, fate);
                }
            }
            News::Finished { report, .. } => self.report = Some(report),
            News::Broke => self.broke = true,
            _ => {}
        }
        true
    }

    fn replace(&mut self, worker: u16) {
        self.order(Order::Lost { worker }, None);
        self.order(Order::Joined { worker }, None);
    }

    fn check(&mut self, worker: u16, span: &Span, mut fate: impl FnMut(u64) -> bool) {
        let requests = span.requests.iter();
        let answers = requests.map(|request| Ok(self.world.answer(request)));
        let answers = SpanAnswers::read(span, answers.collect());
        let checker = SpanWorker::new(&self.setup).unwrap();
        let open = checker.open(&answers);
        let questions = borsh::to_vec(&open.questions()).unwrap();
        let number = span.number;
        let opened = Order::Opened {
            worker,
            span: number,
        };
        let told = self.lead.take(opened, Some(questions));
        let bits = told.iter().find_map(|(news, beside)| match news {
            News::Admitted { .. } => beside.clone(),
            _ => None,
        });
        self.todo.extend(told);
        let Some(bits) = bits else {
            return; // it was lost meanwhile
        };
        if fate(1) {
            return self.replace(worker);
        }
        let admitted: Vec<bool> = borsh::from_slice(&bits).unwrap();
        let facts = open.judge(&admitted, None).unwrap().encode();
        let judged = Order::Judged {
            worker,
            span: number,
        };
        self.order(judged.clone(), Some(facts.clone()));
        if fate(2) {
            self.order(judged, Some(facts)); // said twice, counted once
        }
    }
}

#[test]
fn a_crew_without_trouble_comes_to_the_report_of_one_thread() {
    let world = World::load();
    let expected = world.expected();
    assert_eq!(expected.verdict, Verdict::Accepted);
    for workers in [1, 2, 5] {
        let mut visit = Visit::begin(&world, &[]);
        for worker in 0..workers {
            visit.order(Order::Joined { worker }, None);
        }
        while visit.step(|_| false) {}
        assert_eq!(*visit.report.unwrap(), expected);
    }
}

#[test]
fn workers_that_die_at_any_moment_change_nothing() {
    let world = World::load();
    let expected = world.expected();
    for seed in 0..30 {
        let mut dice = Dice(seed);
        let mut visit = Visit::begin(&world, &[]);
        for worker in 0..3 {
            visit.order(Order::Joined { worker }, None);
        }
        while visit.step(|_| dice.below(5) == 0) {}
        if !visit.broke {
            assert_eq!(*visit.report.unwrap(), expected, "seed {seed}");
        }
    }
}

#[test]
fn a_span_that_ends_every_worker_ends_the_recount_without_a_verdict() {
    let world = World::load();
    let mut visit = Visit::begin(&world, &[]);
    visit.order(Order::Joined { worker: 0 }, None);
    while visit.step(|moment| moment == 0) {}
    assert!(visit.broke);
    assert!(visit.report.is_none());
}

#[test]
fn visits_that_end_at_any_moment_go_on_where_they_were() {
    let world = World::load();
    let expected = world.expected();
    let mut resumed = 0;
    for seed in 0..100 {
        let mut dice = Dice(seed);
        let mut journal = Vec::new();
        let report = loop {
            let mut visit = Visit::begin(&world, &journal);
            if let Keeping::Kept { ballots, .. } = visit.lead.kept_before(None) {
                resumed += u64::from(ballots > 0);
            }
            for worker in 0..2 {
                visit.order(Order::Joined { worker }, None);
            }
            let steps = dice.below(12) + 1;
            let mut done = 0;
            while done < steps && visit.step(|_| false) {
                done += 1;
            }
            if let Some(report) = visit.report {
                break report;
            }
            // Whatever was being written when the browser ended may be torn.
            let torn = usize::try_from(dice.below(40)).unwrap();
            journal = visit.journal;
            if dice.below(2) == 0 {
                journal.truncate(journal.len().saturating_sub(torn));
            }
        };
        assert_eq!(*report, expected, "seed {seed}");
    }
    assert!(resumed > 0);
}

#[test]
fn a_visit_after_the_end_asks_for_nothing() {
    let world = World::load();
    let mut first = Visit::begin(&world, &[]);
    first.order(Order::Joined { worker: 0 }, None);
    while first.step(|_| false) {}
    let mut second = Visit::begin(&world, &first.journal);
    second
        .todo
        .retain(|(news, _)| matches!(news, News::Finished { .. }));
    assert!(second.step(|_| false));
    assert_eq!(second.report, first.report);
}
