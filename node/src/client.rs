//! A node's RPC, asked from another process.

use std::time::Duration;
use verifier_core::rpc::{Route, RpcError, StateQuery, Status, decode_answer};
use verifier_core::{
    Broadcast, BroadcastAnswer, Request, SourceFault, decode_broadcast, decode_promise_answer,
};

/// An answer that takes longer than this is given up.
const TIMEOUT: Duration = Duration::from_secs(10);

const TRUST_CARD_QUERY: &str = "/abci_query?path=\"/trust-card\"";

/// Why a node gave no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("{url} does not answer: {reason}")]
    Unreachable { url: String, reason: String },
    #[error("{url} answers what is none: {source}")]
    Answer { url: String, source: RpcError },
    #[error("{url} refuses the question: {reason}")]
    Refused { url: String, reason: String },
}

/// What a node said of a transaction that was sent to it.
pub type Taken = BroadcastAnswer;

/// One node.
#[derive(Clone, Debug)]
pub struct Client {
    url: String,
    agent: ureq::Agent,
}

impl Client {
    /// The node at this address.
    pub fn new(url: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .build()
            .into();
        Self {
            url: url.trim_end_matches('/').to_owned(),
            agent,
        }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it stands.
    ///
    /// # Errors
    /// If it does not answer, or not with a status.
    pub fn status(&self) -> Result<Status, ClientError> {
        self.ask(&Request::Status)
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// If there is none, or it is not of this route.
    pub fn ask<R: Route>(&self, request: &Request) -> Result<R, ClientError> {
        let bytes = self.fetch(request)?;
        decode_answer(&bytes).map_err(|source| ClientError::Answer {
            url: self.url.clone(),
            source,
        })
    }

    /// The bytes of an answer.
    ///
    /// # Errors
    /// If there are none, or too many.
    pub fn fetch(&self, request: &Request) -> Result<Vec<u8>, ClientError> {
        self.get(&request.path(), request.answer_limit())
    }

    /// The trust card that the node hands out, as it is; `None` if it has none.
    ///
    /// # Errors
    /// If the node does not answer.
    pub fn trust_card(&self) -> Result<Option<String>, ClientError> {
        let bytes = self.get(TRUST_CARD_QUERY, Request::Totals.answer_limit())?;
        let answer: Result<StateQuery, _> = decode_answer(&bytes);
        Ok(answer
            .ok()
            .filter(|answer| answer.code == 0 && !answer.value.is_empty())
            .and_then(|answer| String::from_utf8(answer.value).ok()))
    }

    fn get(&self, path: &str, limit: usize) -> Result<Vec<u8>, ClientError> {
        let path = path.replace('"', "%22");
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let mut response = self
            .agent
            .get(format!("{}{path}", self.url))
            .call()
            .map_err(|error| self.unreachable(&error))?;
        let body = response.body_mut().with_config().limit(limit);
        body.read_to_vec().map_err(|error| self.unreachable(&error))
    }

    /// Sends a transaction and waits until the node's application has looked at it (`broadcast_tx_sync`).
    ///
    /// # Errors
    /// If the node does not answer, or not to this.
    pub fn broadcast(&self, transaction: &[u8]) -> Result<Taken, ClientError> {
        let answer = self.post(&Broadcast { transaction }.body())?;
        decode_broadcast(&answer).map_err(|fault| self.refused(&fault))
    }

    /// Asks what became of a ballot that was sent to this node before, and for its promise again.
    ///
    /// # Errors
    /// If the node does not answer, or not to this.
    pub fn promise_again(&self, transaction: &[u8]) -> Result<Taken, ClientError> {
        let answer = self.post(&Broadcast { transaction }.promise_body())?;
        decode_promise_answer(&answer).map_err(|fault| self.refused(&fault))
    }

    fn post(&self, body: &str) -> Result<Vec<u8>, ClientError> {
        let limit = u64::try_from(Broadcast::ANSWER_LIMIT).unwrap_or(u64::MAX);
        let mut response = self
            .agent
            .post(&self.url)
            .content_type(Broadcast::MEDIA_TYPE)
            .send(body)
            .map_err(|error| self.unreachable(&error))?;
        let body = response.body_mut().with_config().limit(limit);
        body.read_to_vec().map_err(|error| self.unreachable(&error))
    }

    fn refused(&self, fault: &SourceFault) -> ClientError {
        ClientError::Refused {
            url: self.url.clone(),
            reason: fault.to_string(),
        }
    }

    fn unreachable(&self, error: &ureq::Error) -> ClientError {
        ClientError::Unreachable {
            url: self.url.clone(),
            reason: error.to_string(),
        }
    }
}
