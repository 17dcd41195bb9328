//! The worker's side of the conversation.

use js_sys::Uint8Array;
use recount_worker::{Lead, News, Order, pack, unpack};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Serves the page, as long as the worker lives.
pub fn serve() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let lead = RefCell::new(Lead::default());
    let page = scope.clone();
    let onmessage = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some((order, buffers)) = unpack::<Order>(&event.data()) {
            let bytes = buffers
                .first()
                .map(|buffer| Uint8Array::new(buffer).to_vec());
            work(&page, &mut lead.borrow_mut(), order, bytes);
        }
    });
    scope.set_onmessage(Some(onmessage.as_ref().unchecked_ref()));
    onmessage.forget(); // it lives as long as the worker
    tell(&scope, &News::Ready);
}

fn work(page: &DedicatedWorkerGlobalScope, lead: &mut Lead, order: Order, bytes: Option<Vec<u8>>) {
    for news in lead.take(order, bytes) {
        tell(page, &news);
    }
    while lead.step() {
        if let Some(progress) = lead.progress() {
            tell(page, &progress);
        }
    }
    for news in lead.report() {
        tell(page, &news);
    }
}

fn tell(page: &DedicatedWorkerGlobalScope, news: &News) {
    if let Some((message, handed)) = pack(news, &[]) {
        page.post_message_with_transfer(&message, &handed).ok();
    }
}
