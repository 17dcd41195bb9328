//! One worker, from the page's side. However it ends, the page hears of it: browsers end workers without a word.

use crate::services::{clock, document, wide_arithmetic};
use borsh::BorshDeserialize;
use gloo::events::EventListener;
use js_sys::{ArrayBuffer, Function, Promise, Reflect, Uint8Array};
use recount_worker::{ToWorker, pack, unpack};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// A worker at work. Dropping it ends it.
pub struct Hand {
    worker: Worker,
    alive: Rc<Cell<bool>>,
    lock: String,
    gone: Rc<dyn Fn()>,
    _listeners: [EventListener; 3],
}

/// The name of the workers' module that suits this browser.
pub fn module() -> Option<String> {
    document::build_note(if wide_arithmetic::is_there() {
        "recount-worker-wide"
    } else {
        "recount-worker"
    })
}

impl Hand {
    /// Starts a worker; `None` if the browser gives none. `spare` takes buffers whose bytes the worker has copied; `gone` is called at most once, and not after it is dropped.
    pub fn start<T: BorshDeserialize>(
        module: &str,
        heard: impl Fn(T, Option<Uint8Array>) + 'static,
        spare: impl Fn(ArrayBuffer) + 'static,
        gone: impl FnOnce() + 'static,
    ) -> Option<Self> {
        let lock = lock_name();
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let address = format!("./worker.js?module={module}&lock={lock}");
        let worker = Worker::new_with_options(&address, &options).ok()?;
        let alive = Rc::new(Cell::new(true));
        let gone = once(alive.clone(), gone);
        let on_message = {
            let gone = gone.clone();
            move |event: &web_sys::Event| {
                let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
                let data = data.unwrap_or_default();
                match unpack::<T>(&data) {
                    Some((message, buffers)) => heard(message, buffers.into_iter().next()),
                    None => data.dyn_into().map_or_else(|_| gone(), &spare),
                }
            }
        };
        let ends = |kind: &'static str| {
            let gone = gone.clone();
            EventListener::new(&worker, kind, move |_| gone())
        };
        let listeners = [
            EventListener::new(&worker, "message", on_message),
            ends("error"),
            ends("messageerror"),
        ];
        Some(Self {
            worker,
            alive,
            lock,
            gone,
            _listeners: listeners,
        })
    }

    /// From now on, an end without a word is noticed as well: the browser hands the lock on that the worker holds while it lives.
    pub fn watch(&self) {
        watch_lock(&self.lock, self.gone.clone());
    }

    /// Tells it something; the buffers change hands.
    pub fn tell(&self, message: &ToWorker, buffers: &[Uint8Array]) {
        if let Some((message, handed)) = pack(message, buffers) {
            self.worker
                .post_message_with_transfer(&message, &handed)
                .ok();
        }
    }

    /// What ends it as if it had ended by itself.
    pub fn end(&self) -> Rc<dyn Fn()> {
        self.gone.clone()
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        self.alive.set(false);
        self.worker.terminate();
    }
}

/// Calls `end` the first time, and only while `alive`.
pub fn once(alive: Rc<Cell<bool>>, end: impl FnOnce() + 'static) -> Rc<dyn Fn()> {
    let end = Cell::new(Some(end));
    Rc::new(move || {
        if alive.replace(false)
            && let Some(end) = end.take()
        {
            end();
        }
    })
}

/// A name that no other worker has, in this tab or another.
pub fn lock_name() -> String {
    thread_local! {
        static COUNT: Cell<u32> = const { Cell::new(0) };
    }
    let count = COUNT.replace(COUNT.get().wrapping_add(1));
    format!("{}-{count}", clock::opened())
}

/// Calls `granted` once the lock of this name is free. Browsers without locks, and pages without a secure context, never do.
pub fn watch_lock(name: &str, granted: Rc<dyn Fn()>) {
    let navigator: JsValue = gloo::utils::window().navigator().into();
    let Ok(locks) = Reflect::get(&navigator, &"locks".into()) else {
        return;
    };
    let request = Reflect::get(&locks, &"request".into()).map(JsCast::dyn_into::<Function>);
    if let Ok(Ok(request)) = request {
        let callback = Closure::once_into_js(move |_: JsValue| granted());
        let asked = request.call2(&locks, &name.into(), &callback);
        if let Ok(promise) = asked.map(JsCast::dyn_into::<Promise>) {
            drop(promise); // nobody waits for it
        }
    }
}
