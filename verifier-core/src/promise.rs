//! A municipality's promise: its signed word that a ballot which it took will be on the ledger in time.

use crate::contract::Contract;
use crate::encoding;
use crate::ids::{
    AssetId, ContractId, GenesisHash, MunicipalityIndex, Seconds, Signature, TrackingCode,
};
use crate::signature::verify_signature;
use borsh::{BorshDeserialize, BorshSerialize};

/// What a municipality signs in a promise begins with this.
pub const PROMISE_LABEL: &[u8] = b"chamgwan/promise/v1";
/// A promise's canonical bytes are at most this many.
const LIMIT: usize = 128;

/// A municipality's word that the ballot will be recorded in time.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Promise {
    pub municipality: MunicipalityIndex,
    pub time: Seconds,
    pub deadline: Seconds,
    pub signature: Signature,
}

/// The ballot that a promise is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PromisedBallot {
    pub genesis: GenesisHash,
    pub contract: ContractId,
    pub code: TrackingCode,
    pub asset: AssetId,
}

/// Why a promise binds nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PromiseError {
    #[error("the promise is not signed by municipality {municipality}")]
    NotSigned { municipality: MunicipalityIndex },
    #[error("it was promised at {time}, but closing was at {closing}")]
    AfterClosing { time: Seconds, closing: Seconds },
    #[error("it was promised at {time} for {deadline}, which is earlier")]
    BeforeItsTime { time: Seconds, deadline: Seconds },
    #[error("the promise is for {deadline}, but ballots are recorded until {latest} only")]
    TooLate { deadline: Seconds, latest: Seconds },
}

impl Promise {
    /// Reads the canonical bytes, as a node gives them.
    ///
    /// # Errors
    /// If they are none.
    pub fn decode(bytes: &[u8]) -> Result<Self, encoding::EncodingError> {
        encoding::decode(bytes, LIMIT)
    }

    /// What the municipality signs: label, then genesis hash, contract id, tracking code, asset, municipality, time and deadline.
    pub fn message(&self, ballot: &PromisedBallot) -> Vec<u8> {
        let mut message = PROMISE_LABEL.to_vec();
        message.extend(encoding::encode(&(
            ballot.genesis,
            ballot.contract,
            ballot.code,
            ballot.asset,
            self.municipality,
            self.time,
            self.deadline,
        )));
        message
    }

    /// Whether the municipality that it names can be held to it.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check(&self, contract: &Contract, ballot: &PromisedBallot) -> Result<(), PromiseError> {
        self.check_signature(contract, ballot)?;
        let (time, deadline) = (self.time, self.deadline);
        if time >= contract.closing {
            let closing = contract.closing;
            return Err(PromiseError::AfterClosing { time, closing });
        }
        if deadline < time {
            return Err(PromiseError::BeforeItsTime { time, deadline });
        }
        let latest = contract.deadline();
        if deadline > latest {
            return Err(PromiseError::TooLate { deadline, latest });
        }
        Ok(())
    }

    /// Whether the municipality that it names has signed it.
    ///
    /// # Errors
    /// If it has not, or there is none.
    pub fn check_signature(
        &self,
        contract: &Contract,
        ballot: &PromisedBallot,
    ) -> Result<(), PromiseError> {
        let municipality = self.municipality;
        let signed = contract.municipality(municipality).is_some_and(|m| {
            verify_signature(&m.promise, &self.message(ballot), &self.signature).is_ok()
        });
        if signed {
            Ok(())
        } else {
            Err(PromiseError::NotSigned { municipality })
        }
    }
}
