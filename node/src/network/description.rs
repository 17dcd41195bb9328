//! `network.json`: what is public of a network, for whoever runs, watches or rehearses it.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use verifier_core::{Contract, ContractError, GenesisHash, PublicKey, Seconds, encode};

/// The file's name in the network's folder.
pub const DESCRIPTION_FILE: &str = "network.json";
const VERSION: u8 = 1;

/// A network as its file describes it.
#[derive(Clone, Debug)]
pub struct Description {
    pub chain_id: String,
    pub genesis: GenesisHash,
    pub contract: Contract,
    /// How long the trust card's header may be relied on.
    pub trusting_period: Seconds,
    pub nodes: Vec<NodeDescription>,
}

/// One municipality's node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeDescription {
    /// The home's folder within the network's.
    pub home: String,
    #[serde(with = "hex_key")]
    pub validator: PublicKey,
    pub power: u32,
    /// Where browsers reach it.
    pub url: String,
    /// Its RPC, from this machine if it runs here.
    pub rpc: String,
    pub metrics: String,
    pub cometbft_metrics: String,
}

/// Why a folder holds no network.
#[derive(Debug, thiserror::Error)]
pub enum DescriptionError {
    #[error("{path}: {source}: `node init` makes this file")]
    Read { path: PathBuf, source: io::Error },
    #[error("{path} is not the description of a network: {reason}")]
    Json { path: PathBuf, reason: String },
    #[error("{path}: {source}")]
    Contract {
        path: PathBuf,
        source: ContractError,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u8,
    chain_id: String,
    genesis_hash: String,
    contract_id: String,
    contract: String,
    trusting_period_seconds: Seconds,
    nodes: Vec<NodeDescription>,
}

impl Description {
    /// Reads the description in a network's folder.
    ///
    /// # Errors
    /// If there is none, or it contradicts itself.
    pub fn read(folder: &Path) -> Result<Self, DescriptionError> {
        let path = folder.join(DESCRIPTION_FILE);
        let text = std::fs::read(&path).map_err(|source| DescriptionError::Read {
            path: path.clone(),
            source,
        })?;
        let wrong = |reason: String| DescriptionError::Json {
            path: path.clone(),
            reason,
        };
        let file: File = serde_json::from_slice(&text).map_err(|e| wrong(e.to_string()))?;
        if file.version != VERSION {
            return Err(wrong(format!("version {} is not known", file.version)));
        }
        let bytes = BASE64
            .decode(file.contract.as_bytes())
            .map_err(|e| wrong(e.to_string()))?;
        let contract = Contract::decode(&bytes).map_err(|source| DescriptionError::Contract {
            path: path.clone(),
            source,
        })?;
        if contract.id().to_string() != file.contract_id {
            return Err(wrong("the contract has another id".into()));
        }
        Ok(Self {
            chain_id: file.chain_id,
            genesis: file
                .genesis_hash
                .parse()
                .map_err(|_| wrong("genesis_hash is not 64 hexadecimal digits".into()))?,
            contract,
            trusting_period: file.trusting_period_seconds,
            nodes: file.nodes,
        })
    }

    /// The file's text.
    pub fn to_json(&self) -> String {
        let file = File {
            version: VERSION,
            chain_id: self.chain_id.clone(),
            genesis_hash: self.genesis.to_string(),
            contract_id: self.contract.id().to_string(),
            contract: BASE64.encode(&encode(&self.contract)),
            trusting_period_seconds: self.trusting_period,
            nodes: self.nodes.clone(),
        };
        // Text, numbers and lists always have a JSON form.
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }
}

mod hex_key {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use verifier_core::PublicKey;

    pub fn serialize<S: Serializer>(key: &PublicKey, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(key)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PublicKey, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}
