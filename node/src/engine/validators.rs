//! The validators: one consensus key per municipality, in the order that CometBFT keeps them.

use super::time::Nanoseconds;
use ed25519_dalek::{Signer, SigningKey};
use tendermint::block::{Commit, CommitSig, Height, Id, Round};
use tendermint::vote::{Type, ValidatorIndex, Vote};
use tendermint::{Error, PublicKey, Signature, Time, account, chain, validator};

/// One validator with the key that signs for it.
pub struct Validator {
    /// Position in the contract's list.
    pub municipality: u16,
    pub name: String,
    key: SigningKey,
    info: validator::Info,
}

/// The validator set, sorted by power, then address, as commits list its signatures.
pub struct Validators {
    members: Vec<Validator>,
    set: validator::Set,
}

impl Validator {
    /// A validator of `power` for the municipality.
    pub fn new(
        municipality: u16,
        name: String,
        key: SigningKey,
        power: u32,
    ) -> Result<Self, Error> {
        let public = PublicKey::from_raw_ed25519(key.verifying_key().as_bytes())
            .ok_or_else(|| Error::invalid_key("not an ed25519 public key".into()))?;
        let mut info = validator::Info::new(public, power.into());
        info.name = Some(name.clone());
        Ok(Self {
            municipality,
            name,
            key,
            info,
        })
    }

    /// First 20 bytes of SHA-256 of the public key.
    pub fn address(&self) -> account::Id {
        self.info.address
    }

    /// The 32 bytes of the public key.
    pub fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// Voting power.
    pub fn power(&self) -> u64 {
        self.info.power()
    }

    /// CometBFT's view of the validator.
    pub fn info(&self) -> &validator::Info {
        &self.info
    }

    fn precommit(&self, vote: &Vote, chain: &chain::Id) -> Result<CommitSig, Error> {
        let message = vote.clone().into_signable_vec(chain.clone());
        let signature = self.key.sign(&message).to_bytes();
        Ok(CommitSig::BlockIdFlagCommit {
            validator_address: self.address(),
            timestamp: vote.timestamp.unwrap_or_else(Time::unix_epoch),
            signature: Signature::new(signature.as_slice())?,
        })
    }
}

impl Validators {
    /// The set of these validators.
    pub fn new(mut members: Vec<Validator>) -> Self {
        members.sort_by_key(|v| (core::cmp::Reverse(v.power()), v.address()));
        let set =
            validator::Set::without_proposer(members.iter().map(|v| v.info.clone()).collect());
        Self { members, set }
    }

    /// The validators in the order of commits.
    pub fn in_order(&self) -> &[Validator] {
        &self.members
    }

    /// The validators in the order of municipalities.
    pub fn by_municipality(&self) -> Vec<&Validator> {
        let mut members: Vec<&Validator> = self.members.iter().collect();
        members.sort_by_key(|v| v.municipality);
        members
    }

    /// CometBFT's validator set.
    pub fn set(&self) -> &validator::Set {
        &self.set
    }

    /// Whose turn it is at a height. Equal powers make CometBFT's rotation by priority a plain one in the set's order.
    pub fn proposer(&self, height: u64) -> Option<&Validator> {
        let turns = u64::try_from(self.members.len()).ok()?;
        let turn = height.saturating_sub(1).checked_rem(turns)?;
        self.members.get(usize::try_from(turn).ok()?)
    }

    /// CometBFT's proposer priorities when `height` is proposed: everyone gains its power each height, the proposer pays the whole set's.
    pub fn priorities(&self, height: u64) -> Vec<i64> {
        let turns = u64::try_from(self.members.len()).unwrap_or(u64::MAX).max(1);
        let total = self.set.total_voting_power().value();
        (0u64..)
            .zip(&self.members)
            .map(|(turn, member)| {
                let paid = (height + turns - 1 - turn) / turns * total;
                let gained = height * member.power();
                i64::try_from(gained).unwrap_or(i64::MAX) - i64::try_from(paid).unwrap_or(i64::MAX)
            })
            .collect()
    }

    /// A commit signed by every validator, each with its own clock: `time` plus a small offset that differs between validators.
    pub fn commit(
        &self,
        chain: &chain::Id,
        height: Height,
        block_id: Id,
        time: Nanoseconds,
    ) -> Result<Commit, Error> {
        let signatures = (0u32..)
            .zip(&self.members)
            .map(|(index, member)| {
                let vote = Vote {
                    vote_type: Type::Precommit,
                    height,
                    round: Round::default(),
                    block_id: Some(block_id),
                    timestamp: Some(clock_of(index, height, time)?),
                    validator_address: member.address(),
                    validator_index: ValidatorIndex::try_from(index)?,
                    signature: None,
                    extension: Vec::new(),
                    extension_signature: None,
                };
                member.precommit(&vote, chain)
            })
            .collect::<Result<Vec<_>, Error>>()?;
        Ok(Commit {
            height,
            round: Round::default(),
            block_id,
            signatures,
        })
    }
}

/// Up to 100 ms after `time`: a different offset for each validator and height, the same in every run.
fn clock_of(index: u32, height: Height, time: Nanoseconds) -> Result<Time, Error> {
    let spread = (u64::from(index) * 7_919 + height.value() * 104_729) % 100_001;
    let offset = Nanoseconds::from(spread) * 1_000;
    nanoseconds_to_time(time + offset)
}

/// A point in time as CometBFT writes it.
pub(super) fn nanoseconds_to_time(time: Nanoseconds) -> Result<Time, Error> {
    let seconds = i64::try_from(time.div_euclid(1_000_000_000)).map_err(Error::integer_overflow)?;
    let nanoseconds =
        u32::try_from(time.rem_euclid(1_000_000_000)).map_err(Error::integer_overflow)?;
    Time::from_unix_timestamp(seconds, nanoseconds)
}
