//! `POST /identify`, `/confirm`, `/sign`, `/slip`, `/countersign`, and `GET /about`. Pages of any origin may ask: no cookie stands for anybody.

use super::forms::{
    About, Confirm, Countersign, Identify, Sign, SlipOf, array, blinded, signed, waiting,
};
use crate::refusal::Refusal;
use crate::roll::Person;
use crate::service::Service;
use crate::sign::Standing;
use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;
use tower_http::cors::CorsLayer;

/// Names, numbers of 2,048 bits: a few kilobytes.
const BODY_LIMIT: usize = 16 * 1024;
const FORWARDED: &str = "x-forwarded-for";

/// Who stands before this service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// Everybody: an address is that of the connection.
    Open,
    /// A proxy that puts down whom it speaks for, as the last entry of `X-Forwarded-For`.
    BehindProxy,
}

#[derive(Clone)]
struct Shared {
    service: Arc<Service>,
    exposure: Exposure,
}

type Form<T> = Result<Json<T>, JsonRejection>;

/// All routes.
pub fn router(service: Arc<Service>, exposure: Exposure) -> Router {
    Router::new()
        .route("/about", get(about))
        .route("/identify", post(identify))
        .route("/confirm", post(confirm))
        .route("/sign", post(sign))
        .route("/slip", post(slip))
        .route("/countersign", post(countersign))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CorsLayer::permissive())
        .with_state(Shared { service, exposure })
}

/// Answers until the process ends.
///
/// # Errors
/// If the listener fails.
pub async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    exposure: Exposure,
) -> io::Result<()> {
    let routes = router(service, exposure).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, routes).await
}

async fn about(State(shared): State<Shared>) -> Result<Json<About>, Refusal> {
    let service = &shared.service;
    let serving = &service.serving;
    let numbers = service.store.numbers(serving.municipality).await?;
    Ok(Json(About {
        genesis: serving.genesis.to_string(),
        contract: serving.id.to_string(),
        municipality: serving.municipality,
        closes: service.closes(),
        recorded: numbers.recorded,
        signed: numbers.signed,
        countersigned: numbers.countersigned,
    }))
}

async fn identify(
    State(shared): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    form: Form<Identify>,
) -> Result<Json<Value>, Refusal> {
    let form = read(form)?;
    let person = Person::parse(&form.name, &form.birth, &form.phone)?;
    let from = shared.exposure.address(peer.ip(), &headers);
    let service = &shared.service;
    let sent = service.identify(&person, form.language, from).await?;
    Ok(Json(json!({
        "session": hex::encode(sent.session),
        "seconds": sent.seconds,
    })))
}

async fn confirm(State(shared): State<Shared>, form: Form<Confirm>) -> Result<Response, Refusal> {
    let form = read(form)?;
    let session = array(&form.session, "session")?;
    let confirmed = shared.service.confirm(&session, &form.code).await?;
    Ok(secret(json!({
        "token": hex::encode(confirmed.token),
        "asked": confirmed.asked,
    })))
}

async fn sign(State(shared): State<Shared>, form: Form<Sign>) -> Result<Response, Refusal> {
    let form = read(form)?;
    let token = array(&form.token, "token")?;
    let blinded = blinded(&form.blinded)?;
    match shared.service.sign(&token, &blinded).await? {
        Standing::Waiting => Ok(waiting()),
        Standing::Signed(standing) => Ok(signed(&standing)),
    }
}

async fn slip(State(shared): State<Shared>, form: Form<SlipOf>) -> Result<Response, Refusal> {
    let form = read(form)?;
    let token = array(&form.token, "token")?;
    let slip = shared.service.slip_of(&token).await?;
    Ok(secret(json!({ "slip": slip.to_text() })))
}

async fn countersign(
    State(shared): State<Shared>,
    form: Form<Countersign>,
) -> Result<Response, Refusal> {
    let request = read(form)?.read()?;
    let signature = shared.service.countersign(&request).await?;
    Ok(secret(json!({ "signature": hex::encode(signature) })))
}

/// What no cache may keep.
fn secret(answer: Value) -> Response {
    ([(CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}

fn read<T>(form: Form<T>) -> Result<T, Refusal> {
    match form {
        Ok(Json(form)) => Ok(form),
        Err(_) => Err(Refusal::Malformed("body")),
    }
}

impl Exposure {
    fn address(self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        match self {
            Self::Open => peer,
            Self::BehindProxy => {
                let forwarded = headers.get_all(FORWARDED).iter().next_back();
                let last = forwarded
                    .and_then(|value| value.to_str().ok())
                    .and_then(|text| text.rsplit(',').next());
                last.and_then(|text| text.trim().parse().ok())
                    .unwrap_or(peer)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_a_proxy_the_last_address_counts_and_in_the_open_the_header_does_not() {
        let peer: IpAddr = "127.0.0.1".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED, "10.0.0.1, 10.0.0.2".parse().unwrap());
        let told = Exposure::BehindProxy.address(peer, &headers);
        assert_eq!(told, "10.0.0.2".parse::<IpAddr>().unwrap());
        assert_eq!(Exposure::Open.address(peer, &headers), peer);
        headers.insert(FORWARDED, "nobody".parse().unwrap());
        assert_eq!(Exposure::BehindProxy.address(peer, &headers), peer);
    }
}
