//! The page's side of a recount: keeps the workers going, carries what they ask for, passes on their news.

mod carrier;
mod crew;
pub mod hand;

use super::clock;
use super::source::Source;
use crate::state::Doing;
use carrier::Carrier;
use crew::Crew;
use hand::Hand;
use js_sys::Uint8Array;
use recount_worker::{Begin, Keeping, News, Order, Progress, SourceKind, ToWorker};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use verifier_core::{Anchor, Report, Request, SourceFault, TrustCard};

/// A browser that ends the leading worker so often does not want this recount.
const LEADS: u32 = 4;
const RESTART_MS: u32 = 500;

/// What the page hears of a recount.
#[derive(Clone, Debug)]
pub enum Event {
    Keeping(Keeping),
    Progressed(Progress),
    /// What each worker does.
    Working(Vec<Doing>),
    /// What is wrong with the line to the source, if anything.
    Line(Option<SourceFault>),
    Finished {
        report: Box<Report>,
        /// The last header verified.
        anchor: Option<Anchor>,
    },
    /// The source gave nothing to begin with.
    Faulted(SourceFault),
    /// Workers stop whatever is done.
    Broke,
}

/// A recount at work. Dropping it ends the workers.
pub struct Recount(Rc<Inner>);

/// An order, with what travels beside it.
type Sent = (Order, Option<Uint8Array>);

struct Inner {
    card: TrustCard,
    anew: Cell<bool>,
    module: String,
    kind: Cell<SourceKind>,
    carrier: RefCell<Option<Rc<Carrier>>>,
    lead: RefCell<Option<Hand>>,
    leads: Cell<u32>,
    /// Orders that wait for the worker that leads to listen; nothing, once it does.
    early: RefCell<Option<Vec<Sent>>>,
    crew: RefCell<Option<Rc<Crew>>>,
    paused: Cell<bool>,
    ended: Cell<bool>,
    news: Box<dyn Fn(Event)>,
}

impl Recount {
    /// Starts a recount; `anew` forgets what earlier visits kept.
    pub fn start(
        card: &TrustCard,
        source: Source,
        anew: bool,
        news: impl Fn(Event) + 'static,
    ) -> Option<Self> {
        let inner = Rc::new(Inner {
            card: card.clone(),
            anew: Cell::new(anew),
            module: hand::module()?,
            kind: Cell::new(source.kind()),
            carrier: RefCell::default(),
            lead: RefCell::default(),
            leads: Cell::new(0),
            early: RefCell::default(),
            crew: RefCell::default(),
            paused: Cell::new(false),
            ended: Cell::new(false),
            news: Box::new(news),
        });
        let begun = inner.clone();
        yew::platform::spawn_local(async move {
            let source = source.at_its_best(&begun.card).await;
            if !begun.ended.get() {
                begun.begin(source);
            }
        });
        Some(Self(inner))
    }

    /// While paused, nothing is fetched, so that the workers soon have nothing to do.
    pub fn pause(&self, paused: bool) {
        self.0.paused.set(paused);
        if let Some(carrier) = self.0.carrier.borrow().as_ref() {
            carrier.pause(paused);
        }
    }
}

impl Drop for Recount {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Inner {
    fn begin(self: &Rc<Self>, source: Source) {
        self.kind.set(source.kind());
        let weak = Rc::downgrade(self);
        let carrier = Carrier::new(source, move |fault| tell(&weak, Event::Line(fault)));
        carrier.pause(self.paused.get());
        self.carrier.replace(Some(carrier.clone()));
        self.start_workers(&carrier);
    }

    /// The one that leads, and a new crew for it.
    fn start_workers(self: &Rc<Self>, carrier: &Rc<Carrier>) {
        let (heard, gone) = (Rc::downgrade(self), Rc::downgrade(self));
        let used = carrier.clone();
        let lead = Hand::start(
            &self.module,
            move |news, beside| {
                if let Some(inner) = heard.upgrade() {
                    inner.hear(news, beside);
                }
            },
            move |buffer| used.give_back(buffer),
            move || {
                if let Some(inner) = gone.upgrade() {
                    clock::after(RESTART_MS, move || inner.lead_again());
                }
            },
        );
        let Some(lead) = lead else {
            return (self.news)(Event::Broke);
        };
        self.lead.replace(Some(lead));
        self.early.replace(Some(Vec::new()));
        let weak = Rc::downgrade(self);
        let order = move |order: Order, beside: Option<Uint8Array>| {
            if let Some(inner) = weak.upgrade() {
                inner.order(order, beside);
            }
        };
        let weak = Rc::downgrade(self);
        let working = move |doing| tell(&weak, Event::Working(doing));
        let crew = Crew::start(&self.module, carrier.clone(), order, working);
        self.crew.replace(Some(crew));
    }

    /// The worker that leads is gone, and with it whatever was not kept: all of them begin again.
    fn lead_again(self: &Rc<Self>) {
        let carrier = self.carrier.borrow().clone();
        let Some(carrier) = carrier.filter(|_| !self.ended.get()) else {
            return;
        };
        self.leads.set(self.leads.get().saturating_add(1));
        if self.leads.get() >= LEADS {
            self.end();
            return (self.news)(Event::Broke);
        }
        self.anew.set(false);
        self.crew.replace(None);
        carrier.forget();
        self.start_workers(&carrier);
    }

    fn hear(self: &Rc<Self>, news: News, beside: Option<Uint8Array>) {
        let crew = self.crew.borrow().clone();
        match (news, crew) {
            (News::Ready, _) => self.greet(),
            (News::Needs(requests), _) => self.fetch(requests),
            (News::Setup, Some(crew)) => crew.prepare(beside),
            (News::Span { worker, span }, Some(crew)) => crew.open(worker, *span),
            (News::Admitted { worker, span }, Some(crew)) => crew.judge(worker, span, beside),
            (News::Keeping(keeping), _) => (self.news)(Event::Keeping(keeping)),
            (News::Progress(progress), _) => (self.news)(Event::Progressed(progress)),
            (News::Finished { report, anchor }, _) => {
                self.end();
                (self.news)(Event::Finished { report, anchor });
            }
            (News::Faulted(fault), _) => {
                self.end();
                (self.news)(Event::Faulted(fault));
            }
            (News::Broke, _) => {
                self.end();
                (self.news)(Event::Broke);
            }
            (News::Setup | News::Span { .. } | News::Admitted { .. }, None) => {}
        }
    }

    fn greet(&self) {
        if let Some(lead) = self.lead.borrow().as_ref() {
            lead.watch();
        }
        let begin = Begin {
            card: self.card.to_json(),
            now: clock::now(),
            source: self.kind.get(),
            module: self.module.clone(),
            anew: self.anew.get(),
        };
        let early = self.early.take().unwrap_or_default();
        self.order(Order::Begin(begin), None);
        for (order, beside) in early {
            self.order(order, beside);
        }
    }

    fn fetch(self: &Rc<Self>, requests: Vec<(u32, Request)>) {
        let Some(carrier) = self.carrier.borrow().clone() else {
            return;
        };
        let leads = self.leads.get();
        for (number, request) in requests {
            let inner = self.clone();
            carrier.fetch(request, move |delivered| {
                if inner.leads.get() == leads {
                    let delivery = delivered.delivery;
                    inner.order(Order::Answer { number, delivery }, delivered.bytes);
                }
            });
        }
    }

    fn order(&self, order: Order, beside: Option<Uint8Array>) {
        if let Some(early) = self.early.borrow_mut().as_mut() {
            return early.push((order, beside));
        }
        if let Some(lead) = self.lead.borrow().as_ref() {
            lead.tell(&ToWorker::Lead(order), beside.as_slice());
        }
    }

    fn end(&self) {
        self.ended.set(true);
        if let Some(carrier) = self.carrier.borrow().as_ref() {
            carrier.end();
        }
        self.crew.replace(None);
        self.lead.replace(None);
    }
}

fn tell(inner: &Weak<Inner>, event: Event) {
    if let Some(inner) = inner.upgrade().filter(|inner| !inner.ended.get()) {
        (inner.news)(event);
    }
}
