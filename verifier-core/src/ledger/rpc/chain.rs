//! Answers about a chain as a whole: what it starts from, how far a node is, who validates.

use serde::Deserialize;
use serde_json::Value;
use tendermint::{Hash as TendermintHash, Time, block, chain, validator};
use tendermint_proto::serializers::from_str;

use crate::Height;
use crate::ledger::{Genesis, ValidatorSetError};

use super::Route;

/// `/status`: which chain a node serves, and how far.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RawStatus")]
pub struct Status {
    /// The chain that the node says it is on.
    pub chain_id: chain::Id,
    /// The name that the node gives itself.
    pub moniker: String,
    /// Height of the oldest block that it serves.
    pub earliest_height: Height,
    /// Height of its newest block.
    pub latest_height: Height,
    /// Header hash of its newest block.
    pub latest_hash: TendermintHash,
    /// Time of its newest block.
    pub latest_time: Time,
    /// Whether it is still fetching older blocks.
    pub catching_up: bool,
}

impl Route for Status {
    const ROUTE: &'static str = "status";
    const LIMIT: usize = 256 << 10;
}

#[derive(Deserialize)]
struct RawStatus {
    node_info: RawNodeInfo,
    sync_info: RawSyncInfo,
}

#[derive(Deserialize)]
struct RawNodeInfo {
    network: chain::Id,
    #[serde(default)]
    moniker: String,
}

#[derive(Deserialize)]
struct RawSyncInfo {
    earliest_block_height: block::Height,
    latest_block_height: block::Height,
    #[serde(with = "tendermint::hash::allow_empty")]
    latest_block_hash: TendermintHash,
    #[serde(with = "tendermint::serializers::time")]
    latest_block_time: Time,
    catching_up: bool,
}

impl From<RawStatus> for Status {
    fn from(raw: RawStatus) -> Self {
        Self {
            chain_id: raw.node_info.network,
            moniker: raw.node_info.moniker,
            earliest_height: raw.sync_info.earliest_block_height.value(),
            latest_height: raw.sync_info.latest_block_height.value(),
            latest_hash: raw.sync_info.latest_block_hash,
            latest_time: raw.sync_info.latest_block_time,
            catching_up: raw.sync_info.catching_up,
        }
    }
}

/// `/genesis`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawGenesisAnswer")]
pub struct GenesisAnswer {
    /// What the ledger starts from.
    pub genesis: Genesis,
}

impl Route for GenesisAnswer {
    const ROUTE: &'static str = "genesis";
    const LIMIT: usize = 1 << 20;
}

#[derive(Deserialize)]
struct RawGenesisAnswer {
    genesis: RawGenesis,
}

#[derive(Deserialize)]
struct RawGenesis {
    chain_id: chain::Id,
    #[serde(with = "tendermint::serializers::time")]
    genesis_time: Time,
    #[serde(with = "from_str")]
    initial_height: u64,
    #[serde(default)]
    validators: Vec<validator::Info>,
    #[serde(default)]
    app_state: Value,
}

impl TryFrom<RawGenesisAnswer> for GenesisAnswer {
    type Error = ValidatorSetError;

    fn try_from(RawGenesisAnswer { genesis: raw }: RawGenesisAnswer) -> Result<Self, Self::Error> {
        let app_state = match raw.app_state {
            Value::Null => Vec::new(),
            Value::String(text) => text.into_bytes(),
            other => other.to_string().into_bytes(),
        };
        Ok(Self {
            genesis: Genesis::new(
                raw.chain_id,
                raw.genesis_time,
                raw.initial_height,
                raw.validators,
                app_state,
            )?,
        })
    }
}

/// `/validators?height=&page=&per_page=`: one page of a validator set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ValidatorsPage {
    /// The height of the set.
    pub block_height: block::Height,
    /// The validators of this page.
    pub validators: Vec<validator::Info>,
    /// The number of validators on all pages.
    #[serde(with = "from_str")]
    pub total: usize,
}

impl Route for ValidatorsPage {
    const ROUTE: &'static str = "validators";
    const LIMIT: usize = 1 << 20;
}
