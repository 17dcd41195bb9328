//! A validator set that can be checked against a header: distinct ed25519 keys, in CometBFT's order, with its hash.

use core::cmp::Reverse;

use tendermint::{account, validator, vote};

use crate::{Hash, PublicKey};

use super::merkle::merkle_root;

/// CometBFT's own limit on the number of votes in a commit.
pub const MAX_VALIDATORS: usize = 10_000;

/// CometBFT's limit on the sum of voting powers: ⌊(2⁶³ − 1) / 8⌋.
const MAX_TOTAL_POWER: u64 = validator::Set::MAX_TOTAL_VOTING_POWER;

/// Why a list of validators is not a validator set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValidatorSetError {
    #[error("no validators")]
    Empty,
    #[error("{actual} validators are more than the {limit} allowed")]
    TooMany { actual: usize, limit: usize },
    #[error("{key} is not an ed25519 key")]
    UnusableKey { key: String },
    #[error("validator address {claimed} does not belong to its key, whose address is {derived}")]
    AddressMismatch {
        claimed: account::Id,
        derived: account::Id,
    },
    #[error("validator {address} has no voting power")]
    NoPower { address: account::Id },
    #[error("validator {address} is listed twice")]
    Duplicate { address: account::Id },
    #[error("voting powers add up to more than {limit}")]
    TooMuchPower { limit: u64 },
}

/// One validator: the ed25519 key that signs, the address derived from it, and its voting power.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Validator {
    pub address: account::Id,
    pub key: PublicKey,
    pub power: u64,
}

/// Validators in the order of a commit's signatures: by power, descending, then by address.
///
/// Well-formed, which is not the same as trusted: only its hash in a trusted header makes it so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidatorSet {
    validators: Vec<Validator>,
    total_power: u64,
    hash: Hash,
}

impl ValidatorSet {
    /// Orders and checks a list of validators, as found in a genesis, a trust card or a `/validators` answer.
    ///
    /// # Errors
    /// The first rule that the list breaks.
    pub fn new(mut list: Vec<validator::Info>) -> Result<Self, ValidatorSetError> {
        if list.is_empty() {
            return Err(ValidatorSetError::Empty);
        }
        if list.len() > MAX_VALIDATORS {
            return Err(ValidatorSetError::TooMany {
                actual: list.len(),
                limit: MAX_VALIDATORS,
            });
        }
        list.sort_by_key(|v| (Reverse(v.power), v.address));
        let validators = list.iter().map(check).collect::<Result<Vec<_>, _>>()?;
        refuse_duplicates(&validators)?;
        Ok(Self {
            total_power: total_power(&validators)?,
            hash: merkle_root(&list.iter().map(|v| v.hash_bytes()).collect::<Vec<_>>()),
            validators,
        })
    }

    /// The set of these ed25519 keys with these powers, as a trust card lists them.
    ///
    /// # Errors
    /// The first rule that the list breaks.
    pub fn from_keys(
        keys: impl IntoIterator<Item = (PublicKey, u64)>,
    ) -> Result<Self, ValidatorSetError> {
        let infos = keys.into_iter().map(info).collect::<Result<Vec<_>, _>>()?;
        Self::new(infos)
    }

    /// Merkle root of the set, as headers carry it in `validators_hash`.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// Sum of all voting powers.
    pub fn total_power(&self) -> u64 {
        self.total_power
    }

    /// Number of validators.
    pub fn count(&self) -> usize {
        self.validators.len()
    }

    /// Addresses and keys, in the order of a commit's signatures.
    pub fn keys(&self) -> impl Iterator<Item = (account::Id, PublicKey)> + '_ {
        self.validators.iter().map(|v| (v.address, v.key))
    }

    /// Voting power of the validator with this address; 0 if there is none.
    pub fn power_of(&self, address: account::Id) -> u64 {
        let mut validators = self.validators.iter();
        let found = validators.find(|v| v.address == address);
        found.map_or(0, |v| v.power)
    }

    pub(super) fn validators(&self) -> &[Validator] {
        &self.validators
    }
}

fn info((key, power): (PublicKey, u64)) -> Result<validator::Info, ValidatorSetError> {
    let too_much = ValidatorSetError::TooMuchPower {
        limit: MAX_TOTAL_POWER,
    };
    let power = vote::Power::try_from(power).map_err(|_| too_much)?;
    tendermint::PublicKey::from_raw_ed25519(&key.0)
        .map(|key| validator::Info::new(key, power))
        .ok_or_else(|| ValidatorSetError::UnusableKey {
            key: key.to_string(),
        })
}

/// A validator with a usable key, the address of that key, and voting power.
fn check(info: &validator::Info) -> Result<Validator, ValidatorSetError> {
    let key = ed25519_bytes(&info.pub_key).ok_or_else(|| ValidatorSetError::UnusableKey {
        key: info.pub_key.to_hex(),
    })?;
    let derived = account::Id::from(info.pub_key);
    if derived != info.address {
        return Err(ValidatorSetError::AddressMismatch {
            claimed: info.address,
            derived,
        });
    }
    if info.power() == 0 {
        return Err(ValidatorSetError::NoPower {
            address: info.address,
        });
    }
    Ok(Validator {
        address: info.address,
        key,
        power: info.power(),
    })
}

/// The key's 32 bytes, if it is an ed25519 key and decodes as a point.
fn ed25519_bytes(key: &tendermint::PublicKey) -> Option<PublicKey> {
    let bytes = <[u8; 32]>::try_from(key.ed25519()?.as_bytes()).ok()?;
    ed25519_zebra::VerificationKey::try_from(bytes).ok()?;
    Some(PublicKey(bytes))
}

/// The same key under two powers would not be adjacent in commit order, so the check sorts by address.
fn refuse_duplicates(validators: &[Validator]) -> Result<(), ValidatorSetError> {
    let mut addresses: Vec<account::Id> = validators.iter().map(|v| v.address).collect();
    addresses.sort();
    match addresses
        .windows(2)
        .find(|pair| pair.first() == pair.last())
    {
        Some(pair) => Err(pair.first().map_or(ValidatorSetError::Empty, |address| {
            ValidatorSetError::Duplicate { address: *address }
        })),
        None => Ok(()),
    }
}

fn total_power(validators: &[Validator]) -> Result<u64, ValidatorSetError> {
    validators
        .iter()
        .try_fold(0u64, |sum, v| sum.checked_add(v.power))
        .filter(|total| *total <= MAX_TOTAL_POWER)
        .ok_or(ValidatorSetError::TooMuchPower {
            limit: MAX_TOTAL_POWER,
        })
}
