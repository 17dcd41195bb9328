//! A validator that signs two blocks at one height: beside its true vote for a block there is another, with its key, for a block that nobody made.
//! Whoever has both votes can hand them in; CometBFT puts them into a block as evidence, and every node reports it.

use crate::arena::{Arena, CATCH_UP};
use crate::count::{Count, Counting};
use crate::stage::Stage;
use anyhow::{Context, Result, ensure};
use data_encoding::BASE64;
use e2e::validator_key;
use libtest_mimic::Trial;
use node::client::Client;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tendermint::block::{CommitSig, Id, signed_header::SignedHeader};
use tendermint::hash::{Algorithm, Hash};
use tendermint::vote::Type;
use tendermint::{Signature, Vote, account, chain};
use tokio::runtime::Runtime;
use verifier_core::Request;
use verifier_core::prove::{SigningKey, public_key, sign};
use verifier_core::rpc::CommitAnswer;

const MUNICIPALITY: usize = 3;
/// To whom both votes are handed in.
const WITNESS: usize = 0;

pub fn trial(stage: &Arc<Stage>) -> Trial {
    stage.on_network(
        "a_validator_that_signs_two_blocks_at_one_height_is_reported_by_every_node",
        "one validator signs twice",
        None,
        sign_twice,
    )
}

fn sign_twice(arena: &mut Arena) -> Result<(String, Count)> {
    let counting = Counting::begin(arena);
    arena.goes_on(2)?;
    let key = validator_key(arena.pair(MUNICIPALITY)?.home())?;
    let culprit = account::Id::from(
        tendermint::PublicKey::from_raw_ed25519(&public_key(&key).0).context("not a key")?,
    );
    let witness = arena.nodes.get(WITNESS).context("no witness")?;
    let evidence = evidence(witness, &key, culprit, arena.top())?;
    let sent_at = arena.top();
    hand_in(witness.url(), &evidence)?;
    let mut found = None;
    arena.wait_until("the evidence is in a block", CATCH_UP, |arena| {
        found = find(arena, sent_at);
        found.is_some()
    })?;
    let height = found.context("no block")?;
    arena.goes_on(2)?;
    arena.everybody_catches_up()?;
    for index in 0..arena.nodes.len() {
        reports(arena, index, &culprit.to_string())?;
    }
    let what = format!(
        "evidence in block {height}; all {} nodes name the validator in their logs and count it; the recount reads that block",
        arena.nodes.len()
    );
    Ok((what, counting.end(arena, WITNESS)?))
}

/// CometBFT's evidence: the validator's own vote in a commit, and one for another block.
fn evidence(node: &Client, key: &SigningKey, culprit: account::Id, top: u64) -> Result<Value> {
    for height in (1..top).rev() {
        let answer: CommitAnswer = node.ask(&Request::Commit(height))?;
        let signed = &answer.signed_header;
        if let Some(own) = own_vote(signed, culprit) {
            let other = other_vote(&own, &signed.header.chain_id, key)?;
            let mut votes = [own, other];
            // In the order of their blocks.
            votes.sort_by_key(|vote| vote.block_id.map(|id| id.hash.as_bytes().to_vec()));
            let [a, b] = votes;
            let power = i64::from(10);
            return Ok(json!({
                "type": "tendermint/DuplicateVoteEvidence",
                "value": {
                    "vote_a": to_json(&a),
                    "vote_b": to_json(&b),
                    "TotalVotingPower": (power * 4).to_string(),
                    "ValidatorPower": power.to_string(),
                    "Timestamp": signed.header.time.to_rfc3339(),
                },
            }));
        }
    }
    anyhow::bail!("the validator has signed no block")
}

/// The validator's vote as the commit holds it.
fn own_vote(signed: &SignedHeader, culprit: account::Id) -> Option<Vote> {
    let commit = &signed.commit;
    let mut signatures = (0..).zip(&commit.signatures);
    signatures.find_map(|(index, vote)| match vote {
        CommitSig::BlockIdFlagCommit {
            validator_address,
            timestamp,
            signature,
        } if *validator_address == culprit => Some(Vote {
            vote_type: Type::Precommit,
            height: commit.height,
            round: commit.round,
            block_id: Some(commit.block_id),
            timestamp: Some(*timestamp),
            validator_address: culprit,
            validator_index: tendermint::vote::ValidatorIndex::try_from(index).ok()?,
            signature: signature.clone(),
            extension: Vec::new(),
            extension_signature: None,
        }),
        _ => None,
    })
}

fn other_vote(own: &Vote, chain: &chain::Id, key: &SigningKey) -> Result<Vote> {
    let id = own.block_id.context("a vote for no block")?;
    let hash = Hash::from_bytes(Algorithm::Sha256, &[0xAB; 32])?;
    let mut other = Vote {
        block_id: Some(Id { hash, ..id }),
        ..own.clone()
    };
    let message = other.clone().into_signable_vec(chain.clone());
    other.signature = Signature::new(sign(key, &message))?;
    Ok(other)
}

fn to_json(vote: &Vote) -> Value {
    let id = vote.block_id.unwrap_or_default();
    let signature = vote.signature.as_ref().map(|s| BASE64.encode(s.as_bytes()));
    json!({
        "type": 2,
        "height": vote.height.to_string(),
        "round": vote.round.value(),
        "block_id": {
            "hash": id.hash.to_string(),
            "parts": { "total": id.part_set_header.total, "hash": id.part_set_header.hash.to_string() },
        },
        "timestamp": vote.timestamp.map(|time| time.to_rfc3339()),
        "validator_address": vote.validator_address.to_string(),
        "validator_index": vote.validator_index.value(),
        "signature": signature,
        "extension": null,
        "extension_signature": null,
    })
}

fn hand_in(url: &str, evidence: &Value) -> Result<()> {
    let question = json!({
        "jsonrpc": "2.0", "id": 1, "method": "broadcast_evidence", "params": { "evidence": evidence },
    });
    let answer = fetch(reqwest::Client::new().post(url).json(&question))?;
    let answer: Value = serde_json::from_str(&answer)?;
    ensure!(
        answer.get("error").is_none(),
        "the evidence is not taken: {answer}"
    );
    Ok(())
}

/// The block above `height` that holds evidence.
fn find(arena: &Arena, height: u64) -> Option<u64> {
    let node = arena.nodes.get(WITNESS)?;
    (height..=arena.top()).find(|height| {
        let block = node.fetch(&Request::Block(*height)).unwrap_or_default();
        let block: Value = serde_json::from_slice(&block).unwrap_or_default();
        let evidence = block.pointer("/result/block/evidence/evidence");
        evidence
            .and_then(Value::as_array)
            .is_some_and(|list| !list.is_empty())
    })
}

/// Whether a node names the culprit in its log, and counts it.
fn reports(arena: &mut Arena, index: usize, culprit: &str) -> Result<()> {
    let log = std::fs::read_to_string(arena.pair(index)?.application.log())?;
    let sentence = format!("Validator {culprit} has broken the protocol");
    ensure!(
        log.contains(&sentence),
        "node {index} does not report {culprit}"
    );
    let node = arena.network.description().nodes.get(index);
    let url = node.context("no such node")?.metrics.clone();
    let mut metrics = String::new();
    arena.wait_until("the metrics are there", Duration::from_secs(5), |_| {
        metrics = fetch(reqwest::Client::new().get(&url)).unwrap_or_default();
        !metrics.is_empty()
    })?;
    let counted = metrics
        .lines()
        .any(|line| line == "chamgwan_misbehaviors_total 1");
    ensure!(counted, "node {index} does not count it");
    Ok(())
}

fn fetch(request: reqwest::RequestBuilder) -> Result<String> {
    Runtime::new()?.block_on(async { Ok(request.send().await?.text().await?) })
}
