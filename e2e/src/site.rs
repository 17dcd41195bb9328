//! The built page as a plain static folder on a web server that does nothing but hand out files.

use crate::served::Served;
use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// The trust card's file, beside the page.
const CARD: &str = "trust-card.json";

/// The page on an address of its own; it stops when dropped.
pub struct Site {
    served: Served,
    asked: Arc<Mutex<Vec<String>>>,
}

struct Folder {
    dist: PathBuf,
    card: Option<Vec<u8>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    /// Serves the folder `dist`, with `card` as the trust card beside the page.
    pub async fn start(dist: PathBuf, card: Option<Vec<u8>>) -> Result<Self> {
        let asked = Arc::default();
        let folder = Folder {
            dist,
            card,
            asked: Arc::clone(&asked),
        };
        let router = Router::new().fallback(file).with_state(Arc::new(folder));
        Ok(Self {
            served: Served::start(router).await?,
            asked,
        })
    }

    /// Where it answers, without a slash at the end.
    pub fn url(&self) -> &str {
        self.served.url()
    }

    /// Every request so far: path and query.
    pub fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .map(|asked| asked.clone())
            .unwrap_or_default()
    }
}

async fn file(State(folder): State<Arc<Folder>>, uri: Uri) -> Response {
    if let Ok(mut asked) = folder.asked.lock() {
        asked.push(uri.to_string());
    }
    let name = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    let content = if name == CARD {
        folder.card.clone()
    } else {
        folder.read(name)
    };
    match (content, media_type(name)) {
        (Some(content), Some(media_type)) => {
            let headers = [
                (header::CONTENT_TYPE, media_type),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::CACHE_CONTROL, "no-cache"),
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), // a trust card is for everybody
            ];
            (headers, content).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

impl Folder {
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        let outside = name.split('/').any(|part| part == ".." || part.is_empty());
        if outside {
            None
        } else {
            std::fs::read(self.dist.join(name)).ok()
        }
    }
}

fn media_type(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript",
        "css" => "text/css",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "png" => "image/png",
        "bin" => "application/octet-stream",
        _ => return None,
    })
}
