//! The trust card: what a verifier must already hold. It comes from outside the ledger: a newspaper, a town hall's board, a friend.
//!
//! A JSON file. The contract travels along for convenience; it is believed only because its hash is the contract id.

mod age;
mod fingerprint;

pub use age::CardAge;

use crate::contract::{Contract, ContractError};
use crate::encoding;
use crate::hex_text;
use crate::ids::{ContractId, GenesisHash, Hash, HeaderHash, Height, PublicKey, Seconds};
use crate::ledger::ValidatorSet;
use borsh::{BorshDeserialize, BorshSerialize};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use tendermint::chain;

/// A trust card's file is at most 256 KiB.
pub const TRUST_CARD_LIMIT: usize = 256 * 1024;
const FINGERPRINT_LABEL: &[u8] = b"chamgwan/trust-card/v1";
const VERSION: u8 = 1;

/// What a verifier trusts from the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustCard {
    pub chain_id: String,
    pub genesis: GenesisHash,
    /// A header that the holder of the card trusts.
    pub trusted: Anchor,
    /// How long after its time the trusted header may be relied on.
    pub trusting_period: Seconds,
    /// The first header after the last share, once the election is over; verified backwards from, with no trusting period.
    pub final_header: Option<Anchor>,
    /// The validators from the contract's definition to its final header.
    pub validators: Vec<CardValidator>,
    pub contract: Contract,
    /// Where nodes answer: one per municipality that offers one.
    pub nodes: Vec<NodeAddress>,
    /// Where registrars answer that give voting rights to phones.
    pub registrars: Vec<NodeAddress>,
}

/// A header named by height and hash.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, BorshSerialize, BorshDeserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    pub height: Height,
    #[serde(with = "hex_text")]
    pub hash: HeaderHash,
    /// The header's time, whole seconds.
    pub time: Seconds,
}

/// A validator's name and key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, BorshSerialize)]
#[serde(deny_unknown_fields)]
pub struct CardValidator {
    pub name_ko: String,
    pub name_en: String,
    #[serde(with = "hex_text")]
    pub key: PublicKey,
    pub power: u32,
}

/// Where a municipality's node, or its registrar, answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeAddress {
    /// Position in the contract's list.
    pub municipality: u16,
    pub url: String,
}

/// Why a file is not a trust card.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustCardError {
    #[error("{actual} bytes are more than the {limit} allowed")]
    TooLarge { actual: usize, limit: usize },
    #[error("not a trust card: {0}")]
    Json(String),
    #[error("version {0} is not known")]
    Version(u8),
    #[error("the contract is not base64")]
    Base64,
    #[error(transparent)]
    Contract(#[from] ContractError),
    #[error("the contract's hash is {actual}, but the card names {expected}")]
    ContractId {
        actual: ContractId,
        expected: ContractId,
    },
    #[error("no validators, or one key twice, or one without power")]
    Validators,
    #[error("{0:?} cannot be a chain's id")]
    ChainId(String),
    #[error("the final header at {final_height} is not above the trusted header at {trusted}")]
    FinalHeader {
        final_height: Height,
        trusted: Height,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u8,
    chain_id: String,
    #[serde(with = "hex_text")]
    genesis_hash: GenesisHash,
    trusted_header: Anchor,
    trusting_period_seconds: Seconds,
    final_header: Option<Anchor>,
    validators: Vec<CardValidator>,
    #[serde(with = "hex_text")]
    contract_id: ContractId,
    contract: String,
    nodes: Vec<NodeAddress>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    registrars: Vec<NodeAddress>,
}

impl TrustCard {
    /// Reads a card from its file.
    pub fn parse(bytes: &[u8]) -> Result<Self, TrustCardError> {
        if bytes.len() > TRUST_CARD_LIMIT {
            return Err(TrustCardError::TooLarge {
                actual: bytes.len(),
                limit: TRUST_CARD_LIMIT,
            });
        }
        let file: File =
            serde_json::from_slice(bytes).map_err(|e| TrustCardError::Json(e.to_string()))?;
        if file.version != VERSION {
            return Err(TrustCardError::Version(file.version));
        }
        let contract = BASE64
            .decode(file.contract.as_bytes())
            .map_err(|_| TrustCardError::Base64)?;
        let contract = Contract::decode(&contract)?;
        let actual = contract.id();
        if actual != file.contract_id {
            return Err(TrustCardError::ContractId {
                actual,
                expected: file.contract_id,
            });
        }
        let card = Self {
            chain_id: file.chain_id,
            genesis: file.genesis_hash,
            trusted: file.trusted_header,
            trusting_period: file.trusting_period_seconds,
            final_header: file.final_header,
            validators: file.validators,
            contract,
            nodes: file.nodes,
            registrars: file.registrars,
        };
        card.chain()?;
        card.check_validators()?;
        card.check_final_header()?;
        Ok(card)
    }

    /// The card as a file.
    pub fn to_json(&self) -> String {
        let file = File {
            version: VERSION,
            chain_id: self.chain_id.clone(),
            genesis_hash: self.genesis,
            trusted_header: self.trusted,
            trusting_period_seconds: self.trusting_period,
            final_header: self.final_header,
            validators: self.validators.clone(),
            contract_id: self.contract.id(),
            contract: BASE64.encode(&encoding::encode(&self.contract)),
            nodes: self.nodes.clone(),
            registrars: self.registrars.clone(),
        };
        // Strings, numbers and lists always have a JSON form.
        serde_json::to_string_pretty(&file).unwrap_or_default()
    }

    /// The id of the card's contract.
    pub fn contract_id(&self) -> ContractId {
        self.contract.id()
    }

    /// SHA-256 of everything that the card asks one to trust; not of node addresses, which nothing rests on.
    pub fn fingerprint(&self) -> Hash {
        let mut bytes = FINGERPRINT_LABEL.to_vec();
        bytes.extend(encoding::encode(&(
            &self.chain_id,
            self.genesis,
            self.trusted,
            self.trusting_period,
            self.final_header,
            &self.validators,
            self.contract_id(),
        )));
        Hash::of(&bytes)
    }

    /// The card's validators as CometBFT orders and hashes them.
    ///
    /// # Errors
    /// If a key is not an ed25519 key, or the list breaks a rule of validator sets.
    pub fn validator_set(&self) -> Result<ValidatorSet, TrustCardError> {
        let keys = self.validators.iter().map(|v| (v.key, v.power.into()));
        ValidatorSet::from_keys(keys).map_err(|_| TrustCardError::Validators)
    }

    /// The chain id as headers carry it.
    ///
    /// # Errors
    /// If it is none.
    pub fn chain(&self) -> Result<chain::Id, TrustCardError> {
        let no_id = |_| TrustCardError::ChainId(self.chain_id.clone());
        self.chain_id.parse().map_err(no_id)
    }

    /// The hash that the card names at this height, if it names one.
    pub fn hash_at(&self, height: Height) -> Option<HeaderHash> {
        let anchors = [Some(self.trusted), self.final_header];
        let mut anchors = anchors.into_iter().flatten();
        let anchor = anchors.find(|anchor| anchor.height == height)?;
        Some(anchor.hash)
    }

    fn check_validators(&self) -> Result<(), TrustCardError> {
        let mut keys: Vec<_> = self.validators.iter().map(|v| v.key).collect();
        keys.sort();
        keys.dedup();
        let powerless = self.validators.iter().any(|v| v.power == 0);
        if keys.is_empty() || keys.len() != self.validators.len() || powerless {
            return Err(TrustCardError::Validators);
        }
        Ok(())
    }

    fn check_final_header(&self) -> Result<(), TrustCardError> {
        match self.final_header {
            Some(last) if last.height <= self.trusted.height => Err(TrustCardError::FinalHeader {
                final_height: last.height,
                trusted: self.trusted.height,
            }),
            _ => Ok(()),
        }
    }
}
