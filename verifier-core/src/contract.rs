//! The contract: an election's definition. Its id pins every key, rule and time of the election.

use crate::encoding::{self, EncodingError};
use crate::ids::{ContractId, Hash, MunicipalityIndex, Point, PublicKey, Seconds};
use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeSet;

/// A contract is at most 64 KiB.
pub const CONTRACT_LIMIT: usize = 64 * 1024;
/// An election has 2 to 16 candidates; abstention is one of them.
pub const MAX_CANDIDATES: usize = 16;
/// A ledger has 1 to 128 municipalities.
pub const MAX_MUNICIPALITIES: usize = 128;
const VERSION: u8 = 1;
const MAX_NAME_BYTES: usize = 200;

/// A sentence or name in both languages of the page, each 1 to 200 bytes of UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Name {
    pub ko: String,
    pub en: String,
}

/// What a voter may do with the asset. Only one rule exists so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum ChoiceRule {
    /// The whole asset goes to exactly one candidate.
    ExactlyOne,
}

/// One municipality with its keys. Each key has one use.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Municipality {
    pub name: Name,
    /// Signs Define, CertifyRoll, Issue and CertifyTurnout.
    pub registrar: PublicKey,
    /// Signs DealKey, KeyReady, Complain and Share.
    pub trustee: PublicKey,
    /// Shares of the candidates' keys are encrypted to this point E = e·B.
    pub trustee_encryption: Point,
    /// Signs the promise in a receipt.
    pub promise: PublicKey,
    /// Countersigns CertifyTurnout.
    pub observer: PublicKey,
}

/// An election's definition.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Contract {
    pub version: u8,
    pub title: Name,
    pub candidates: Vec<Name>,
    pub choice_rule: ChoiceRule,
    pub municipalities: Vec<Municipality>,
    /// How many trustees open the sums: 1 ≤ t ≤ n.
    pub threshold: u16,
    pub opening: Seconds,
    pub closing: Seconds,
    /// A ballot promised before closing may still be recorded this many seconds after it.
    pub grace: Seconds,
    /// A cell with fewer ballots than this is merged with others before it is opened.
    pub minimum_cell: u32,
    /// By how many people turnout may exceed the ballots of a municipality before the recount fails.
    pub turnout_tolerance: u32,
}

/// Why a contract is not one that an election can be held under.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    #[error(transparent)]
    Encoding(#[from] EncodingError),
    #[error("{actual} candidates, but 2 to {MAX_CANDIDATES} are possible")]
    Candidates { actual: usize },
    #[error("{actual} municipalities, but 1 to {MAX_MUNICIPALITIES} are possible")]
    Municipalities { actual: usize },
    #[error("a name is empty or longer than {MAX_NAME_BYTES} bytes")]
    Name,
    #[error("threshold {threshold} of {municipalities} municipalities")]
    Threshold {
        threshold: u16,
        municipalities: usize,
    },
    #[error("opening at {opening}, closing at {closing}, grace {grace}: they must be in order")]
    Times {
        opening: Seconds,
        closing: Seconds,
        grace: Seconds,
    },
    #[error("a key of municipality {municipality} is used twice")]
    RepeatedKey { municipality: usize },
}

impl Contract {
    /// Decodes and checks a contract.
    pub fn decode(bytes: &[u8]) -> Result<Self, ContractError> {
        let contract: Self = encoding::decode(bytes, CONTRACT_LIMIT)?;
        contract.check()?;
        Ok(contract)
    }

    /// Whether an election can be held under this definition.
    pub fn check(&self) -> Result<(), ContractError> {
        if self.version != VERSION {
            return Err(EncodingError::UnknownVersion {
                actual: self.version,
                expected: VERSION,
            }
            .into());
        }
        self.check_lists()?;
        self.check_threshold()?;
        self.check_times()?;
        self.check_keys()
    }

    fn check_lists(&self) -> Result<(), ContractError> {
        let candidates = self.candidates.len();
        if !(2..=MAX_CANDIDATES).contains(&candidates) {
            return Err(ContractError::Candidates { actual: candidates });
        }
        let municipalities = self.municipalities.len();
        if !(1..=MAX_MUNICIPALITIES).contains(&municipalities) {
            return Err(ContractError::Municipalities {
                actual: municipalities,
            });
        }
        let names = self
            .candidates
            .iter()
            .chain(self.municipalities.iter().map(|m| &m.name))
            .chain([&self.title]);
        for text in names.flat_map(|name| [&name.ko, &name.en]) {
            if text.is_empty() || text.len() > MAX_NAME_BYTES {
                return Err(ContractError::Name);
            }
        }
        Ok(())
    }

    fn check_threshold(&self) -> Result<(), ContractError> {
        let municipalities = self.municipalities.len();
        if self.threshold == 0 || usize::from(self.threshold) > municipalities {
            return Err(ContractError::Threshold {
                threshold: self.threshold,
                municipalities,
            });
        }
        Ok(())
    }

    fn check_times(&self) -> Result<(), ContractError> {
        let ordered = self.opening < self.closing && self.closing.checked_add(self.grace).is_some();
        if !ordered {
            return Err(ContractError::Times {
                opening: self.opening,
                closing: self.closing,
                grace: self.grace,
            });
        }
        Ok(())
    }

    fn check_keys(&self) -> Result<(), ContractError> {
        let mut seen = BTreeSet::new();
        for (municipality, m) in self.municipalities.iter().enumerate() {
            for key in [
                m.registrar.0,
                m.trustee.0,
                m.trustee_encryption.0,
                m.promise.0,
                m.observer.0,
            ] {
                if !seen.insert(key) {
                    return Err(ContractError::RepeatedKey { municipality });
                }
            }
        }
        Ok(())
    }

    /// SHA-256 of the canonical encoding.
    pub fn id(&self) -> ContractId {
        ContractId(Hash::of(&encoding::encode(self)).0)
    }

    /// The municipality at `index`, if there is one.
    pub fn municipality(&self, index: MunicipalityIndex) -> Option<&Municipality> {
        self.municipalities.get(usize::from(index))
    }

    /// The first second at which a ballot no longer counts. [`Contract::check`] has shown that the sum fits.
    pub fn deadline(&self) -> Seconds {
        self.closing.saturating_add(self.grace)
    }

    /// Whether a ballot in a block of this time counts.
    pub fn accepts_ballots_at(&self, time: Seconds) -> bool {
        self.opening <= time && time < self.deadline()
    }
}
