//! The light client: from a header that is trusted to another that may be.
//!
//! A [`LightBlock`] is what a node claims; a [`TrustedHeader`] exists only by verification, or because the trust card vouches for
//! its hash. Forward steps need the present time, since a validator set is trusted only for a while; the step backwards needs none,
//! since a hash does not age.

use std::collections::{BTreeMap, BTreeSet};

use borsh::{BorshDeserialize, BorshSerialize};
use tendermint::block::Header;
use tendermint::block::signed_header::SignedHeader;
use tendermint::{Hash as TendermintHash, Time, account};
use tendermint_light_client_verifier::predicates::{ProdPredicates, VerificationPredicates};

pub use tendermint::trust_threshold::TrustThresholdFraction as TrustLevel;
pub use tendermint_light_client_verifier::options::Options;

use crate::{Hash, HeaderHash, Height};

use super::borsh_forms;
use super::commit::{CommitError, SignedPower, check_commit};
use super::validators::ValidatorSet;

/// The block protocol of CometBFT's v0.38 line, in `version.block` of every header.
pub const BLOCK_PROTOCOL: u64 = 11;

/// Why a header cannot be trusted. Each rule has its own variant, with both values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, BorshSerialize, BorshDeserialize)]
pub enum LightError {
    #[error(
        "the trusted header of {time} is older than the trusting period of {period:?} at {now}"
    )]
    TrustExpired {
        #[borsh(
            serialize_with = "borsh_forms::write_time",
            deserialize_with = "borsh_forms::read_time"
        )]
        time: Time,
        #[borsh(
            serialize_with = "borsh_forms::write_duration",
            deserialize_with = "borsh_forms::read_duration"
        )]
        period: core::time::Duration,
        #[borsh(
            serialize_with = "borsh_forms::write_time",
            deserialize_with = "borsh_forms::read_time"
        )]
        now: Time,
    },
    #[error("the header is of chain {actual}, not of {trusted}")]
    WrongChain { trusted: String, actual: String },
    #[error("the header has block protocol {actual}, the trusted one {trusted}")]
    WrongVersion { trusted: u64, actual: u64 },
    #[error("height {actual} is not above the trusted height {trusted}")]
    HeightNotIncreasing { trusted: Height, actual: Height },
    #[error("height {actual} does not follow the trusted height {trusted}")]
    NotAdjacent { trusted: Height, actual: Height },
    #[error("the header's time {actual} is not after the trusted header's {trusted}")]
    TimeNotIncreasing {
        #[borsh(
            serialize_with = "borsh_forms::write_time",
            deserialize_with = "borsh_forms::read_time"
        )]
        trusted: Time,
        #[borsh(
            serialize_with = "borsh_forms::write_time",
            deserialize_with = "borsh_forms::read_time"
        )]
        actual: Time,
    },
    #[error("the header's time {time} is ahead of {now} by more than the {drift:?} allowed")]
    FromTheFuture {
        #[borsh(
            serialize_with = "borsh_forms::write_time",
            deserialize_with = "borsh_forms::read_time"
        )]
        time: Time,
        #[borsh(
            serialize_with = "borsh_forms::write_time",
            deserialize_with = "borsh_forms::read_time"
        )]
        now: Time,
        #[borsh(
            serialize_with = "borsh_forms::write_duration",
            deserialize_with = "borsh_forms::read_duration"
        )]
        drift: core::time::Duration,
    },
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error(
        "the trusted header announces validator set {announced}, but the next header has {actual}"
    )]
    UnannouncedValidators { announced: Hash, actual: Hash },
    #[error("the header announces validator set {announced}, but the set given hashes to {actual}")]
    WrongNextValidators { announced: Hash, actual: Hash },
    #[error("the header's hash is {actual}, but {trusted} is trusted")]
    WrongTrustedHash {
        trusted: HeaderHash,
        actual: HeaderHash,
    },
    #[error("height {actual} does not precede the trusted height {trusted}")]
    NotPreceding { trusted: Height, actual: Height },
    #[error("the trusted header follows block {parent}, but the header given is {actual}")]
    NotTheParent { parent: Hash, actual: HeaderHash },
    #[error("the header's time {actual} is not before that of its trusted child, {trusted}")]
    TimeNotDecreasing {
        #[borsh(
            serialize_with = "borsh_forms::write_time",
            deserialize_with = "borsh_forms::read_time"
        )]
        trusted: Time,
        #[borsh(
            serialize_with = "borsh_forms::write_time",
            deserialize_with = "borsh_forms::read_time"
        )]
        actual: Time,
    },
    #[error("height {target} is below the trusted height {trusted}: verify backwards")]
    TargetBelowTrusted { trusted: Height, target: Height },
    #[error("height {expected} was asked for, and a block of height {actual} given")]
    UnexpectedHeight { expected: Height, actual: Height },
}

/// What a node claims about one height: untrusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightBlock {
    /// The header and the commit that fixes it.
    pub signed_header: SignedHeader,
    /// The validators of this height.
    pub validators: ValidatorSet,
    /// The validators of the next height; not needed where the header announces no change.
    pub next_validators: Option<ValidatorSet>,
}

/// A header that holds, together with the validators of the next height if they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedHeader {
    header: Header,
    hash: HeaderHash,
    next_validators: Option<ValidatorSet>,
}

impl TrustedHeader {
    /// Starts from a header whose hash the trust card names. The caller vouches for `trusted_hash`; the header and the next
    /// height's validators may come from anywhere.
    ///
    /// # Errors
    /// If the header hashes to something else, or announces other validators than those given.
    pub fn from_trusted_hash(
        header: Header,
        trusted_hash: HeaderHash,
        next_validators: Option<ValidatorSet>,
    ) -> Result<Self, LightError> {
        let hash = header_hash(&header);
        if hash != trusted_hash {
            return Err(LightError::WrongTrustedHash {
                trusted: trusted_hash,
                actual: hash,
            });
        }
        check_next_validators(&header, next_validators.as_ref())?;
        Ok(Self {
            header,
            hash,
            next_validators,
        })
    }

    /// The header itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header's hash.
    pub fn hash(&self) -> HeaderHash {
        self.hash
    }

    /// The header's height.
    pub fn height(&self) -> Height {
        self.header.height.value()
    }

    /// The validators of the next height, if known.
    pub fn next_validators(&self) -> Option<&ValidatorSet> {
        self.next_validators.as_ref()
    }
}

/// The verdict on a block that broke no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The header holds.
    Verified(Box<TrustedHeader>),
    /// Too few of the trusted validators signed to skip this far: a header in between must be verified first.
    NotYetTrusted(NotYetTrusted),
}

/// Why a skip is too far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotYetTrusted {
    /// The validators that follow the trusted header are not known, so that only its successor can be verified.
    NextValidatorsUnknown { trusted: Height },
    /// Trusted validators with power `signed` of `total` signed, which is not more than the trust level.
    TooLittleOverlap { signed: u64, total: u64 },
}

/// A header's hash as CometBFT computes it: the Merkle root of its fourteen encoded fields.
pub fn header_hash(header: &Header) -> HeaderHash {
    HeaderHash(plain_hash(header.hash()).0)
}

/// 32 bytes of a hash; an absent one becomes zeros, which nothing hashes to.
pub(crate) fn plain_hash(hash: TendermintHash) -> Hash {
    match hash {
        TendermintHash::Sha256(bytes) => Hash(bytes),
        TendermintHash::None => Hash([0; 32]),
    }
}

/// Verifies the header that directly follows the trusted one: its validators are those that the trusted header announced.
///
/// # Errors
/// The first rule that is broken.
pub fn verify_adjacent(
    trusted: &TrustedHeader,
    untrusted: &LightBlock,
    options: &Options,
    now: Time,
) -> Result<TrustedHeader, LightError> {
    check_against_trusted(trusted, untrusted, options, now)?;
    check_adjacent(trusted, untrusted)?;
    check_block(trusted, untrusted)?;
    Ok(trust(untrusted))
}

/// Verifies any later header. One that directly follows is judged as by [`verify_adjacent`]; for a further one, validators with
/// more than `options.trust_threshold` of the power announced by the trusted header must be among its signers.
///
/// # Errors
/// The first rule that is broken. Too little overlap is not an error: the block may hold, and a header in between will tell.
pub fn verify_skipping(
    trusted: &TrustedHeader,
    untrusted: &LightBlock,
    options: &Options,
    now: Time,
) -> Result<Outcome, LightError> {
    if follows(trusted, untrusted) {
        return verify_adjacent(trusted, untrusted, options, now)
            .map(|header| Outcome::Verified(Box::new(header)));
    }
    check_against_trusted(trusted, untrusted, options, now)?;
    let power = check_block(trusted, untrusted)?;
    Ok(
        match check_overlap(trusted, untrusted, &power, options.trust_threshold) {
            Ok(()) => Outcome::Verified(Box::new(trust(untrusted))),
            Err(reason) => Outcome::NotYetTrusted(reason),
        },
    )
}

/// Verifies the header that directly precedes a trusted one, by `last_block_id`. There is no trusting period and no signature:
/// whoever trusts the child trusts the hash of its parent in it.
///
/// # Errors
/// If the header is not the trusted one's parent, or the two contradict each other.
pub fn verify_backwards(
    trusted: &TrustedHeader,
    header: Header,
) -> Result<TrustedHeader, LightError> {
    let child = &trusted.header;
    check_chain(child, &header)?;
    if header.height.value().checked_add(1) != Some(trusted.height()) {
        return Err(LightError::NotPreceding {
            trusted: trusted.height(),
            actual: header.height.value(),
        });
    }
    let hash = header_hash(&header);
    let parent = plain_hash(child.last_block_id.map(|id| id.hash).unwrap_or_default());
    if parent.0 != hash.0 {
        return Err(LightError::NotTheParent {
            parent,
            actual: hash,
        });
    }
    if header.time >= child.time {
        return Err(LightError::TimeNotDecreasing {
            trusted: child.time,
            actual: header.time,
        });
    }
    check_announced(&header, child)?;
    Ok(TrustedHeader {
        header,
        hash,
        next_validators: None,
    })
}

/// Trusting period, chain, version, height and time.
fn check_against_trusted(
    trusted: &TrustedHeader,
    untrusted: &LightBlock,
    options: &Options,
    now: Time,
) -> Result<(), LightError> {
    let (old, new) = (&trusted.header, &untrusted.signed_header.header);
    ProdPredicates
        .is_within_trust_period(old.time, options.trusting_period, now)
        .map_err(|_| LightError::TrustExpired {
            time: old.time,
            period: options.trusting_period,
            now,
        })?;
    check_chain(old, new)?;
    if new.height <= old.height {
        return Err(LightError::HeightNotIncreasing {
            trusted: old.height.value(),
            actual: new.height.value(),
        });
    }
    ProdPredicates
        .is_monotonic_bft_time(new.time, old.time)
        .map_err(|_| LightError::TimeNotIncreasing {
            trusted: old.time,
            actual: new.time,
        })?;
    ProdPredicates
        .is_header_from_past(new.time, options.clock_drift, now)
        .map_err(|_| LightError::FromTheFuture {
            time: new.time,
            now,
            drift: options.clock_drift,
        })
}

fn check_chain(trusted: &Header, header: &Header) -> Result<(), LightError> {
    if header.chain_id != trusted.chain_id {
        return Err(LightError::WrongChain {
            trusted: trusted.chain_id.to_string(),
            actual: header.chain_id.to_string(),
        });
    }
    if header.version.block != trusted.version.block {
        return Err(LightError::WrongVersion {
            trusted: trusted.version.block,
            actual: header.version.block,
        });
    }
    Ok(())
}

fn follows(trusted: &TrustedHeader, untrusted: &LightBlock) -> bool {
    trusted.height().checked_add(1) == Some(untrusted.signed_header.header.height.value())
}

fn check_adjacent(trusted: &TrustedHeader, untrusted: &LightBlock) -> Result<(), LightError> {
    if !follows(trusted, untrusted) {
        return Err(LightError::NotAdjacent {
            trusted: trusted.height(),
            actual: untrusted.signed_header.header.height.value(),
        });
    }
    check_announced(&trusted.header, &untrusted.signed_header.header)
}

/// The validators of a header are those that its parent announced.
fn check_announced(parent: &Header, child: &Header) -> Result<(), LightError> {
    if parent.next_validators_hash != child.validators_hash {
        return Err(LightError::UnannouncedValidators {
            announced: plain_hash(parent.next_validators_hash),
            actual: plain_hash(child.validators_hash),
        });
    }
    Ok(())
}

/// The block alone: its commit by its own validators, and the next validators if given.
fn check_block(trusted: &TrustedHeader, untrusted: &LightBlock) -> Result<SignedPower, LightError> {
    let power = check_commit(
        &trusted.header.chain_id,
        &untrusted.validators,
        &untrusted.signed_header,
    )?;
    check_next_validators(
        &untrusted.signed_header.header,
        untrusted.next_validators.as_ref(),
    )?;
    Ok(power)
}

fn check_next_validators(
    header: &Header,
    next_validators: Option<&ValidatorSet>,
) -> Result<(), LightError> {
    let announced = plain_hash(header.next_validators_hash);
    match next_validators {
        Some(set) if set.hash() != announced => Err(LightError::WrongNextValidators {
            announced,
            actual: set.hash(),
        }),
        _ => Ok(()),
    }
}

/// The signers hold more than the trust level of the power that the trusted header announced.
fn check_overlap(
    trusted: &TrustedHeader,
    untrusted: &LightBlock,
    power: &SignedPower,
    level: TrustLevel,
) -> Result<(), NotYetTrusted> {
    let Some(announced) = &trusted.next_validators else {
        return Err(NotYetTrusted::NextValidatorsUnknown {
            trusted: trusted.height(),
        });
    };
    let powers: BTreeMap<_, _> = announced
        .validators()
        .iter()
        .map(|v| (v.key, v.power))
        .collect();
    let signers: BTreeSet<account::Id> = power.signers.iter().copied().collect();
    let signed = untrusted
        .validators
        .keys()
        .filter(|(address, _)| signers.contains(address))
        .filter_map(|(_, key)| powers.get(&key))
        .fold(0u64, |sum, power| sum.saturating_add(*power));
    let total = announced.total_power();
    if u128::from(signed) * u128::from(level.denominator())
        > u128::from(total) * u128::from(level.numerator())
    {
        Ok(())
    } else {
        Err(NotYetTrusted::TooLittleOverlap { signed, total })
    }
}

/// Called once every rule holds. Where no change is announced, the next validators are the present ones.
fn trust(untrusted: &LightBlock) -> TrustedHeader {
    let header = untrusted.signed_header.header.clone();
    let unchanged = header.next_validators_hash == header.validators_hash;
    TrustedHeader {
        hash: header_hash(&header),
        next_validators: untrusted
            .next_validators
            .clone()
            .or_else(|| unchanged.then(|| untrusted.validators.clone())),
        header,
    }
}
