//! Messages as the browser carries them: an array of the borsh bytes and of at most one thing beside them, which changes hands if it can.

use borsh::{BorshDeserialize, BorshSerialize};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// A message with what goes beside it, and the list of what changes hands. A string cannot, and is copied.
pub fn pack(message: &impl BorshSerialize, beside: Option<&JsValue>) -> Option<(Array, Array)> {
    let bytes = Uint8Array::from(borsh::to_vec(message).ok()?.as_slice());
    let handed = Array::of1(&bytes.buffer());
    let whole = Array::of1(&bytes);
    if let Some(beside) = beside {
        whole.push(beside);
        if !beside.is_string() {
            handed.push(beside);
        }
    }
    Some((whole, handed))
}

/// The message and what is beside it; `None` if it is none.
pub fn unpack<T: BorshDeserialize>(data: &JsValue) -> Option<(T, Option<JsValue>)> {
    let whole: &Array = data.dyn_ref()?;
    let bytes: Uint8Array = whole.get(0).dyn_into().ok()?;
    let message = borsh::from_slice(&bytes.to_vec()).ok()?;
    let beside = whole.get(1);
    Some((
        message,
        Some(beside).filter(|beside| !beside.is_undefined()),
    ))
}

/// The bytes of a buffer beside a message.
pub fn bytes(beside: &JsValue) -> Option<Vec<u8>> {
    let buffer: &ArrayBuffer = beside.dyn_ref()?;
    Some(Uint8Array::new(buffer).to_vec())
}
