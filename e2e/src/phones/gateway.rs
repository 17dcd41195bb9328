//! A real local SMS gateway.

use super::lock;
use crate::served::Served;
use anyhow::Result;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde::Deserialize;
use std::sync::{Arc, Mutex};

/// An SMS gateway that keeps what it is given.
pub struct Gateway {
    served: Served,
    arrived: Arc<Mutex<Vec<Text>>>,
}

#[derive(Deserialize)]
struct Text {
    to: String,
    text: String,
}

impl Gateway {
    /// Listens from now on.
    pub async fn start() -> Result<Self> {
        let arrived = Arc::default();
        let routes = axum::Router::new()
            .route("/send", post(take))
            .with_state(Arc::clone(&arrived));
        Ok(Self {
            served: Served::start(routes).await?,
            arrived,
        })
    }

    /// Where texts are posted.
    pub fn url(&self) -> String {
        format!("{}/send", self.served.url())
    }

    /// The text of this number, from 0, among those to a phone.
    pub fn text(&self, phone: &str, nth: usize) -> Result<Option<String>> {
        let arrived = lock(&self.arrived)?;
        let mut texts = arrived.iter().filter(|text| text.to == phone);
        Ok(texts.nth(nth).map(|text| text.text.clone()))
    }

    /// How many texts a phone was sent.
    pub fn texts(&self, phone: &str) -> Result<usize> {
        let arrived = lock(&self.arrived)?;
        Ok(arrived.iter().filter(|text| text.to == phone).count())
    }
}

async fn take(State(arrived): State<Arc<Mutex<Vec<Text>>>>, body: Bytes) -> StatusCode {
    match (serde_json::from_slice(&body), lock(&arrived)) {
        (Ok(text), Ok(mut arrived)) => {
            arrived.push(text);
            StatusCode::OK
        }
        _ => StatusCode::BAD_REQUEST,
    }
}
