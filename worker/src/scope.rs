//! The worker's side of the conversation.

use crate::check::Checker;
use crate::lead_desk::Desk;
use borsh::BorshSerialize;
use js_sys::{Array, Uint8Array};
use recount_worker::{Found, Tester, ToWorker, pack, try_elections, unpack};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Serves the page, as long as the worker lives.
pub fn serve() {
    let Some(scope) = scope() else {
        return;
    };
    let (desk, checker) = (Desk::default(), Rc::new(Checker::default()));
    let onmessage =
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            match unpack::<ToWorker>(&event.data()) {
                Some((ToWorker::Lead(order), buffers)) => desk.take(order, bytes(buffers.first())),
                Some((ToWorker::Check(task), buffers)) => {
                    let checker = checker.clone();
                    spawn_local(async move { checker.take(task, buffers).await });
                }
                Some((ToWorker::Try, buffers)) => {
                    let tapes = [0, 1].map(|at| bytes(buffers.get(at)).unwrap_or_default());
                    let [genuine, forged] = &tapes;
                    tell(&Tester::Tried(try_elections(genuine, forged)), None);
                }
                None => {}
            }
        });
    scope.set_onmessage(Some(onmessage.as_ref().unchecked_ref()));
    onmessage.forget(); // it lives as long as the worker
    tell(&Found::Ready, None);
}

/// A message to the page, with what travels beside it.
pub fn tell(message: &impl BorshSerialize, beside: Option<&[u8]>) {
    let beside = beside.map(Uint8Array::from);
    if let (Some(scope), Some((message, handed))) = (scope(), pack(message, beside.as_slice())) {
        scope.post_message_with_transfer(&message, &handed).ok();
    }
}

/// What came beside a message, in this module's memory. Its buffer goes back to the page, which fills it again: a browser would let some 64 MB of used
/// ones lie in each worker before it clears them away.
pub fn bytes(beside: Option<&Uint8Array>) -> Option<Vec<u8>> {
    let beside = beside?;
    let (bytes, buffer) = (beside.to_vec(), beside.buffer());
    if let Some(scope) = scope() {
        let handed = Array::of1(&buffer);
        scope.post_message_with_transfer(&buffer, &handed).ok();
    }
    Some(bytes)
}

fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}
