//! Fetching: one address, a cap on bytes, a limit on time, and a fault that says which of them was hit.

use super::buffers::Buffers;
use gloo::timers::callback::Timeout;
use js_sys::{Reflect, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use verifier_core::SourceFault;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, RequestCache, RequestCredentials,
    RequestInit, Response,
};

/// How long a source may take to answer one request.
const TIME_LIMIT_MS: u32 = 10_000;
/// How long it may be silent in the middle of an answer that is long.
const SILENCE_LIMIT_MS: u32 = 20_000;

/// How a source is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Everything has to be there in time.
    ForAll,
    /// The next part has to be.
    ForEachPart,
}

/// How something is asked for.
#[derive(Clone, Copy)]
struct Ask<'a> {
    cache: RequestCache,
    /// Posted, if there is one.
    text: Option<&'a str>,
    is_json: bool,
    patience: Patience,
    /// What the answer is read into, rather than into new ones.
    buffers: Option<&'a Buffers>,
}

const ANEW: Ask = Ask {
    cache: RequestCache::NoStore,
    text: None,
    is_json: false,
    patience: Patience::ForAll,
    buffers: None,
};

/// The bytes at `url`, at most `limit` of them, asked for anew.
pub async fn get(url: &str, limit: usize) -> Result<Vec<u8>, SourceFault> {
    let bytes = fetch(url, limit, ANEW).await?;
    Ok(bytes.to_vec())
}

/// The same, as the browser has them, in one of these buffers.
pub async fn get_into(
    buffers: &Buffers,
    url: &str,
    limit: usize,
    patience: Patience,
) -> Result<Uint8Array, SourceFault> {
    let ask = Ask {
        patience,
        buffers: Some(buffers),
        ..ANEW
    };
    fetch(url, limit, ask).await
}

/// What is answered to a text that is posted; a browser need not ask first whether it may.
pub async fn post(url: &str, text: &str, limit: usize) -> Result<Vec<u8>, SourceFault> {
    let ask = Ask {
        text: Some(text),
        ..ANEW
    };
    let bytes = fetch(url, limit, ask).await?;
    Ok(bytes.to_vec())
}

/// What is answered to JSON that is posted, with its HTTP status, whatever that is.
pub async fn post_json(url: &str, text: &str, limit: usize) -> Result<(u16, Vec<u8>), SourceFault> {
    let ask = Ask {
        text: Some(text),
        is_json: true,
        ..ANEW
    };
    let (status, bytes) = fetch_any(url, limit, ask).await?;
    Ok((status, bytes.to_vec()))
}

/// One of the page's own files, from the browser's cache if it is there: what ran is what is looked at.
pub async fn own(path: &str, limit: usize) -> Result<Vec<u8>, SourceFault> {
    let ask = Ask {
        cache: RequestCache::Default,
        ..ANEW
    };
    let bytes = fetch(path, limit, ask).await?;
    Ok(bytes.to_vec())
}

async fn fetch(url: &str, limit: usize, ask: Ask<'_>) -> Result<Uint8Array, SourceFault> {
    match fetch_any(url, limit, ask).await? {
        (200..=299, bytes) => Ok(bytes),
        (status, _) => Err(SourceFault::HttpStatus(status)),
    }
}

async fn fetch_any(
    url: &str,
    limit: usize,
    ask: Ask<'_>,
) -> Result<(u16, Uint8Array), SourceFault> {
    let controller = AbortController::new().map_err(|_| SourceFault::Unreachable)?;
    let late = Rc::new(Cell::new(false));
    let limit_time = |milliseconds| {
        let (late, controller) = (late.clone(), controller.clone());
        Timeout::new(milliseconds, move || {
            late.set(true);
            controller.abort();
        })
    };
    let timer = RefCell::new(limit_time(TIME_LIMIT_MS));
    let heard = || {
        if ask.patience == Patience::ForEachPart {
            drop(timer.replace(limit_time(SILENCE_LIMIT_MS)));
        }
    };
    let answer = read(url, limit, ask, &controller, heard).await;
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
    ask: Ask<'_>,
    controller: &AbortController,
    heard: impl Fn(),
) -> Result<(u16, Uint8Array), SourceFault> {
    let response = send(url, ask, controller).await?;
    let status = response.status();
    // What else a server answers is read only by whoever speaks its language.
    if !response.ok() && !ask.is_json {
        return Err(SourceFault::HttpStatus(status));
    }
    let Some(body) = response.body() else {
        return Ok((status, Uint8Array::new_with_length(0)));
    };
    if let Some(buffers) = ask.buffers
        && let Some(read) = buffers
            .fill(&body, length_of(&response), limit, &heard)
            .await
    {
        return Ok((status, read?));
    }
    let reader: ReadableStreamDefaultReader = body
        .get_reader()
        .dyn_into()
        .map_err(|_| SourceFault::Unreachable)?;
    let (mut chunks, mut length) = (Vec::new(), 0_u32);
    while let Some(chunk) = next_chunk(&reader).await? {
        length = length.saturating_add(chunk.length());
        if usize::try_from(length).unwrap_or(usize::MAX) > limit {
            return Err(SourceFault::TooLarge { limit });
        }
        chunks.push(chunk);
        heard();
    }
    Ok((status, joined(&chunks, length)))
}

/// How long its server says that an answer is.
fn length_of(response: &Response) -> u32 {
    let length = response.headers().get("content-length").ok().flatten();
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

/// One after the other, in a buffer of their own; none of it passes through this module's memory.
fn joined(chunks: &[Uint8Array], length: u32) -> Uint8Array {
    let (whole, mut at) = (Uint8Array::new_with_length(length), 0_u32);
    for chunk in chunks {
        whole.set(chunk, at);
        at = at.saturating_add(chunk.length());
    }
    whole
}

async fn send(
    url: &str,
    ask: Ask<'_>,
    controller: &AbortController,
) -> Result<Response, SourceFault> {
    let init = RequestInit::new();
    init.set_signal(Some(&controller.signal()));
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(ask.cache);
    if let Some(text) = ask.text {
        init.set_method("POST");
        init.set_body(&text.into());
    }
    if ask.is_json {
        let headers = Headers::new().map_err(|_| SourceFault::Unreachable)?;
        headers.set("content-type", "application/json").ok();
        init.set_headers(&headers);
    }
    let promise = gloo::utils::window().fetch_with_str_and_init(url, &init);
    let response = JsFuture::from(promise)
        .await
        .map_err(|_| SourceFault::Unreachable)?;
    response.dyn_into().map_err(|_| SourceFault::Unreachable)
}

async fn next_chunk(
    reader: &ReadableStreamDefaultReader,
) -> Result<Option<Uint8Array>, SourceFault> {
    let read = JsFuture::from(reader.read())
        .await
        .map_err(|_| SourceFault::Unreachable)?;
    if is_last(&read)? {
        return Ok(None);
    }
    chunk_of(&read).map(Some)
}

/// Whether a stream has ended with what it gave.
pub fn is_last(read: &JsValue) -> Result<bool, SourceFault> {
    Ok(field(read, "done")?.is_truthy())
}

/// The bytes that a stream gave.
pub fn chunk_of(read: &JsValue) -> Result<Uint8Array, SourceFault> {
    let chunk = field(read, "value")?;
    chunk.dyn_into().map_err(|_| SourceFault::Unreachable)
}

fn field(object: &JsValue, name: &str) -> Result<JsValue, SourceFault> {
    Reflect::get(object, &name.into()).map_err(|_| SourceFault::Unreachable)
}
