//! Fetching: one address, a cap on bytes, a limit on time, and a fault that says which of them was hit.

use gloo::timers::callback::Timeout;
use js_sys::{Reflect, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use verifier_core::SourceFault;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit,
    Response,
};

/// How long a source may take to answer one request.
const TIME_LIMIT_MS: u32 = 10_000;

/// The bytes at `url`, at most `limit` of them.
pub async fn get(url: &str, limit: usize) -> Result<Vec<u8>, SourceFault> {
    let controller = AbortController::new().map_err(|_| SourceFault::Unreachable)?;
    let late = Rc::new(Cell::new(false));
    let timer = {
        let (late, controller) = (late.clone(), controller.clone());
        Timeout::new(TIME_LIMIT_MS, move || {
            late.set(true);
            controller.abort();
        })
    };
    let answer = read(url, limit, &controller).await;
    drop(timer);
    match answer {
        Err(SourceFault::Unreachable) if late.get() => Err(SourceFault::TooSlow),
        Err(SourceFault::TooLarge { limit }) => {
            controller.abort();
            Err(SourceFault::TooLarge { limit })
        }
        answer => answer,
    }
}

async fn read(
    url: &str,
    limit: usize,
    controller: &AbortController,
) -> Result<Vec<u8>, SourceFault> {
    let response = send(url, controller).await?;
    if !response.ok() {
        return Err(SourceFault::HttpStatus(response.status()));
    }
    let Some(body) = response.body() else {
        return Ok(Vec::new());
    };
    let reader: ReadableStreamDefaultReader = body
        .get_reader()
        .dyn_into()
        .map_err(|_| SourceFault::Unreachable)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = next_chunk(&reader).await? {
        if bytes.len().saturating_add(chunk.len()) > limit {
            return Err(SourceFault::TooLarge { limit });
        }
        bytes.extend(chunk);
    }
    Ok(bytes)
}

async fn send(url: &str, controller: &AbortController) -> Result<Response, SourceFault> {
    let init = RequestInit::new();
    init.set_signal(Some(&controller.signal()));
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    let promise = gloo::utils::window().fetch_with_str_and_init(url, &init);
    let response = JsFuture::from(promise)
        .await
        .map_err(|_| SourceFault::Unreachable)?;
    response.dyn_into().map_err(|_| SourceFault::Unreachable)
}

async fn next_chunk(reader: &ReadableStreamDefaultReader) -> Result<Option<Vec<u8>>, SourceFault> {
    let read = JsFuture::from(reader.read())
        .await
        .map_err(|_| SourceFault::Unreachable)?;
    let done = field(&read, "done")?.is_truthy();
    if done {
        return Ok(None);
    }
    let chunk: Uint8Array = field(&read, "value")?
        .dyn_into()
        .map_err(|_| SourceFault::Unreachable)?;
    Ok(Some(chunk.to_vec()))
}

fn field(object: &JsValue, name: &str) -> Result<JsValue, SourceFault> {
    Reflect::get(object, &name.into()).map_err(|_| SourceFault::Unreachable)
}
