//! Carries what workers ask for: a few requests at a time, again where a line was lost, and nothing while paused.

use crate::services::buffers::Buffers;
use crate::services::clock;
use crate::services::source::{Delivered, Source};
use crate::state::line::Line;
use crate::state::retry::Retry;
use gloo::timers::future::TimeoutFuture;
use js_sys::ArrayBuffer;
use recount_worker::Delivery;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use verifier_core::{Request, SourceFault};

/// A browser opens about this many connections to one server.
const AT_ONCE: usize = 6;

type Deliver = Box<dyn FnOnce(Delivered)>;

/// The requests of one recount.
pub struct Carrier {
    source: Source,
    buffers: Buffers,
    waiting: RefCell<VecDeque<(Request, Deliver)>>,
    under_way: Cell<usize>,
    paused: Cell<bool>,
    ended: Cell<bool>,
    /// Whether the source has ever answered.
    answered: Cell<bool>,
    line: RefCell<Line>,
    /// Hears what is wrong with the line, and that it is well again.
    trouble: Box<dyn Fn(Option<SourceFault>)>,
}

impl Carrier {
    pub fn new(source: Source, trouble: impl Fn(Option<SourceFault>) + 'static) -> Rc<Self> {
        Rc::new(Self {
            source,
            buffers: Buffers::default(),
            waiting: RefCell::default(),
            under_way: Cell::new(0),
            paused: Cell::new(false),
            ended: Cell::new(false),
            answered: Cell::new(false),
            line: RefCell::default(),
            trouble: Box::new(trouble),
        })
    }

    /// Fetches, and delivers when it is there.
    pub fn fetch(self: &Rc<Self>, request: Request, deliver: impl FnOnce(Delivered) + 'static) {
        self.waiting
            .borrow_mut()
            .push_back((request, Box::new(deliver)));
        self.go_on();
    }

    /// While paused, nothing new is fetched.
    pub fn pause(self: &Rc<Self>, paused: bool) {
        self.paused.set(paused);
        self.go_on();
    }

    /// Nothing more is delivered.
    pub fn end(&self) {
        self.ended.set(true);
        self.waiting.borrow_mut().clear();
    }

    /// Takes a buffer whose answer was used.
    pub fn give_back(&self, buffer: ArrayBuffer) {
        self.buffers.give_back(buffer);
    }

    /// Forgets what was asked for and not fetched yet.
    pub fn forget(&self) {
        self.waiting.borrow_mut().clear();
    }

    /// Whether hints, which make a third more to download, save more time than they take.
    pub fn hints_pay(&self, workers: usize) -> bool {
        self.source.is_local() || self.line.borrow().pays(workers)
    }

    fn go_on(self: &Rc<Self>) {
        while !self.paused.get() && self.under_way.get() < AT_ONCE {
            let Some((request, deliver)) = self.waiting.borrow_mut().pop_front() else {
                return;
            };
            self.under_way.set(self.under_way.get().saturating_add(1));
            let carrier = self.clone();
            yew::platform::spawn_local(async move {
                let delivered = carrier.carry(&request).await;
                carrier
                    .under_way
                    .set(carrier.under_way.get().saturating_sub(1));
                if !carrier.ended.get() {
                    deliver(delivered);
                    carrier.go_on();
                }
            });
        }
    }

    async fn carry(&self, request: &Request) -> Delivered {
        let mut retry = Retry::default();
        loop {
            self.line.borrow_mut().begin(clock::milliseconds());
            let delivered = self.source.deliver(request, &self.buffers).await;
            let bytes = delivered.bytes.as_ref().map_or(0, |b| b.byte_length());
            let now = clock::milliseconds();
            self.line.borrow_mut().end(now, u64::from(bytes));
            let pause = match &delivered.delivery {
                Delivery::Nothing(fault) if self.answered.get() => retry.pause(fault),
                _ => None,
            };
            let (Delivery::Nothing(fault), Some(pause)) = (&delivered.delivery, pause) else {
                self.note_answer(&delivered, &retry);
                return delivered;
            };
            if self.ended.get() {
                return delivered;
            }
            (self.trouble)(Some(fault.clone()));
            TimeoutFuture::new(pause).await;
        }
    }

    fn note_answer(&self, delivered: &Delivered, retry: &Retry) {
        if delivered.bytes.is_some() {
            self.answered.set(true);
            if retry.has_failed() && !self.ended.get() {
                (self.trouble)(None);
            }
        }
    }
}
