//! Verified headers in the browser's cache storage, so that the next visit asks for new ones only. Where the browser refuses, has no
//! room, or has lost or damaged them, there are none, and everything works as on a first visit.

use crate::state::kept_headers::KeptHeaders;
use gloo::utils::window;
use verifier_core::TrustCard;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Response};

const STORE: &str = "chamgwan-headers";

/// The headers kept of this ledger.
pub async fn load(card: &TrustCard) -> KeptHeaders {
    let text = read(card).await.ok().flatten();
    text.map_or_else(KeptHeaders::default, |text| KeptHeaders::parse(&text))
}

/// Keeps these instead.
pub async fn save(card: &TrustCard, headers: &KeptHeaders) {
    write(card, &headers.to_text()).await.ok();
}

/// Forgets the headers of all ledgers.
pub async fn forget() {
    if let Ok(caches) = window().caches() {
        JsFuture::from(caches.delete(STORE)).await.ok();
    }
}

async fn read(card: &TrustCard) -> Result<Option<String>, JsValue> {
    let found = JsFuture::from(open().await?.match_with_str(&address(card))).await?;
    let Ok(response) = found.dyn_into::<Response>() else {
        return Ok(None);
    };
    Ok(JsFuture::from(response.text()?).await?.as_string())
}

async fn write(card: &TrustCard, text: &str) -> Result<(), JsValue> {
    let response = Response::new_with_opt_str(Some(text))?;
    JsFuture::from(open().await?.put_with_str(&address(card), &response)).await?;
    Ok(())
}

async fn open() -> Result<Cache, JsValue> {
    JsFuture::from(window().caches()?.open(STORE))
        .await?
        .dyn_into()
}

/// A name inside the store, which never reaches a server: a ledger is known by its beginning.
fn address(card: &TrustCard) -> String {
    format!("./headers/{}", card.genesis)
}
