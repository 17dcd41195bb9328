//! What CometBFT starts from: its genesis file, which the application reads too.
//!
//! A node that joins by state sync is never told the genesis, so that it is taken from the file; where CometBFT does tell it, both must agree.

use super::translate;
use std::io;
use std::path::{Path, PathBuf};
use tendermint::{Time, account, chain, public_key::PublicKey, validator, vote};
use tendermint_proto::v0_38::abci::RequestInitChain;
use verifier_core::rpc::{GenesisAnswer, RpcError, decode_result};
use verifier_core::{Genesis, GenesisHash, ValidatorSetError};

/// Why there is no genesis to start from.
#[derive(Debug, thiserror::Error)]
pub enum GenesisError {
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("{} is not a genesis: {error}", path.display())]
    Malformed { path: PathBuf, error: RpcError },
    #[error("CometBFT's genesis is malformed: {0}")]
    Told(String),
    #[error(transparent)]
    Validators(#[from] ValidatorSetError),
    #[error(
        "CometBFT starts from genesis {told}, but the file in its home gives {read}: are both in the same home?"
    )]
    Differs {
        told: GenesisHash,
        read: GenesisHash,
    },
}

/// Reads the genesis from CometBFT's home.
pub fn read_genesis(cometbft: &Path) -> Result<Genesis, GenesisError> {
    let path = cometbft.join("config").join("genesis.json");
    let file = match std::fs::read_to_string(&path) {
        Ok(file) => file,
        Err(error) => return Err(GenesisError::Io { path, error }),
    };
    let answer = format!("{{\"genesis\":{file}}}");
    match decode_result::<GenesisAnswer>(answer.as_bytes()) {
        // CometBFT takes 0 for 1.
        Ok(answer) => Ok(Genesis {
            initial_height: answer.genesis.initial_height.max(1),
            ..answer.genesis
        }),
        Err(error) => Err(GenesisError::Malformed { path, error }),
    }
}

/// Whether CometBFT starts from this genesis.
pub fn check_told(read: &Genesis, told: &RequestInitChain) -> Result<(), GenesisError> {
    let (told, read) = (genesis_told(told)?.hash(), read.hash());
    if told == read {
        Ok(())
    } else {
        Err(GenesisError::Differs { told, read })
    }
}

fn genesis_told(told: &RequestInitChain) -> Result<Genesis, GenesisError> {
    let malformed = |e: &dyn std::fmt::Display| GenesisError::Told(e.to_string());
    let chain_id = chain::Id::try_from(told.chain_id.clone()).map_err(|e| malformed(&e))?;
    let (seconds, nanoseconds) = translate::time_parts(told.time);
    let time = Time::from_unix_timestamp(seconds, nanoseconds).map_err(|e| malformed(&e))?;
    let height = u64::try_from(told.initial_height).map_err(|e| malformed(&e))?;
    let app_state: String =
        serde_json::from_slice(&told.app_state_bytes).map_err(|e| malformed(&e))?;
    let validators = told.validators.iter().map(|update| {
        let key = update.pub_key.clone();
        let key = key.ok_or_else(|| malformed(&"a validator without a key"))?;
        let pub_key = PublicKey::try_from(key).map_err(|e| malformed(&e))?;
        let power = vote::Power::try_from(update.power).map_err(|e| malformed(&e))?;
        Ok(validator::Info {
            address: account::Id::from(pub_key),
            pub_key,
            power,
            name: None,
            proposer_priority: validator::ProposerPriority::default(),
        })
    });
    let validators = validators.collect::<Result<Vec<_>, GenesisError>>()?;
    Ok(Genesis::new(
        chain_id,
        time,
        height,
        validators,
        app_state.into_bytes(),
    )?)
}
