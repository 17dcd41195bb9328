//! The worker's side of a recount: the same module as the page, running where there is no window.

use crate::state::worker_talk::{Desk, News, Order};
use js_sys::Uint8Array;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Whether this module runs in a worker.
pub fn is_worker() -> bool {
    scope().is_some()
}

/// Serves the page: verifies what it sends and asks for more.
pub fn serve() {
    let Some(scope) = scope() else {
        return;
    };
    let desk = RefCell::new(Desk::default());
    let page = scope.clone();
    let onmessage = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let bytes = Uint8Array::new(&event.data()).to_vec();
        if let Ok(order) = borsh::from_slice::<Order>(&bytes) {
            work(&page, &mut desk.borrow_mut(), order);
        }
    });
    scope.set_onmessage(Some(onmessage.as_ref().unchecked_ref()));
    onmessage.forget(); // it lives as long as the worker
    tell(&scope, &News::Ready);
}

fn work(page: &DedicatedWorkerGlobalScope, desk: &mut Desk, order: Order) {
    for news in desk.take(order) {
        tell(page, &news);
    }
    while desk.step() {
        if let Some(progress) = desk.progress() {
            tell(page, &progress);
        }
    }
    for news in desk.report() {
        tell(page, &news);
    }
}

fn tell(page: &DedicatedWorkerGlobalScope, news: &News) {
    if let Ok(bytes) = borsh::to_vec(news) {
        page.post_message(&Uint8Array::from(bytes.as_slice())).ok();
    }
}

fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}
