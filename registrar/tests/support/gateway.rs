//! An SMS gateway that keeps what it is given, over real HTTP.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

const PATIENCE: Duration = Duration::from_secs(20);

/// One text as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub to: String,
    pub text: String,
    pub idempotency: String,
}

/// The gateway.
#[derive(Clone)]
pub struct Gateway {
    pub url: String,
    kept: Arc<Kept>,
}

struct Kept {
    token: Option<String>,
    arrived: Mutex<Vec<Arrived>>,
    /// Status codes for the next requests; 200 once they are used up.
    answers: Mutex<VecDeque<u16>>,
}

impl Gateway {
    pub async fn start(token: Option<&str>) -> Self {
        let kept = Arc::new(Kept {
            token: token.map(str::to_owned),
            arrived: Mutex::default(),
            answers: Mutex::default(),
        });
        let routes = Router::new()
            .route("/send", post(take))
            .with_state(Arc::clone(&kept));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/send", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, kept }
    }

    pub fn answer_with(&self, statuses: &[u16]) {
        self.kept.answers.lock().unwrap().extend(statuses);
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.kept.arrived.lock().unwrap().clone()
    }

    /// The text of this number among those to one phone, once it is there.
    pub fn text(&self, to: &str, number: usize) -> Arrived {
        let until = Instant::now() + PATIENCE;
        loop {
            let arrived = self.arrived();
            let mut texts = arrived.iter().filter(|arrived| arrived.to == to);
            if let Some(text) = texts.nth(number) {
                return text.clone();
            }
            assert!(Instant::now() < until, "no text {number} to {to}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The code in that text.
    pub fn code(&self, to: &str, number: usize) -> String {
        let text = self.text(to, number).text;
        let mut digits = text.split(|c: char| !c.is_ascii_digit());
        digits.find(|run| run.len() == 6).unwrap().to_owned()
    }
}

async fn take(
    State(kept): State<Arc<Kept>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> StatusCode {
    let header = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    let expected = kept.token.as_ref().map(|token| format!("Bearer {token}"));
    if header("authorization") != expected {
        return StatusCode::UNAUTHORIZED;
    }
    kept.arrived.lock().unwrap().push(Arrived {
        to: body["to"].as_str().unwrap().into(),
        text: body["text"].as_str().unwrap().into(),
        idempotency: header("idempotency-key").unwrap(),
    });
    let answer = kept.answers.lock().unwrap().pop_front();
    StatusCode::from_u16(answer.unwrap_or(200)).unwrap()
}
