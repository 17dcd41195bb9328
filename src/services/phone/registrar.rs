//! Questions to a municipality's registrar.

use crate::services::fetch;
use crate::state::phone::{Refusal, Reply, read_answer};
use serde_json::Value;
use verifier_core::{MunicipalityIndex, SourceFault, TrustCard};

/// An answer is a signature of 256 bytes and little else.
const LIMIT: usize = 16 * 1024;

/// Asks the registrar of a municipality.
///
/// # Errors
/// If it refuses, or does not answer.
pub async fn ask(
    card: &TrustCard,
    of: MunicipalityIndex,
    path: &str,
    question: &Value,
) -> Result<Reply, Refusal> {
    let registrar = card.registrars.iter().find(|r| r.municipality == of);
    let registrar = registrar.ok_or(Refusal::Silent(SourceFault::Unreachable))?;
    let url = format!("{}{path}", registrar.url.trim_end_matches('/'));
    let answer = fetch::post_json(&url, &question.to_string(), LIMIT).await;
    let (status, body) = answer.map_err(Refusal::Silent)?;
    read_answer(status, &body)
}
