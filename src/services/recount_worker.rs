//! The page's side of a recount: starts the worker, fetches what it asks for, passes on its news.

use super::source::Source;
use super::{clock, document};
use crate::state::Progress;
use crate::state::row::{Reason, Recounted};
use crate::state::worker_talk::{News, Order};
use gloo::events::EventListener;
use js_sys::Uint8Array;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use verifier_core::{Request, TrustCard};
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// A browser opens about this many connections to one server.
const AT_ONCE: usize = 6;

/// What the page hears of a recount.
#[derive(Clone, Debug)]
pub enum Event {
    Progressed(Progress),
    Finished(Box<Recounted>),
    /// The source gave nothing to begin with.
    Faulted(Reason),
    /// The worker stopped without an answer.
    Broke,
}

/// A recount at work. Dropping it ends the worker.
pub struct RecountWorker {
    inner: Rc<Inner>,
    _listeners: [EventListener; 2],
}

struct Inner {
    worker: Worker,
    source: Source,
    waiting: RefCell<VecDeque<(u32, Request)>>,
    under_way: Cell<usize>,
    paused: Cell<bool>,
    ended: Cell<bool>,
}

impl RecountWorker {
    /// Starts a recount; `None` if the browser gives no worker.
    pub fn start(card: &TrustCard, source: Source, news: impl Fn(Event) + 'static) -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&document::worker_address()?, &options).ok()?;
        let order = Order::Start {
            card: card.to_json(),
            now: clock::now(),
            end: source.end(),
        };
        let inner = Rc::new(Inner {
            worker,
            source,
            waiting: RefCell::default(),
            under_way: Cell::new(0),
            paused: Cell::new(false),
            ended: Cell::new(false),
        });
        let news = Rc::new(news);
        let listeners = [
            listen(&inner, order, news.clone()),
            EventListener::new(&inner.worker, "error", move |_| news(Event::Broke)),
        ];
        Some(Self {
            inner,
            _listeners: listeners,
        })
    }

    /// While paused, nothing is fetched, so that the worker soon has nothing to do.
    pub fn pause(&self, paused: bool) {
        self.inner.paused.set(paused);
        fetch_more(&self.inner);
    }
}

impl Drop for RecountWorker {
    fn drop(&mut self) {
        self.inner.ended.set(true);
        self.inner.worker.terminate();
    }
}

fn listen(inner: &Rc<Inner>, order: Order, news: Rc<impl Fn(Event) + 'static>) -> EventListener {
    let weak = Rc::downgrade(inner);
    EventListener::new(&inner.worker, "message", move |event| {
        let (Some(inner), Some(event)) = (weak.upgrade(), event.dyn_ref::<MessageEvent>()) else {
            return;
        };
        let bytes = Uint8Array::new(&event.data()).to_vec();
        match borsh::from_slice::<News>(&bytes) {
            Ok(News::Ready) => tell(&inner.worker, &order),
            Ok(News::Needs(requests)) => {
                inner.waiting.borrow_mut().extend(requests);
                fetch_more(&inner);
            }
            Ok(News::Progress {
                blocks,
                all_blocks,
                ballots,
            }) => news(Event::Progressed(Progress {
                blocks,
                all_blocks,
                ballots,
            })),
            Ok(News::Finished(report)) => news(Event::Finished(Box::new(report))),
            Ok(News::Faulted(reason)) => news(Event::Faulted(reason)),
            Err(_) => news(Event::Broke),
        }
    })
}

fn fetch_more(inner: &Rc<Inner>) {
    while !inner.paused.get() && inner.under_way.get() < AT_ONCE {
        let Some((number, request)) = inner.waiting.borrow_mut().pop_front() else {
            return;
        };
        inner.under_way.set(inner.under_way.get().saturating_add(1));
        let inner = inner.clone();
        yew::platform::spawn_local(async move {
            let delivery = inner.source.deliver(&request).await;
            inner.under_way.set(inner.under_way.get().saturating_sub(1));
            if !inner.ended.get() {
                tell(&inner.worker, &Order::Answer { number, delivery });
                fetch_more(&inner);
            }
        });
    }
}

fn tell(worker: &Worker, order: &Order) {
    if let Ok(bytes) = borsh::to_vec(order) {
        worker
            .post_message(&Uint8Array::from(bytes.as_slice()))
            .ok();
    }
}
