//! Sending a code to a phone: printed for a demonstration, or given to a gateway by HTTP.
//!
//! ```text
//! POST URL          Authorization: Bearer TOKEN      Idempotency-Key: 32 hexadecimal digits, the same in every attempt
//! { "to": "01012345678", "text": "…" }               taken if the answer's status is 2xx
//! ```

use rand_core::{OsRng, RngCore};
use serde_json::json;
use std::time::Duration;
use zeroize::Zeroizing;

const TIMEOUT: Duration = Duration::from_secs(10);
/// Pauses before the second and third attempt.
const PAUSES: [Duration; 2] = [Duration::from_millis(300), Duration::from_millis(1_500)];

/// How texts get to phones.
#[derive(Clone, Debug)]
pub enum Sms {
    /// Printed here, for whoever stands before this machine: for demonstrations.
    Console,
    Http(Gateway),
}

/// A gateway's address and our name with it.
#[derive(Clone, Debug)]
pub struct Gateway {
    url: String,
    token: Option<Zeroizing<String>>,
    agent: ureq::Agent,
}

/// Why a text was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SmsError {
    #[error("{0:?} is neither console nor an address that begins with https:// or http://")]
    Url(String),
    #[error("the SMS gateway does not answer: {0}")]
    Unreachable(String),
    #[error("the SMS gateway answers with status {0}")]
    Refused(u16),
}

impl Sms {
    /// `console`, or a gateway's address.
    ///
    /// # Errors
    /// If it is neither.
    pub fn parse(text: &str, token: Option<Zeroizing<String>>) -> Result<Self, SmsError> {
        if text == "console" {
            return Ok(Self::Console);
        }
        if !text.starts_with("https://") && !text.starts_with("http://") {
            return Err(SmsError::Url(text.into()));
        }
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .build()
            .into();
        Ok(Self::Http(Gateway {
            url: text.into(),
            token,
            agent,
        }))
    }

    /// Sends a text, with some patience; blocks until it is sent or given up.
    ///
    /// # Errors
    /// If it was not sent.
    pub fn send(&self, to: &str, text: &str) -> Result<(), SmsError> {
        match self {
            Self::Console => {
                println!("SMS to {to}: {text}");
                Ok(())
            }
            Self::Http(gateway) => gateway.send(to, text),
        }
    }
}

impl Gateway {
    fn send(&self, to: &str, text: &str) -> Result<(), SmsError> {
        let mut key = [0; 16];
        OsRng.fill_bytes(&mut key);
        let key = hex::encode(key);
        let mut last = self.attempt(to, text, &key);
        for pause in PAUSES {
            match last {
                Err(SmsError::Unreachable(_) | SmsError::Refused(429 | 500..)) => {}
                decided => return decided,
            }
            std::thread::sleep(pause);
            last = self.attempt(to, text, &key);
        }
        last
    }

    fn attempt(&self, to: &str, text: &str, key: &str) -> Result<(), SmsError> {
        let mut request = self.agent.post(&self.url).header("Idempotency-Key", key);
        if let Some(token) = &self.token {
            let token = Zeroizing::new(format!("Bearer {}", token.as_str()));
            request = request.header("Authorization", token.as_str());
        }
        let answer = request
            .send_json(json!({ "to": to, "text": text }))
            .map_err(|error| SmsError::Unreachable(error.to_string()))?;
        match answer.status().as_u16() {
            200..300 => Ok(()),
            status => Err(SmsError::Refused(status)),
        }
    }
}
