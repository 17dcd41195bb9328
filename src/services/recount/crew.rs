//! The workers that check: one for each core. One that ends is started again, and the worker that leads hands its spans out again.

use super::carrier::Carrier;
use super::hand::Hand;
use crate::services::clock;
use crate::services::source::Delivered;
use crate::state::Doing;
use gloo::timers::callback::Interval;
use js_sys::Uint8Array;
use recount_worker::{Delivery, Found, Order, Task, ToWorker};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use verifier_core::Span;

const RESTART_MS: u32 = 300;
/// More workers than this gain nothing: the line is slower.
const MOST: u16 = 32;
/// A worker that has something to do and says nothing for so many ticks of a second is taken for gone. A tab that sleeps has no ticks.
const SILENCE: u32 = 180;
const TICK_MS: u32 = 1_000;

type GiveOrder = Box<dyn Fn(Order, Option<Uint8Array>)>;

/// All workers but the one that leads. Dropping it ends them.
pub struct Crew {
    module: String,
    carrier: Rc<Carrier>,
    members: RefCell<BTreeMap<u16, Member>>,
    setup: RefCell<Option<Uint8Array>>,
    order: GiveOrder,
    working: Box<dyn Fn(Vec<Doing>)>,
    _watchdog: Interval,
}

struct Member {
    hand: Hand,
    ready: bool,
    /// Counts the workers that had this place, so that nothing meant for one reaches the next.
    life: u32,
    spans: BTreeMap<u32, Doing>,
    silent: Cell<u32>,
}

impl Crew {
    pub fn start(
        module: &str,
        carrier: Rc<Carrier>,
        order: impl Fn(Order, Option<Uint8Array>) + 'static,
        working: impl Fn(Vec<Doing>) + 'static,
    ) -> Rc<Self> {
        let crew = Rc::new_cyclic(|weak: &Weak<Self>| {
            let watched = weak.clone();
            let tick = move || {
                if let Some(crew) = watched.upgrade() {
                    crew.tick();
                }
            };
            Self {
                module: module.to_owned(),
                carrier,
                members: RefCell::default(),
                setup: RefCell::default(),
                order: Box::new(order),
                working: Box::new(working),
                _watchdog: Interval::new(TICK_MS, tick),
            }
        });
        for worker in 0..cores() {
            crew.hire(worker, 0);
        }
        crew
    }

    /// Tells all workers the setup, and those that come later as well.
    pub fn prepare(&self, setup: Option<Uint8Array>) {
        self.setup.replace(setup);
        for member in self.members.borrow().values() {
            self.brief(member);
        }
    }

    /// Fetches a span for a worker.
    pub fn open(self: &Rc<Self>, worker: u16, span: Span) {
        let mut life = None;
        if let Some(member) = self.members.borrow_mut().get_mut(&worker) {
            let (first, last) = (span.first, span.last);
            member
                .spans
                .insert(span.number, Doing::Fetching { first, last });
            life = Some(member.life);
        }
        let Some(life) = life else {
            return; // it is gone, and the worker that leads has been told
        };
        self.report();
        let workers = self.members.borrow().len();
        let hints = span
            .hints
            .clone()
            .filter(|_| self.carrier.hints_pay(workers));
        let wanted = span.requests.len();
        let parcel = Parcel::new(wanted, hints.is_some());
        let requests = span
            .requests
            .iter()
            .cloned()
            .chain(hints)
            .collect::<Vec<_>>();
        let (crew, span) = (Rc::downgrade(self), Rc::new(span));
        for (at, request) in requests.into_iter().enumerate() {
            let (crew, span, parcel) = (crew.clone(), span.clone(), parcel.clone());
            self.carrier.fetch(request, move |delivered| {
                let whole = parcel.borrow_mut().put(at, delivered);
                if let (true, Some(crew)) = (whole, crew.upgrade()) {
                    crew.send(worker, life, &span, parcel.take());
                }
            });
        }
    }

    /// Tells a worker who may vote.
    pub fn judge(&self, worker: u16, span: u32, bits: Option<Uint8Array>) {
        if let Some(member) = self.members.borrow().get(&worker) {
            let task = Task::Judge { span };
            member.hand.tell(&ToWorker::Check(task), bits.as_slice());
        }
    }

    fn send(&self, worker: u16, life: u32, span: &Span, parcel: Parcel) {
        if let Some(member) = self.members.borrow_mut().get_mut(&worker)
            && member.life == life
        {
            let (first, last) = (span.first, span.last);
            member
                .spans
                .insert(span.number, Doing::Checking { first, last });
            member.silent.set(0);
            let (deliveries, hinted, buffers) = parcel.unpacked();
            let span = Box::new(span.clone());
            let task = Task::Open {
                span,
                deliveries,
                hinted,
            };
            member.hand.tell(&ToWorker::Check(task), &buffers);
        }
        self.report();
    }

    fn hire(self: &Rc<Self>, worker: u16, life: u32) {
        let (heard, gone) = (Rc::downgrade(self), Rc::downgrade(self));
        let carrier = self.carrier.clone();
        let hand = Hand::start(
            &self.module,
            move |found, beside| {
                if let Some(crew) = heard.upgrade() {
                    crew.hear(worker, found, beside);
                }
            },
            move |buffer| carrier.give_back(buffer),
            move || {
                if let Some(crew) = gone.upgrade() {
                    crew.lose(worker);
                }
            },
        );
        let Some(hand) = hand else {
            return; // the others do its work
        };
        let member = Member {
            hand,
            ready: false,
            life,
            spans: BTreeMap::new(),
            silent: Cell::new(0),
        };
        self.members.borrow_mut().insert(worker, member);
        self.report();
    }

    fn lose(self: &Rc<Self>, worker: u16) {
        let Some(member) = self.members.borrow_mut().remove(&worker) else {
            return;
        };
        (self.order)(Order::Lost { worker }, None);
        self.report();
        let (crew, life) = (Rc::downgrade(self), member.life.saturating_add(1));
        clock::after(RESTART_MS, move || {
            if let Some(crew) = crew.upgrade() {
                crew.hire(worker, life);
            }
        });
    }

    fn hear(&self, worker: u16, found: Found, beside: Option<Uint8Array>) {
        if let Some(member) = self.members.borrow_mut().get_mut(&worker) {
            member.silent.set(0);
            match found {
                Found::Ready => {
                    member.ready = true;
                    member.hand.watch();
                    self.brief(member);
                }
                Found::Opened { .. } => {}
                Found::Judged { span } => {
                    member.spans.remove(&span);
                }
            }
        }
        self.report();
        let order = match found {
            Found::Ready => Order::Joined { worker },
            Found::Opened { span } => Order::Opened { worker, span },
            Found::Judged { span } => Order::Judged { worker, span },
        };
        (self.order)(order, beside);
    }

    fn brief(&self, member: &Member) {
        if let (true, Some(setup)) = (member.ready, self.setup.borrow().as_ref()) {
            let copy = setup.slice(0, setup.length());
            member.hand.tell(&ToWorker::Check(Task::Prepare), &[copy]);
        }
    }

    fn tick(&self) {
        let mut silent = Vec::new();
        for (worker, member) in self.members.borrow().iter() {
            let checks = |doing: &Doing| matches!(doing, Doing::Checking { .. });
            if member.ready && !member.spans.values().any(checks) {
                member.silent.set(0);
            } else {
                member.silent.set(member.silent.get().saturating_add(1));
            }
            if member.silent.get() > SILENCE {
                silent.push(*worker);
            }
        }
        for worker in silent {
            let end = self.members.borrow().get(&worker).map(|m| m.hand.end());
            if let Some(end) = end {
                end();
            }
        }
    }

    fn report(&self) {
        let members = self.members.borrow();
        let doing = |worker| match members.get(&worker) {
            None => Doing::Gone,
            Some(member) if !member.ready => Doing::Starting,
            Some(member) => Doing::most_telling(member.spans.values().copied()),
        };
        (self.working)((0..cores()).map(doing).collect());
    }
}

/// Answers of one span on their way to a worker.
#[derive(Default)]
struct Parcel {
    parts: Vec<Option<Delivered>>,
    wanted: usize,
}

impl Parcel {
    fn new(wanted: usize, hinted: bool) -> Rc<RefCell<Self>> {
        let all = wanted.saturating_add(usize::from(hinted));
        let parts = core::iter::repeat_with(|| None).take(all).collect();
        Rc::new(RefCell::new(Self { parts, wanted }))
    }

    /// Puts a part in its place. Gives whether all are there.
    fn put(&mut self, at: usize, delivered: Delivered) -> bool {
        if let Some(part) = self.parts.get_mut(at) {
            *part = Some(delivered);
        }
        !self.parts.is_empty() && self.parts.iter().all(Option::is_some)
    }

    /// What was delivered, whether hints follow, and the buffers. Hints that did not come are done without.
    fn unpacked(self) -> (Vec<Delivery>, bool, Vec<Uint8Array>) {
        let (mut deliveries, mut buffers) = (Vec::new(), Vec::new());
        let mut hinted = false;
        for (at, part) in self.parts.into_iter().flatten().enumerate() {
            hinted = at >= self.wanted && part.bytes.is_some();
            buffers.extend(part.bytes);
            if at < self.wanted {
                deliveries.push(part.delivery);
            }
        }
        (deliveries, hinted, buffers)
    }
}

/// How many workers this machine keeps busy.
fn cores() -> u16 {
    let cores = gloo::utils::window().navigator().hardware_concurrency();
    u16::try_from(clock::whole(cores))
        .unwrap_or(MOST)
        .clamp(1, MOST)
}
