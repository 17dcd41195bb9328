//! The genesis document and the consensus parameters, as CometBFT writes and hashes them.

use super::validators::{Validator, Validators};
use prost::Message;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tendermint::{Hash, Time, chain, validator};
use tendermint_proto::v0_38::types::HashedParams;

/// CometBFT's default for `block.max_bytes`.
pub const BLOCK_MAX_BYTES: i64 = 22_020_096;
const BLOCK_MAX_GAS: i64 = -1;

/// What every node of the ledger starts from.
#[derive(Clone)]
pub struct GenesisDocument {
    pub chain_id: chain::Id,
    pub time: Time,
    /// The text that the application starts from: a JSON string in the document.
    pub app_state: String,
}

impl GenesisDocument {
    /// The document in CometBFT's JSON. Validators are listed in the order of municipalities.
    pub fn to_json(&self, validators: &Validators) -> Value {
        let members = validators.by_municipality().into_iter();
        self.to_json_with(members.map(Validator::info), BLOCK_MAX_BYTES)
    }

    /// The same for validators of which only the public half is known, with a limit of its own for blocks.
    pub fn to_json_with<'a>(
        &self,
        validators: impl IntoIterator<Item = &'a validator::Info>,
        block_max_bytes: i64,
    ) -> Value {
        json!({
            "genesis_time": self.time.to_rfc3339(),
            "chain_id": self.chain_id.as_str(),
            "initial_height": "1",
            "consensus_params": consensus_params(block_max_bytes),
            "validators": validators.into_iter().map(|v| json!({
                "address": v.address.to_string(),
                "pub_key": { "type": "tendermint/PubKeyEd25519", "value": data_encoding::BASE64.encode(&v.pub_key.to_bytes()) },
                "power": v.power().to_string(),
                "name": v.name,
            })).collect::<Vec<_>>(),
            "app_hash": "",
            "app_state": self.app_state,
        })
    }
}

/// The parameters that all blocks obey, as `genesis` and `consensus_params` show them.
fn consensus_params(block_max_bytes: i64) -> Value {
    json!({
        "block": { "max_bytes": block_max_bytes.to_string(), "max_gas": BLOCK_MAX_GAS.to_string() },
        "evidence": { "max_age_num_blocks": "100000", "max_age_duration": "172800000000000", "max_bytes": "1048576" },
        "validator": { "pub_key_types": ["ed25519"] },
        "version": { "app": "0" },
        "abci": { "vote_extensions_enable_height": "0" },
    })
}

/// SHA-256 of the parameters that CometBFT hashes: the block's limits.
pub fn consensus_hash() -> Hash {
    let hashed = HashedParams {
        block_max_bytes: BLOCK_MAX_BYTES,
        block_max_gas: BLOCK_MAX_GAS,
    };
    Hash::Sha256(Sha256::digest(hashed.encode_to_vec()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consensus_hash_is_that_of_a_real_chain_with_the_same_parameters() {
        // The consensus_hash that CometBFT v0.38 reports for its default parameters.
        let expected = "048091BC7DDC283F77BFBF91D73C44DA58C3DF8A9CBC867405D8B7F3DAADA22F";
        assert_eq!(consensus_hash().to_string(), expected);
    }
}
