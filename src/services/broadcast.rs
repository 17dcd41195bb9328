//! Sends a transaction to a municipality's node.

use super::fetch;
use crate::state::kiosk::Word;
use verifier_core::{
    Broadcast, BroadcastAnswer, Contract, Outcome, PromisedBallot, SourceFault, decode_broadcast,
    decode_promise_answer,
};

/// Sends it, and if the node has it already, asks for its promise again. A promise about `ballot` is checked.
pub async fn send(
    url: &str,
    transaction: &[u8],
    contract: &Contract,
    ballot: &PromisedBallot,
) -> Word {
    let broadcast = Broadcast { transaction };
    let answer = match post(url, transaction).await {
        Ok(BroadcastAnswer::Known) => {
            ask(url, &broadcast.promise_body(), decode_promise_answer).await
        }
        answer => answer,
    };
    match answer {
        Err(fault) => Word::Silent(fault),
        Ok(answer) => word(answer, contract, ballot),
    }
}

/// Sends it.
pub async fn post(url: &str, transaction: &[u8]) -> Result<BroadcastAnswer, SourceFault> {
    let broadcast = Broadcast { transaction };
    ask(url, &broadcast.body(), decode_broadcast).await
}

async fn ask(
    url: &str,
    body: &str,
    decode: impl Fn(&[u8]) -> Result<BroadcastAnswer, SourceFault>,
) -> Result<BroadcastAnswer, SourceFault> {
    let url = format!("{}/", url.trim_end_matches('/'));
    let bytes = fetch::post(&url, body, Broadcast::ANSWER_LIMIT).await?;
    decode(&bytes)
}

fn word(answer: BroadcastAnswer, contract: &Contract, ballot: &PromisedBallot) -> Word {
    match answer {
        BroadcastAnswer::Waiting {
            promise: Some(promise),
        } => match promise.check(contract, ballot) {
            Ok(()) => Word::Promised(promise),
            Err(_) => Word::BadPromise,
        },
        BroadcastAnswer::Waiting { promise: None } | BroadcastAnswer::Known => Word::Accepted,
        BroadcastAnswer::Recorded => Word::Recorded,
        BroadcastAnswer::Full => Word::Full,
        BroadcastAnswer::Refused { code, .. } => {
            Outcome::from_code(code).map_or(Word::Strange(code), Word::Refused)
        }
    }
}
