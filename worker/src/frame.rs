//! Messages as the browser carries them: an array of the borsh bytes and, after them, further bytes, whose buffers change hands without being copied.

use borsh::{BorshDeserialize, BorshSerialize};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// A message with the bytes that go beside it, and the list of what changes hands.
pub fn pack(message: &impl BorshSerialize, beside: &[Uint8Array]) -> Option<(Array, Array)> {
    let bytes = Uint8Array::from(borsh::to_vec(message).ok()?.as_slice());
    let whole = Array::of1(&bytes);
    for bytes in beside {
        whole.push(bytes);
    }
    let handed = core::iter::once(&bytes).chain(beside);
    let handed: Array = handed.map(Uint8Array::buffer).collect();
    Some((whole, handed))
}

/// The message and what came beside it; `None` if it is not one.
pub fn unpack<T: BorshDeserialize>(data: &JsValue) -> Option<(T, Vec<Uint8Array>)> {
    let whole: &Array = data.dyn_ref()?;
    let mut parts = whole.iter();
    let bytes: Uint8Array = parts.next()?.dyn_into().ok()?;
    let message = borsh::from_slice(&bytes.to_vec()).ok()?;
    let beside = parts.map(|part| part.dyn_into().ok());
    Some((message, beside.collect::<Option<_>>()?))
}
