//! CometBFT's own files: its settings, and the two keys in its JSON.

use super::election::Pace;
use super::municipality::MunicipalityPlan;
use super::plan::Plan;
use data_encoding::BASE64;
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;
use verifier_core::PublicKey;

/// Every setting that matters, with the network's in braces.
const TEMPLATE: &str = include_str!("cometbft.template.toml");

/// CometBFT's name of a node.
pub type NodeId = [u8; 20];

/// `config.toml` of the municipality at `index`. `nodes` are the names of all nodes, in the plan's order.
pub fn config(plan: &Plan, index: usize, nodes: &[NodeId]) -> Option<String> {
    let own = plan.municipalities.get(index)?;
    let others = plan.municipalities.iter().zip(nodes).enumerate();
    let others: Vec<(&MunicipalityPlan, String)> = others
        .filter(|(at, _)| *at != index)
        .map(|(_, (municipality, id))| (municipality, hex::encode(id)))
        .collect();
    let peers: Vec<String> = others
        .iter()
        .map(|(peer, id)| format!("{id}@{}:{}", peer.host, peer.ports.p2p))
        .collect();
    let ids: Vec<&str> = others.iter().map(|(_, id)| id.as_str()).collect();
    let portals: Vec<String> = plan.portals.iter().map(|p| format!("{p:?}")).collect();
    let local = plan.municipalities.iter().all(MunicipalityPlan::is_local);
    let reach = if own.is_local() {
        "127.0.0.1"
    } else {
        "0.0.0.0"
    };
    let Pace {
        propose,
        vote,
        commit,
    } = plan.pace;
    let settings = [
        ("moniker", own.slug.clone()),
        ("abci", own.ports.abci.to_string()),
        ("rpc_host", reach.into()),
        ("rpc", own.ports.rpc.to_string()),
        ("portals", portals.join(", ")),
        ("p2p_host", reach.into()),
        ("p2p", own.ports.p2p.to_string()),
        ("external", format!("{}:{}", own.host, own.ports.p2p)),
        ("peers", peers.join(",")),
        ("peer_ids", ids.join(",")),
        ("strict", (!local).to_string()),
        ("duplicate_ip", local.to_string()),
        ("max_peers", plan.municipalities.len().max(40).to_string()),
        ("propose", go_duration(propose)),
        ("vote", go_duration(vote)),
        ("pause", go_duration(commit)),
        ("metrics_host", reach.into()),
        ("metrics", own.ports.cometbft_metrics.to_string()),
    ];
    let fill =
        |text: String, (name, value): (&str, String)| text.replace(&format!("{{{name}}}"), &value);
    Some(settings.into_iter().fold(TEMPLATE.into(), fill))
}

/// As Go writes durations.
fn go_duration(duration: Duration) -> String {
    format!("{}ms", duration.as_millis())
}

/// First 20 bytes of SHA-256 of the public key: a node's name and a validator's address alike.
pub fn address(key: &PublicKey) -> NodeId {
    let digest: [u8; 32] = Sha256::digest(key.0).into();
    let mut address = [0; 20];
    address.copy_from_slice(digest.split_at(20).0);
    address
}

/// `node_key.json`.
pub fn node_key_file(key: &SigningKey) -> Value {
    json!({ "priv_key": private(key) })
}

/// `priv_validator_key.json`.
pub fn validator_key_file(key: &SigningKey) -> Value {
    let public = key.verifying_key().to_bytes();
    json!({
        "address": hex::encode_upper(address(&PublicKey(public))),
        "pub_key": { "type": "tendermint/PubKeyEd25519", "value": BASE64.encode(&public) },
        "priv_key": private(key),
    })
}

/// `priv_validator_state.json` of a validator that has signed nothing yet.
pub fn validator_state_file() -> Value {
    json!({ "height": "0", "round": 0, "step": 0 })
}

fn private(key: &SigningKey) -> Value {
    json!({ "type": "tendermint/PrivKeyEd25519", "value": BASE64.encode(&key.to_keypair_bytes()) })
}
