//! `GET /metrics`.

use super::numbers::Metrics;
use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

/// Prometheus' text format.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Serves the numbers at this address, until the process ends.
pub async fn serve(address: SocketAddr, metrics: Arc<Metrics>) -> io::Result<()> {
    let listener = tokio::net::TcpListener::bind(address).await?;
    let routes = Router::new()
        .route("/metrics", get(text))
        .with_state(metrics);
    axum::serve(listener, routes).await
}

async fn text(State(metrics): State<Arc<Metrics>>) -> Response {
    ([(CONTENT_TYPE, FORMAT)], metrics.to_text()).into_response()
}
