//! The page's side of a recount: starts the worker, fetches what it asks for, passes on its news.

use super::source::Source;
use super::{clock, document, wide_arithmetic};
use gloo::events::EventListener;
use js_sys::ArrayBuffer;
use recount_worker::{News, Order, Progress, pack, unpack};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use verifier_core::{Anchor, Report, Request, SourceFault, TrustCard};
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// A browser opens about this many connections to one server.
const AT_ONCE: usize = 6;

/// What the page hears of a recount.
#[derive(Clone, Debug)]
pub enum Event {
    Progressed(Progress),
    Finished {
        report: Box<Report>,
        /// The last header verified.
        anchor: Option<Anchor>,
    },
    /// The source gave nothing to begin with.
    Faulted(SourceFault),
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
        let worker = Worker::new_with_options(&address()?, &options).ok()?;
        let order = Order::Begin {
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
        match unpack::<News>(&event.data()).map(|(news, _)| news) {
            Some(News::Ready) => tell(&inner.worker, &order, None),
            Some(News::Needs(requests)) => {
                inner.waiting.borrow_mut().extend(requests);
                fetch_more(&inner);
            }
            Some(News::Progress(progress)) => news(Event::Progressed(progress)),
            Some(News::Finished { report, anchor }) => news(Event::Finished { report, anchor }),
            Some(News::Faulted(fault)) => news(Event::Faulted(fault)),
            None => news(Event::Broke),
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
            let (delivery, bytes) = inner.source.deliver(&request).await;
            inner.under_way.set(inner.under_way.get().saturating_sub(1));
            if !inner.ended.get() {
                tell(&inner.worker, &Order::Answer { number, delivery }, bytes);
                fetch_more(&inner);
            }
        });
    }
}

fn tell(worker: &Worker, order: &Order, bytes: Option<ArrayBuffer>) {
    if let Some((message, handed)) = pack(order, bytes.as_slice()) {
        worker.post_message_with_transfer(&message, &handed).ok();
    }
}

/// The worker's script, with the module that suits this browser.
fn address() -> Option<String> {
    let module = if wide_arithmetic::is_there() {
        document::build_note("recount-worker-wide")?
    } else {
        document::build_note("recount-worker")?
    };
    Some(format!("./worker.js?module={module}"))
}
