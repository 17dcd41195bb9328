//! The genesis that a ledger starts from, and the hash that every transaction binds.

use borsh::BorshSerialize;
use sha2::{Digest, Sha256};
use tendermint::{Time, chain, validator};

use crate::{GenesisHash, Hash, Height, encode};

use super::merkle::merkle_root;
use super::validators::{ValidatorSet, ValidatorSetError};

const GENESIS_LABEL: &str = "chamgwan/genesis/v1";

/// What a genesis says that matters to a verifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    /// The ledger's name.
    pub chain_id: chain::Id,
    /// The ledger's first moment.
    pub time: Time,
    /// Height of the first block.
    pub initial_height: Height,
    /// Names, in the order given, with the validators' keys and power.
    pub validators: Vec<validator::Info>,
    /// The set of these validators; `None` if the list is empty, as it is where the application appoints them.
    pub validator_set: Option<ValidatorSet>,
    /// Content of the JSON string `app_state`, in UTF-8; empty if there is none. Of any other JSON value, its compact text with
    /// the keys of every object in order.
    pub app_state: Vec<u8>,
}

/// The hashed form: borsh of these fields in this order.
#[derive(BorshSerialize)]
struct Preimage<'a> {
    label: &'static str,
    chain_id: &'a str,
    seconds: i64,
    nanoseconds: u32,
    initial_height: u64,
    validators_hash: [u8; 32],
    app_state: &'a [u8],
}

impl Genesis {
    /// Puts a genesis together; the same one for the same arguments, in whatever order the validators come.
    ///
    /// # Errors
    /// If there are validators, and they are not a validator set.
    pub fn new(
        chain_id: chain::Id,
        time: Time,
        initial_height: Height,
        validators: Vec<validator::Info>,
        app_state: Vec<u8>,
    ) -> Result<Self, ValidatorSetError> {
        let validator_set = match validators.as_slice() {
            [] => None,
            some => Some(ValidatorSet::new(some.to_vec())?),
        };
        Ok(Self {
            chain_id,
            time,
            initial_height,
            validator_set,
            validators,
            app_state,
        })
    }

    /// SHA-256 of the borsh encoding of: label `chamgwan/genesis/v1`, chain id, Unix time in seconds and nanoseconds, initial
    /// height, hash of the validator set, application state.
    pub fn hash(&self) -> GenesisHash {
        let preimage = Preimage {
            label: GENESIS_LABEL,
            chain_id: self.chain_id.as_str(),
            seconds: self.time.unix_timestamp(),
            nanoseconds: nanoseconds(self.time),
            initial_height: self.initial_height,
            validators_hash: self.validators_hash().0,
            app_state: &self.app_state,
        };
        GenesisHash(Sha256::digest(encode(&preimage)).into())
    }

    /// Hash of the validator set; of no validators, the root of the empty tree.
    fn validators_hash(&self) -> Hash {
        match &self.validator_set {
            Some(set) => set.hash(),
            None => merkle_root::<[u8; 0]>(&[]),
        }
    }
}

/// Nanoseconds past the second, below 10⁹.
fn nanoseconds(time: Time) -> u32 {
    u32::try_from(time.unix_timestamp_nanos().rem_euclid(1_000_000_000)).unwrap_or(0)
}
