//! The built page beside a network: a static folder, and the trust card that its first municipality hands out.

use crate::rpc::portal;
use axum::Router;
use std::path::Path;
use tower_http::services::ServeFile;
use verifier_core::TRUST_CARD_FILE;

/// The page from `folder`, with the newest trust card of the network whose home this is.
pub fn page(folder: &Path, home: &Path) -> Router {
    let card = ServeFile::new(home.join(TRUST_CARD_FILE));
    portal(folder).route_service(&format!("/{TRUST_CARD_FILE}"), card)
}
