//! The routes.

use super::answers;
use super::broadcast::broadcast;
use super::envelope::{Parameters, Question, RpcError, envelope, message};
use super::query;
use super::service::Service;
use super::websocket::{MESSAGE_LIMIT, converse};
use crate::archive;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State, WebSocketUpgrade};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tower_http::cors::CorsLayer;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

/// What the portal may do: its own scripts and WebAssembly, requests to any node, nothing inline.
const PORTAL_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; connect-src 'self' http: https: ws: wss:; worker-src 'self'; \
    manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A question sent by POST is at most as long as CometBFT takes it.
const BODY_LIMIT: usize = 1_000_000;
/// The route that takes a transaction.
const BROADCAST: &str = "broadcast_tx_sync";

type Shared = State<Arc<Service>>;
type QueryMap = Query<BTreeMap<String, String>>;

/// All routes: the RPC with and without a municipality's prefix, the files, the portal. Any page may read them.
pub fn router(service: Arc<Service>) -> Router {
    let mut routes = Router::new()
        .route("/websocket", get(socket_of_first))
        .route("/n/{municipality}/websocket", get(socket_of_municipality))
        .route("/n/{municipality}", post(question_to_municipality))
        .route("/n/{municipality}/", post(question_to_municipality))
        .route("/n/{municipality}/{route}", get(of_municipality))
        .route("/trust-card.json", get(trust_card))
        .route("/receipts", get(receipts))
        .route("/roll-slips", get(roll_slips))
        .route("/receipts/{name}", get(receipt));
    for route in ROUTES {
        routes = routes.route(
            &format!("/{route}"),
            get(move |service: Shared, query: QueryMap| of_first(service, route, query)),
        );
    }
    let start: MethodRouter<Arc<Service>> = post(question_to_first);
    routes = match &service.portal {
        Some(folder) => routes.route("/", start.get_service(portal(folder))),
        None => routes.route("/", start),
    };
    let routes = routes.layer(DefaultBodyLimit::max(BODY_LIMIT));
    let mut routes = routes.with_state(Arc::clone(&service));
    if let Some(folder) = &service.archive {
        let archive = archive::routes(folder);
        routes = routes
            .nest_service("/n/{municipality}/archive", archive.clone())
            .nest_service("/archive", archive);
    }
    let served = match &service.portal {
        Some(folder) => routes.fallback_service(portal(folder)),
        None => routes,
    };
    served.layer(CorsLayer::permissive())
}

const ROUTES: [&str; 12] = [
    "health",
    "status",
    "genesis",
    "commit",
    "header",
    "block",
    "block_results",
    "blockchain",
    "validators",
    "abci_info",
    "abci_query",
    BROADCAST,
];

async fn of_first(State(service): Shared, route: &'static str, Query(query): QueryMap) -> Response {
    answer(service, 0, route.to_owned(), Parameters::new(query)).await
}

async fn of_municipality(
    State(service): Shared,
    Path((municipality, route)): Path<(u16, String)>,
    Query(query): QueryMap,
) -> Response {
    if let Err(error) = service.validator(municipality) {
        return envelope(Err(error));
    }
    answer(service, municipality, route, Parameters::new(query)).await
}

async fn question_to_first(State(service): Shared, body: Bytes) -> Response {
    question(service, 0, &body).await
}

async fn question_to_municipality(
    State(service): Shared,
    Path(municipality): Path<u16>,
    body: Bytes,
) -> Response {
    question(service, municipality, &body).await
}

/// A JSON-RPC question, whatever its content type says: a page that sends it as plain text asks no leave of CORS first.
async fn question(service: Arc<Service>, municipality: u16, body: &[u8]) -> Response {
    let Ok(question) = serde_json::from_slice::<Question>(body) else {
        return envelope(Err(RpcError::Question));
    };
    let parameters = Parameters::of_json(&question.params);
    let found = worked_out(service, municipality, question.method, parameters).await;
    axum::Json(message(
        &question.id,
        found.unwrap_or(Err(RpcError::Method)),
    ))
    .into_response()
}

async fn socket_of_first(service: Shared, upgrade: WebSocketUpgrade) -> Response {
    socket(service, 0, upgrade)
}

async fn socket_of_municipality(
    service: Shared,
    Path(municipality): Path<u16>,
    upgrade: WebSocketUpgrade,
) -> Response {
    match service.validator(municipality) {
        Ok(_) => socket(service, municipality, upgrade),
        Err(error) => envelope(Err(error)),
    }
}

fn socket(State(service): Shared, municipality: u16, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .max_message_size(MESSAGE_LIMIT)
        .on_upgrade(move |socket| converse(socket, service, municipality))
}

async fn answer(
    service: Arc<Service>,
    municipality: u16,
    route: String,
    parameters: Parameters,
) -> Response {
    match worked_out(service, municipality, route, parameters).await {
        Some(result) => envelope(result),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// [`result`]; a ballot's proof is checked beside the threads that answer.
async fn worked_out(
    service: Arc<Service>,
    municipality: u16,
    route: String,
    parameters: Parameters,
) -> Option<Result<Value, RpcError>> {
    if route != BROADCAST {
        return result(&service, municipality, &route, &parameters);
    }
    let work = move || result(&service, municipality, &route, &parameters);
    tokio::task::spawn_blocking(work).await.ok().flatten()
}

/// What a route answers; `None` if there is no such route.
pub fn result(
    service: &Service,
    municipality: u16,
    route: &str,
    parameters: &Parameters,
) -> Option<Result<Value, RpcError>> {
    Some(match route {
        "health" => answers::health(),
        "status" => answers::status(service, municipality),
        "genesis" => answers::genesis(service),
        "commit" => answers::commit(service, parameters),
        "header" => answers::header(service, parameters),
        "block" => answers::block(service, parameters),
        "block_results" => answers::results(service, parameters),
        "blockchain" => answers::blockchain(service, parameters),
        "validators" => answers::validators_page(service, parameters),
        "abci_info" => query::info(service),
        "abci_query" => query::query(service, municipality, parameters),
        BROADCAST => broadcast(service, municipality, parameters),
        _ => return None,
    })
}

async fn trust_card(State(service): Shared) -> Response {
    (
        [(CONTENT_TYPE, "application/json")],
        service.files().trust_card,
    )
        .into_response()
}

/// The names of the sample receipts.
async fn receipts(State(service): Shared) -> Response {
    let receipts = service.files().receipts;
    let list: Vec<Value> = receipts
        .iter()
        .map(|(name, text)| json!({ "name": name, "receipt": text.trim() }))
        .collect();
    axum::Json(list).into_response()
}

/// The sample roll slips.
async fn roll_slips(State(service): Shared) -> Response {
    let slips = service.files().slips;
    let list: Vec<Value> = slips
        .iter()
        .map(|(issued, slip)| json!({ "issued": issued, "slip": slip }))
        .collect();
    axum::Json(list).into_response()
}

async fn receipt(State(service): Shared, Path(name): Path<String>) -> Response {
    match service
        .files()
        .receipts
        .into_iter()
        .find(|(known, _)| *known == name)
    {
        Some((_, text)) => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The built portal's folder; a path within the app that is no file gets its start page.
pub fn portal(folder: &std::path::Path) -> Router {
    let files = ServeDir::new(folder).fallback(ServeFile::new(folder.join("index.html")));
    let policy = SetResponseHeaderLayer::if_not_present(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(PORTAL_POLICY),
    );
    let no_sniffing = SetResponseHeaderLayer::if_not_present(
        X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    Router::new()
        .fallback_service(files)
        .layer(policy)
        .layer(no_sniffing)
}
