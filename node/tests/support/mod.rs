//! A small election, run in memory, and its routes without a network.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request as HttpRequest, StatusCode};
use node::devnet::{Devnet, INTERVAL, Settings, Until};
use node::rpc::{Service, router};
use node::storage::Store;
use std::sync::Arc;
use tower::ServiceExt;
use verifier_core::{Request, TrustCard};

/// 2026-06-03T00:00:00Z.
pub const GENESIS: u64 = 1_780_444_800;
/// A moment within the trusting period.
pub const NOW: u64 = GENESIS + 3_600;

pub fn settings() -> Settings {
    Settings {
        municipalities: 5,
        candidates: 3,
        ballots: 60,
        invalid: 5,
        seed: 7,
        genesis_time: Some(GENESIS),
        interval: INTERVAL,
        per_block: None,
        fault: None,
        live: None,
    }
}

pub fn run(until: Until) -> Devnet {
    let mut devnet = Devnet::open(Store::in_memory().unwrap(), &settings(), NOW).unwrap();
    while devnet.step(until).unwrap().is_some() {}
    devnet
}

pub fn card(devnet: &Devnet) -> TrustCard {
    TrustCard::parse(devnet.trust_card(None).unwrap().as_bytes()).unwrap()
}

pub fn routes(devnet: &Devnet) -> Router {
    let service = Service::new(
        Arc::clone(&devnet.store),
        Arc::clone(&devnet.validators),
        devnet.chain_id.clone(),
        devnet.genesis.clone(),
        None,
    );
    service.publish(devnet.files(Some("http://localhost"), 20).unwrap());
    router(Arc::new(service))
}

/// The status and body of an answer.
pub fn get(routes: &Router, path: &str) -> (StatusCode, Vec<u8>) {
    let path = path.replace('"', "%22");
    let request = HttpRequest::get(path).body(Body::empty()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let response = routes.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, body.to_vec())
    })
}

pub fn ask(routes: &Router, municipality: u16, request: &Request) -> Vec<u8> {
    get(routes, &format!("/n/{municipality}{}", request.path())).1
}
