//! The contract: an election's definition. Its id pins every key, rule and time of the election.

use crate::claim_keys::{ClaimKeys, MIN_CLAIM_MUNICIPALITIES, check_claim_keys};
use crate::encoding::{self, EncodingError};
use crate::ids::{ContractId, Hash, MunicipalityIndex, Point, PublicKey, Seconds};
use borsh::{BorshDeserialize, BorshSerialize, io};
use std::collections::BTreeSet;

/// A contract is at most 64 KiB.
pub const CONTRACT_LIMIT: usize = 64 * 1024;
/// An election has 2 to 16 candidates; abstention is one of them.
pub const MAX_CANDIDATES: usize = 16;
/// A ledger has 1 to 128 municipalities.
pub const MAX_MUNICIPALITIES: usize = 128;
/// A contract under which no rights are claimed.
const VERSION: u8 = 1;
/// One with keys for claims, which stand after everything that version 1 has.
const VERSION_WITH_CLAIMS: u8 = 2;
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// 2 if there are claim keys, otherwise 1; see [`Contract::with_claim_keys`].
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
    /// One pair for each municipality, or none: then every right is issued to an address that the registrar knows.
    pub claim_keys: Vec<ClaimKeys>,
}

impl BorshSerialize for Contract {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        self.version.serialize(writer)?;
        self.title.serialize(writer)?;
        self.candidates.serialize(writer)?;
        self.choice_rule.serialize(writer)?;
        self.municipalities.serialize(writer)?;
        self.threshold.serialize(writer)?;
        self.opening.serialize(writer)?;
        self.closing.serialize(writer)?;
        self.grace.serialize(writer)?;
        self.minimum_cell.serialize(writer)?;
        self.turnout_tolerance.serialize(writer)?;
        // Keys never go unwritten: where the version does not allow for them, what is written does not decode.
        if self.version == VERSION_WITH_CLAIMS || !self.claim_keys.is_empty() {
            self.claim_keys.serialize(writer)?;
        }
        Ok(())
    }
}

impl BorshDeserialize for Contract {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let version = u8::deserialize_reader(reader)?;
        Ok(Self {
            version,
            title: Name::deserialize_reader(reader)?,
            candidates: Vec::deserialize_reader(reader)?,
            choice_rule: ChoiceRule::deserialize_reader(reader)?,
            municipalities: Vec::deserialize_reader(reader)?,
            threshold: u16::deserialize_reader(reader)?,
            opening: Seconds::deserialize_reader(reader)?,
            closing: Seconds::deserialize_reader(reader)?,
            grace: Seconds::deserialize_reader(reader)?,
            minimum_cell: u32::deserialize_reader(reader)?,
            turnout_tolerance: u32::deserialize_reader(reader)?,
            claim_keys: match version {
                VERSION_WITH_CLAIMS => Vec::deserialize_reader(reader)?,
                _ => Vec::new(),
            },
        })
    }
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
    #[error("{actual} pairs of claim keys for {municipalities} municipalities")]
    ClaimKeys {
        actual: usize,
        municipalities: usize,
    },
    #[error(
        "claims need {MIN_CLAIM_MUNICIPALITIES} municipalities, and there are {municipalities}"
    )]
    TooFewForClaims { municipalities: usize },
    #[error("a claim key of municipality {municipality} is not an odd number of 2,048 bits")]
    ClaimKeyForm { municipality: usize },
    #[error("a claim key of municipality {municipality} is used twice")]
    RepeatedClaimKey { municipality: usize },
}

impl Contract {
    /// Decodes and checks a contract.
    pub fn decode(bytes: &[u8]) -> Result<Self, ContractError> {
        let contract: Self = encoding::decode(bytes, CONTRACT_LIMIT)?;
        contract.check()?;
        Ok(contract)
    }

    /// The same definition, under which rights can be claimed too.
    pub fn with_claim_keys(self, claim_keys: Vec<ClaimKeys>) -> Self {
        let version = version_with(&claim_keys);
        Self {
            version,
            claim_keys,
            ..self
        }
    }

    /// Whether an election can be held under this definition.
    pub fn check(&self) -> Result<(), ContractError> {
        self.check_form()?;
        self.check_lists()?;
        self.check_threshold()?;
        self.check_times()?;
        self.check_keys()?;
        check_claim_keys(&self.claim_keys, self.municipalities.len())
    }

    /// Version and size are those that the content has.
    fn check_form(&self) -> Result<(), ContractError> {
        let expected = version_with(&self.claim_keys);
        if self.version != expected {
            let actual = self.version;
            return Err(EncodingError::UnknownVersion { actual, expected }.into());
        }
        let actual = encoding::encode(self).len();
        if actual > CONTRACT_LIMIT {
            let limit = CONTRACT_LIMIT;
            return Err(EncodingError::TooLarge { actual, limit }.into());
        }
        Ok(())
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

fn version_with(claim_keys: &[ClaimKeys]) -> u8 {
    if claim_keys.is_empty() {
        VERSION
    } else {
        VERSION_WITH_CLAIMS
    }
}
