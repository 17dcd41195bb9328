//! Drives the verifier without a browser: carries its requests to a node and the answers back.

use anyhow::{Context, Result};
use reqwest::Client;
use std::time::Duration;
use verifier_core::{
    Agreement, Answer, Evidence, LoneRecount, Origin, ReceiptCheck, Report, Request, Seconds,
    SourceFault, Survey, TrustCard,
};

/// A node as a client meets it.
pub struct Transport {
    client: Client,
    url: String,
    patience: Duration,
}

/// How a recount ended.
pub struct Recounted {
    pub report: Option<Report>,
    pub fault: Option<SourceFault>,
}

impl Transport {
    /// Asks the node at `url`, and waits so long for each answer.
    pub fn new(url: &str, patience: Duration) -> Self {
        Self {
            client: Client::new(),
            url: url.to_owned(),
            patience,
        }
    }

    /// One request's answer, under its cap.
    pub async fn ask(&self, request: &Request) -> Answer {
        let limit = request.answer_limit();
        match tokio::time::timeout(self.patience, self.read(request, limit)).await {
            Ok(answer) => answer,
            Err(_) => Err(SourceFault::TooSlow),
        }
    }

    async fn read(&self, request: &Request, limit: usize) -> Answer {
        let sent = self
            .client
            .get(format!("{}{}", self.url, request.path()))
            .send()
            .await;
        let mut response = sent.map_err(|_| SourceFault::Unreachable)?;
        if !response.status().is_success() {
            return Err(SourceFault::HttpStatus(response.status().as_u16()));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|_| SourceFault::Unreachable)?
        {
            if bytes.len() + chunk.len() > limit {
                return Err(SourceFault::TooLarge { limit });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    /// Checks a receipt.
    pub async fn check(&self, card: TrustCard, receipt: &str, now: Seconds) -> (Report, Evidence) {
        let mut check = ReceiptCheck::new(card, receipt, now);
        while let Some(request) = check.needs().first().cloned() {
            let answer = self.ask(&request).await;
            check.supply(&request, answer);
        }
        (check.report(), check.evidence().clone())
    }

    /// Recounts the election.
    pub async fn recount(&self, card: TrustCard, now: Seconds) -> Recounted {
        let mut run = LoneRecount::new(card, now, Origin::Node);
        while let Some(request) = run.needs().first().cloned() {
            let answer = self.ask(&request).await;
            run.supply(&request, answer);
            while run.step() {}
        }
        let fault = run.fault().cloned();
        Recounted {
            report: run.finish(),
            fault,
        }
    }
}

/// Compares all nodes of a trust card, and waits so long for each answer.
///
/// # Errors
/// If the card cannot be used.
pub async fn survey(card: &TrustCard, patience: Duration, now: Seconds) -> Result<Agreement> {
    let mut survey = Survey::new(card, now, None)?;
    let nodes = card.nodes.iter();
    let nodes: Vec<_> = nodes
        .map(|node| Transport::new(&node.url, patience))
        .collect();
    while let Some((number, request)) = survey.needs().first().cloned() {
        let node = nodes
            .get(number)
            .context("a node that is not on the card")?;
        let answer = node.ask(&request).await;
        survey.supply(number, &request, answer);
    }
    Ok(survey.agreement())
}
