//! A municipality's node: one request, one answer.

use super::buffers::Buffers;
use super::{clock, fetch};
use crate::text::Both;
use js_sys::Uint8Array;
use verifier_core::{Answer, MunicipalityIndex, Request, SourceFault, TrustCard};

/// Asks the node at `url`.
pub async fn ask(url: &str, request: &Request) -> Answer {
    fetch::get(&address(url, request), request.answer_limit()).await
}

/// The same, as the browser has it, in one of these buffers.
pub async fn ask_into(
    buffers: &Buffers,
    url: &str,
    request: &Request,
) -> Result<Uint8Array, SourceFault> {
    fetch::get_into(
        buffers,
        &address(url, request),
        request.answer_limit(),
        fetch::Patience::ForAll,
    )
    .await
}

fn address(url: &str, request: &Request) -> String {
    format!("{}{}", url.trim_end_matches('/'), request.path())
}

/// The node to begin with: any of them; the time of day spreads visitors over all.
pub fn some_node(nodes: usize) -> usize {
    let nodes = u64::try_from(nodes).unwrap_or(1).max(1);
    usize::try_from(clock::milliseconds() % nodes).unwrap_or(0)
}

/// Whether a text can be a node's address: one on the web, or one beside the page.
pub fn is_address(text: &str) -> bool {
    ["https://", "http://", "./", "/"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// The name of the municipality at `index`, or its number.
pub fn name(card: &TrustCard, index: MunicipalityIndex) -> Both {
    match card.contract.municipality(index) {
        Some(municipality) => Both::from(&municipality.name),
        None => Both::plain(index.to_string()),
    }
}
