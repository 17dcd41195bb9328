//! Disputes: a municipality has signed that a ballot will be recorded, and it is not.
//!
//! A [`DisputeFile`] holds what anybody needs to see that, with nothing but the trust card: the receipt with the promise; a header that the card's
//! validators have signed; the one before it, whose time is not before the promise's deadline; and what the state after that one says of the
//! asset and the tracking code, each with its proof:
//!
//! ```text
//! promise ──signed by──► municipality's promise key (contract)
//! header h ──commit──► card's validators        last_block_id ──► header h − 1, time ≥ deadline
//!     └─ app_hash ──► spent/M/B: not this asset      spoiled/M/B: not this code
//! ```
//!
//! Success says that the promise was broken. It does not say why: a ledger that stood still breaks promises, too.

mod collect;
mod file;

pub use collect::{CollectError, DisputeCollect};
pub use file::{DISPUTE_LIMIT, DisputeFileError};

use crate::finding::SourceFault;
use crate::ids::{
    AssetId, ContractId, HeaderHash, Height, MunicipalityIndex, Seconds, TrackingCode,
};
use crate::ledger::{
    CommitError, LightError, TrustedHeader, check_commit, header_hash, verify_backwards,
};
use crate::listed_state::ListedState;
use crate::promise::PromiseError;
use crate::receipt::Receipt;
use crate::receipt_check::place;
use crate::state_key;
use crate::state_values::StateValues;
use crate::trust_card::{TrustCard, TrustCardError};
use tendermint::block::Header;
use tendermint::block::signed_header::SignedHeader;

/// What a voter hands in; nothing in it is believed before it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeFile {
    pub receipt: Receipt,
    /// The header whose state is looked at, and the commit that fixes it.
    pub signed_header: SignedHeader,
    /// The header before it.
    pub parent: Header,
    /// The batch's spent assets.
    pub spent: ListedState,
    /// The batch's spoiled ballots.
    pub spoiled: ListedState,
}

/// A promise that its municipality has not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenPromise {
    pub municipality: MunicipalityIndex,
    pub asset: AssetId,
    pub code: TrackingCode,
    /// When it was promised, and for when.
    pub time: Seconds,
    pub deadline: Seconds,
    /// Height, hash and time of the last header that the state is looked at after.
    pub header: (Height, HeaderHash, Seconds),
}

/// Why a dispute file shows no broken promise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisputeError {
    #[error("the receipt is of the chain {dispute:?}, the trust card of {card:?}")]
    OtherChain { dispute: String, card: String },
    #[error("the receipt is of a ledger with another genesis")]
    OtherGenesis,
    #[error("the receipt is of the election {dispute}, the trust card of {card}")]
    OtherElection {
        dispute: ContractId,
        card: ContractId,
    },
    #[error("the promise binds nobody: {0}")]
    Promise(#[from] PromiseError),
    #[error("the header at {height} is not signed as it must be: {error}")]
    Commit { height: Height, error: CommitError },
    #[error("the header at {height} is not the one that the trust card names")]
    NotTheCards { height: Height },
    #[error("the header before is not the one that the signed header names: {0}")]
    Parent(LightError),
    #[error("the ledger had come to {time} only, and the promise ran until {deadline}")]
    TooEarly { time: Seconds, deadline: Seconds },
    #[error("what the state holds is not shown: {0}")]
    State(SourceFault),
    #[error("the asset {asset} is spent, by the ballot {by} at {height}")]
    Spent {
        asset: AssetId,
        by: TrackingCode,
        height: Height,
    },
    #[error("the holder of the voting right has spoiled the ballot {code}")]
    Spoiled { code: TrackingCode },
    #[error(transparent)]
    TrustCard(#[from] TrustCardError),
}

impl DisputeFile {
    /// Checks everything in the file against a trust card of the same election.
    ///
    /// # Errors
    /// The first thing that is wrong. Then the file speaks against nobody.
    pub fn check(&self, card: &TrustCard) -> Result<BrokenPromise, DisputeError> {
        self.check_election(card)?;
        let receipt = &self.receipt;
        receipt
            .promise
            .check(&card.contract, &receipt.promised_ballot())?;
        let header = self.check_header(card)?;
        let parent = self.check_parent(&header)?;
        self.check_state(header)?;
        Ok(BrokenPromise {
            municipality: receipt.promise.municipality,
            asset: receipt.asset,
            code: receipt.tracking_code,
            time: receipt.promise.time,
            deadline: receipt.promise.deadline,
            header: place(&parent),
        })
    }

    fn check_election(&self, card: &TrustCard) -> Result<(), DisputeError> {
        let receipt = &self.receipt;
        if receipt.chain_id != card.chain_id {
            return Err(DisputeError::OtherChain {
                dispute: receipt.chain_id.clone(),
                card: card.chain_id.clone(),
            });
        }
        if receipt.genesis != card.genesis {
            return Err(DisputeError::OtherGenesis);
        }
        let (dispute, card) = (receipt.contract, card.contract_id());
        if dispute != card {
            return Err(DisputeError::OtherElection { dispute, card });
        }
        Ok(())
    }

    /// The card's validators have fixed the header.
    fn check_header(&self, card: &TrustCard) -> Result<TrustedHeader, DisputeError> {
        let signed = &self.signed_header;
        let height = signed.header.height.value();
        check_commit(&card.chain()?, &card.validator_set()?, signed)
            .map_err(|error| DisputeError::Commit { height, error })?;
        let hash = card
            .hash_at(height)
            .unwrap_or_else(|| header_hash(&signed.header));
        TrustedHeader::from_trusted_hash(signed.header.clone(), hash, None)
            .map_err(|_| DisputeError::NotTheCards { height })
    }

    /// The ledger had come as far as the promise ran.
    fn check_parent(&self, header: &TrustedHeader) -> Result<TrustedHeader, DisputeError> {
        let parent = verify_backwards(header, self.parent.clone()).map_err(DisputeError::Parent)?;
        let (_, _, time) = place(&parent);
        let deadline = self.receipt.promise.deadline;
        if time < deadline {
            return Err(DisputeError::TooEarly { time, deadline });
        }
        Ok(parent)
    }

    /// The state holds neither a ballot that spends the asset, nor the voter's word that the ballot shall never count.
    fn check_state(&self, header: TrustedHeader) -> Result<(), DisputeError> {
        let (asset, code) = (self.receipt.asset, self.receipt.tracking_code);
        let (municipality, batch) = (asset.municipality, asset.batch);
        let mut state = StateValues::under(header);
        let keys = [
            (state_key::spent(municipality, batch), &self.spent),
            (state_key::spoiled(municipality, batch), &self.spoiled),
        ];
        for (key, listed) in keys {
            state
                .prove(&key, &listed.proof)
                .map_err(DisputeError::State)?;
        }
        let spent = state
            .open_spent(municipality, batch, &self.spent.list)
            .map_err(DisputeError::State)?;
        if let Some(entry) = spent.iter().find(|entry| entry.index == asset.index) {
            let (by, height) = (entry.code, entry.height);
            return Err(DisputeError::Spent { asset, by, height });
        }
        let spoiled = state
            .open_spoiled(municipality, batch, &self.spoiled.list)
            .map_err(DisputeError::State)?;
        let is_it =
            |entry: &state_key::SpoiledEntry| entry.index == asset.index && entry.code == code;
        if spoiled.iter().any(is_it) {
            return Err(DisputeError::Spoiled { code });
        }
        Ok(())
    }
}
