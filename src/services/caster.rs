//! The worker that casts, from the page's side. It alone holds a voter's secrets, and dropping this ends it.

use super::document;
use super::recount::hand::{lock_name, once, watch_lock};
use caster::{FromCaster, ToCaster, bytes, pack, unpack};
use gloo::events::EventListener;
use js_sys::Array;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ImageBitmap, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What waits for the worker to listen, with what changes hands; nothing, once it does.
type Early = Rc<RefCell<Option<Vec<(Array, Array)>>>>;

/// A worker for one voter.
pub struct Caster {
    worker: Worker,
    alive: Rc<Cell<bool>>,
    /// Whether it looks at a picture.
    looking: Rc<Cell<bool>>,
    early: Early,
    _listeners: [EventListener; 3],
}

impl Caster {
    /// Starts one, which is told `first` before anything else; `None` if the browser gives none, or the page was built without what casts. `gone` is called
    /// at most once, and not after it is dropped.
    pub fn start(
        first: Vec<ToCaster>,
        heard: impl Fn(FromCaster, Option<Vec<u8>>) + 'static,
        gone: impl FnOnce() + 'static,
    ) -> Option<Self> {
        let (module, lock) = (document::build_note("cast-worker")?, lock_name());
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let address = format!("./worker.js?module={module}&lock={lock}");
        let worker = Worker::new_with_options(&address, &options).ok()?;
        let (alive, looking) = (Rc::new(Cell::new(true)), Rc::new(Cell::new(false)));
        let early: Early = Rc::new(RefCell::new(Some(Vec::new())));
        let gone = once(alive.clone(), gone);
        let on_message = {
            let (worker, gone) = (worker.clone(), gone.clone());
            let (looking, early) = (looking.clone(), early.clone());
            move |event: &web_sys::Event| {
                let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
                match data.as_ref().and_then(unpack) {
                    Some((FromCaster::Ready, _)) => {
                        watch_lock(&lock, gone.clone());
                        let packed = first.iter().filter_map(|message| pack(message, None));
                        let early = early.take().unwrap_or_default();
                        for (message, handed) in packed.chain(early) {
                            worker.post_message_with_transfer(&message, &handed).ok();
                        }
                    }
                    Some((told, beside)) => {
                        if !matches!(told, FromCaster::Begun) {
                            looking.set(false);
                        }
                        heard(told, beside.as_ref().and_then(bytes));
                    }
                    None => gone(),
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
            looking,
            early,
            _listeners: listeners,
        })
    }

    /// Tells it something.
    pub fn tell(&self, message: &ToCaster) {
        self.post(message, None);
    }

    /// Whether it is still busy with a picture.
    pub fn is_looking(&self) -> bool {
        self.looking.get()
    }

    /// Hands it a picture.
    pub fn show(&self, picture: &ImageBitmap) {
        self.looking.set(true);
        self.post(&ToCaster::Look, Some(picture));
    }

    /// Hands it a text as the browser has it: it does not come into this module's memory.
    pub fn read(&self, text: &JsValue) {
        self.post(&ToCaster::Read, Some(text));
    }

    /// Hands it the confirmed candidate's number in the same way.
    pub fn choose(&self, digits: &JsValue) {
        self.post(&ToCaster::Choose, Some(digits));
    }

    /// Whatever is said before the worker listens would be lost.
    fn post(&self, message: &ToCaster, beside: Option<&JsValue>) {
        let Some(packed) = pack(message, beside) else {
            return;
        };
        if let Some(early) = self.early.borrow_mut().as_mut() {
            return early.push(packed);
        }
        let (message, handed) = packed;
        self.worker
            .post_message_with_transfer(&message, &handed)
            .ok();
    }
}

impl Drop for Caster {
    fn drop(&mut self) {
        self.alive.set(false);
        self.worker.terminate();
    }
}
