//! The worker's side of the conversation.

use crate::sight;
use borsh::BorshSerialize;
use caster::{Booth, FromCaster, QrFault, RightFault, ToCaster, draw_mark, pack, unpack};
use js_sys::Uint8Array;
use rand_core::OsRng;
use std::cell::RefCell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use zeroize::Zeroizing;

/// What the worker tells the page, with the bytes beside it.
type Told = (FromCaster, Option<Vec<u8>>);

/// Serves the page, as long as the worker lives.
pub fn serve() {
    let Some(scope) = scope() else {
        return;
    };
    let booth = RefCell::new(None);
    let onmessage = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let (told, bytes) = match unpack::<ToCaster>(&event.data()) {
            Some((message, beside)) => take(&booth, message, beside),
            None => (FromCaster::Broke, None),
        };
        tell(&told, bytes.as_deref());
    });
    scope.set_onmessage(Some(onmessage.as_ref().unchecked_ref()));
    onmessage.forget(); // it lives as long as the worker
    tell(&FromCaster::Ready, None);
}

fn take(booth: &RefCell<Option<Booth>>, message: ToCaster, beside: Option<JsValue>) -> Told {
    let mut booth = booth.borrow_mut();
    if let ToCaster::Begin(keys) = message {
        *booth = Booth::new(keys).ok();
        let begun = booth.as_ref().map(|_| FromCaster::Begun);
        return (begun.unwrap_or(FromCaster::Broke), None);
    }
    let Some(booth) = booth.as_mut() else {
        return (FromCaster::Broke, None);
    };
    match message {
        ToCaster::Begin(_) => (FromCaster::Begun, None),
        ToCaster::Look => (look(booth, beside), None),
        ToCaster::Read => (read(booth, beside), None),
        ToCaster::Choose => (choose(booth, beside), None),
        ToCaster::Encrypt { asset, mark } => {
            let code = booth.encrypt(asset, mark, &mut OsRng);
            (code.map_or(FromCaster::Broke, FromCaster::Encrypted), None)
        }
        ToCaster::DrawMark => (FromCaster::Mark(draw_mark(&mut OsRng)), None),
        ToCaster::Cast => signed(booth),
        ToCaster::Challenge => opened(booth),
    }
}

fn look(booth: &mut Booth, picture: Option<JsValue>) -> FromCaster {
    match sight::read(&picture.unwrap_or_default()).map(Zeroizing::new) {
        Ok(text) => right(booth, &text),
        Err(QrFault::NoCode) => FromCaster::Nothing,
        Err(QrFault::Unreadable) => FromCaster::Refused(RightFault::Unreadable),
        Err(QrFault::NotAPicture) => FromCaster::Refused(RightFault::NotAPicture),
    }
}

fn read(booth: &mut Booth, text: Option<JsValue>) -> FromCaster {
    let text = text.and_then(|text| text.as_string()).map(Zeroizing::new);
    match text {
        Some(text) => right(booth, &text),
        None => FromCaster::Broke,
    }
}

fn choose(booth: &mut Booth, digits: Option<JsValue>) -> FromCaster {
    let digits = digits.and_then(|digits| digits.as_string());
    match digits.map(Zeroizing::new).and_then(|d| d.parse().ok()) {
        Some(choice) if booth.choose(choice) => FromCaster::Chosen,
        _ => FromCaster::Broke,
    }
}

fn right(booth: &mut Booth, text: &str) -> FromCaster {
    match booth.take_right(text) {
        Ok(address) => FromCaster::Right(address),
        Err(fault) => FromCaster::Refused(fault),
    }
}

fn signed(booth: &mut Booth) -> Told {
    match booth.cast() {
        Some(transaction) => (FromCaster::Signed, Some(transaction.encode())),
        None => (FromCaster::Broke, None),
    }
}

fn opened(booth: &mut Booth) -> Told {
    match booth.challenge() {
        Some(challenged) => {
            let opening = FromCaster::Opened(challenged.opening.to_text());
            (opening, Some(challenged.spoil.encode()))
        }
        None => (FromCaster::Broke, None),
    }
}

fn tell(message: &impl BorshSerialize, beside: Option<&[u8]>) {
    let beside = beside.map(|bytes| Uint8Array::from(bytes).buffer().into());
    if let (Some(scope), Some((message, handed))) = (scope(), pack(message, beside.as_ref())) {
        scope.post_message_with_transfer(&message, &handed).ok();
    }
}

fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}
