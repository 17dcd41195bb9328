//! Asks every node how far it has come, and which header it names at a height that all can be compared at.

use super::{clock, node};
use crate::state::nodes::NodeState;
use futures_util::future::join_all;
use verifier_core::rpc::{CommitAnswer, Status, decode_answer};
use verifier_core::{
    HeaderHash, Height, Request, SourceFault, TrustCard, check_commit, header_hash,
};

/// What a comparison found: the height, the hash that the trust card names there, if it does, and each node's answer with its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub height: Height,
    pub expected: Option<HeaderHash>,
    pub nodes: Vec<NodeState>,
    /// Each node's signed header as it came, to be kept as evidence where they differ.
    pub commits: Vec<Option<Vec<u8>>>,
}

/// Asks all nodes of the trust card.
pub async fn compare(card: &TrustCard) -> Comparison {
    let statuses = join_all(
        card.nodes
            .iter()
            .map(|node| status(&node.url, &card.chain_id)),
    )
    .await;
    let (height, expected) = compared_height(card, &statuses);
    let commits = join_all(card.nodes.iter().zip(&statuses).map(|(node, status)| {
        let reached = status.as_ref().is_ok_and(|(latest, _)| *latest >= height);
        async move {
            if reached {
                Some(commit(&node.url, height, card).await)
            } else {
                None
            }
        }
    }))
    .await;
    let (nodes, commits) = statuses.into_iter().zip(commits).map(joined).unzip();
    Comparison {
        height,
        expected,
        nodes,
        commits,
    }
}

/// Latest height and milliseconds.
type Reached = Result<(Height, u64), SourceFault>;

/// A header's hash and the bytes that it came in.
type Named = Result<(HeaderHash, Vec<u8>), SourceFault>;

async fn status(url: &str, chain_id: &str) -> Reached {
    let before = clock::milliseconds();
    let bytes = node::ask(url, &Request::Status).await?;
    let latency = clock::milliseconds().saturating_sub(before);
    let status: Status = decode_answer(&bytes)?;
    if status.chain_id.as_str() != chain_id {
        return Err(SourceFault::OtherChain {
            actual: status.chain_id.to_string(),
            expected: chain_id.to_owned(),
        });
    }
    Ok((status.latest_height, latency))
}

/// The final header if the card names one, or else the lowest latest height, so that nearly all nodes can be compared.
fn compared_height(card: &TrustCard, statuses: &[Reached]) -> (Height, Option<HeaderHash>) {
    if let Some(last) = card.final_header {
        return (last.height, Some(last.hash));
    }
    let lowest = statuses
        .iter()
        .filter_map(|s| s.as_ref().ok())
        .map(|(latest, _)| *latest)
        .filter(|latest| *latest >= card.trusted.height)
        .min();
    match lowest {
        Some(height) if height > card.trusted.height => (height, None),
        _ => (card.trusted.height, Some(card.trusted.hash)),
    }
}

/// Only a header with a valid commit is compared: a forged one is the node's fault, two valid ones are evidence against their signers.
async fn commit(url: &str, height: Height, card: &TrustCard) -> Named {
    let bytes = node::ask(url, &Request::Commit(height)).await?;
    let answer: CommitAnswer = decode_answer(&bytes)?;
    let signed = answer.signed_header;
    let malformed = |reason: String| SourceFault::Malformed(reason);
    let validators = card.validator_set().map_err(|e| malformed(e.to_string()))?;
    if signed.header.height.value() != height {
        return Err(malformed(format!("height {}", signed.header.height)));
    }
    let chain_id = card
        .chain_id
        .parse()
        .map_err(|_| malformed("chain id".into()))?;
    check_commit(&chain_id, &validators, &signed)
        .map_err(|error| SourceFault::Commit { height, error })?;
    Ok((header_hash(&signed.header), bytes))
}

fn joined((status, named): (Reached, Option<Named>)) -> (NodeState, Option<Vec<u8>>) {
    match (status, named) {
        (Err(fault), _) | (Ok(_), Some(Err(fault))) => (NodeState::Failed(fault), None),
        (Ok((latest, latency_ms)), named) => {
            let (compared, bytes) = match named {
                Some(Ok((hash, bytes))) => (Some(hash), Some(bytes)),
                Some(Err(_)) | None => (None, None),
            };
            let state = NodeState::Answered {
                latest,
                latency_ms,
                compared,
            };
            (state, bytes)
        }
    }
}
