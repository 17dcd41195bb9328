//! Messages as the browser carries them: an array of the borsh bytes and, after them, buffers that change hands without being copied.

use borsh::{BorshDeserialize, BorshSerialize};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// A message with the buffers that go with it, and the list of what changes hands.
pub fn pack(message: &impl BorshSerialize, buffers: &[ArrayBuffer]) -> Option<(Array, Array)> {
    let bytes = Uint8Array::from(borsh::to_vec(message).ok()?.as_slice());
    let handed: Array = buffers.iter().collect();
    handed.push(&bytes.buffer());
    let whole = Array::of1(&bytes);
    for buffer in buffers {
        whole.push(buffer);
    }
    Some((whole, handed))
}

/// The message and its buffers; `None` if it is not one.
pub fn unpack<T: BorshDeserialize>(data: &JsValue) -> Option<(T, Vec<ArrayBuffer>)> {
    let whole: &Array = data.dyn_ref()?;
    let mut parts = whole.iter();
    let bytes: Uint8Array = parts.next()?.dyn_into().ok()?;
    let message = borsh::from_slice(&bytes.to_vec()).ok()?;
    let buffers = parts.map(|part| part.dyn_into().ok());
    Some((message, buffers.collect::<Option<_>>()?))
}
