//! `GET /archive/…`: the folder's files, with ranges, and with what lets browsers and caches keep bundles for good.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;
use tower_http::cors::CorsLayer;
use tower_http::services::ServeDir;

/// A bundle never changes.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Kept, but asked about each time.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
const BINARY: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// The routes below `/archive`. Any page may read them, and what their headers say.
pub fn routes(folder: &Path) -> Router {
    let folder: Arc<PathBuf> = Arc::new(folder.into());
    Router::new()
        .fallback_service(ServeDir::new(folder.as_path()).append_index_html_on_directories(false))
        .layer(from_fn_with_state(folder, cached))
        .layer(CorsLayer::permissive())
}

/// Answers from the reader's own copy where that is the same, and says how long an answer may be kept.
async fn cached(State(folder): State<Arc<PathBuf>>, mut request: Request, next: Next) -> Response {
    let Some(name) = file_name(request.uri().path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some(tag) = tag(&folder.join(&name)).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let keep = if is_bundle(&name) {
        FOR_GOOD
    } else {
        ASK_AGAIN
    };
    let mut response = if names(request.headers(), &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        // A part of another version is of no use.
        if request.headers().get(IF_RANGE).is_some_and(|of| *of != tag) {
            request.headers_mut().remove(RANGE);
        }
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, keep);
    headers.insert(ETAG, tag);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_bundle(&name) && headers.contains_key(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, BINARY);
    }
    response
}

/// The file that is asked for. There are no folders in an archive, and nothing that begins with a dot is part of it.
fn file_name(path: &str) -> Option<String> {
    let name = path.strip_prefix('/').unwrap_or(path);
    let plain = |letter: char| letter.is_ascii_alphanumeric() || ".-".contains(letter);
    (!name.is_empty() && !name.starts_with('.') && name.chars().all(plain)).then(|| name.into())
}

fn is_bundle(name: &str) -> bool {
    name.ends_with(".bundle") || name.ends_with(".hints")
}

/// Size and time of change name a version of a file, which is only ever replaced as a whole.
async fn tag(path: &Path) -> Option<HeaderValue> {
    let file = tokio::fs::metadata(path).await.ok()?;
    let changed = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let tag = format!("\"{:x}-{:x}\"", file.len(), changed.as_nanos());
    file.is_file().then(|| HeaderValue::from_str(&tag).ok())?
}

/// Whether the reader has this version already.
fn names(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let tags = headers.get_all(IF_NONE_MATCH).iter();
    tags.filter_map(|tags| tags.to_str().ok())
        .flat_map(|tags| tags.split(','))
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == "*" || tag == one)
}
