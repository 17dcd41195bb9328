//! A commit: the signatures by which validators, holding more than two thirds of the power, fixed one block at one height.
//!
//! Every signature is checked, votes for nil included: stopping once two thirds have signed would leave the rest unread, and a
//! commit with a forged signature in it would pass.

use borsh::{BorshDeserialize, BorshSerialize};
use std::borrow::Borrow;
use tendermint::block::signed_header::SignedHeader;
use tendermint::block::{Commit, CommitSig};
use tendermint::{Signature as TendermintSignature, Time, account, block, chain, vote};
use tendermint_proto::Protobuf;
use tendermint_proto::v0_38::types::CanonicalVote as RawCanonicalVote;

use crate::signature::{InvalidSignature, Signed, verify_signature, verify_signatures};
use crate::{Hash, HeaderHash, Height, Signature};

use super::borsh_forms;
use super::light::{header_hash, plain_hash};
use super::validators::{Validator, ValidatorSet};

/// Why a commit does not fix its header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, BorshSerialize, BorshDeserialize)]
pub enum CommitError {
    #[error("the header is of chain {actual}, not of {expected}")]
    WrongChain { expected: String, actual: String },
    #[error("the commit is for height {commit}, its header for {header}")]
    WrongHeight { header: Height, commit: Height },
    #[error("the header's hash is {header}, but the commit is for block {commit}")]
    WrongBlock { header: HeaderHash, commit: Hash },
    #[error("the header names validator set {header}, but the set given hashes to {validators}")]
    WrongValidators { header: Hash, validators: Hash },
    #[error("{signatures} signatures for {validators} validators")]
    WrongCount {
        validators: usize,
        signatures: usize,
    },
    #[error("signature {index} is by {actual}, but belongs to validator {expected}")]
    WrongSigner {
        index: usize,
        #[borsh(
            serialize_with = "borsh_forms::write_account",
            deserialize_with = "borsh_forms::read_account"
        )]
        expected: account::Id,
        #[borsh(
            serialize_with = "borsh_forms::write_account",
            deserialize_with = "borsh_forms::read_account"
        )]
        actual: account::Id,
    },
    #[error("the vote of validator {validator} (number {index}) has no signature")]
    MissingSignature {
        index: usize,
        #[borsh(
            serialize_with = "borsh_forms::write_account",
            deserialize_with = "borsh_forms::read_account"
        )]
        validator: account::Id,
    },
    #[error("the signature of validator {validator} (number {index}) is invalid")]
    InvalidSignature {
        index: usize,
        #[borsh(
            serialize_with = "borsh_forms::write_account",
            deserialize_with = "borsh_forms::read_account"
        )]
        validator: account::Id,
    },
    #[error("validators with power {signed} of {total} signed, which is not more than two thirds")]
    NotEnoughPower { signed: u64, total: u64 },
}

/// Who signed a checked commit, with how much power.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedPower {
    /// Voting power that signed this block.
    pub signed: u64,
    /// Voting power of the whole set.
    pub total: u64,
    /// Addresses that signed this block, in the order of the set.
    pub signers: Vec<account::Id>,
}

/// Two valid commits of one validator set for different blocks at one height: evidence that a third of it signed twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The header and commit held first.
    pub first: SignedHeader,
    /// The header and commit that contradict them.
    pub second: SignedHeader,
    /// Addresses that signed both.
    pub double_signers: Vec<account::Id>,
}

impl Conflict {
    /// Compares two signed headers of one chain and validator set: `None` if they agree or are of different heights.
    ///
    /// # Errors
    /// If either commit is invalid, for then it is no evidence of anything.
    pub fn between(
        chain_id: &chain::Id,
        validators: &ValidatorSet,
        first: &SignedHeader,
        second: &SignedHeader,
    ) -> Result<Option<Self>, CommitError> {
        let one = check_commit(chain_id, validators, first)?;
        let other = check_commit(chain_id, validators, second)?;
        let same_height = first.header.height == second.header.height;
        if !same_height || header_hash(&first.header) == header_hash(&second.header) {
            return Ok(None);
        }
        Ok(Some(Self {
            first: first.clone(),
            second: second.clone(),
            double_signers: one
                .signers
                .into_iter()
                .filter(|signer| other.signers.contains(signer))
                .collect(),
        }))
    }
}

/// Checks a whole commit against a pinned validator set: chain, height, block, set, every signature, and more than two thirds
/// of the power.
///
/// Success says that this set fixed this header. It does not say that the set is the right one, nor anything about time.
///
/// # Errors
/// The first rule that is broken, with both values.
pub fn check_commit(
    chain_id: &chain::Id,
    validators: &ValidatorSet,
    signed: &SignedHeader,
) -> Result<SignedPower, CommitError> {
    let votes = check_shape(chain_id, validators, signed)?;
    let verdicts = votes.iter().map(Vote::verify).collect();
    check_verdicts(&votes, verdicts)?;
    check_power(validators, &votes)
}

/// Checks many commits of one pinned validator set, their signatures in one batch. The verdicts, in the order given, are those of
/// [`check_commit`]: if the batch fails, every signature is checked alone and the culprit named.
pub fn check_commits<S: Borrow<SignedHeader>>(
    chain_id: &chain::Id,
    validators: &ValidatorSet,
    signed: &[S],
) -> Vec<Result<SignedPower, CommitError>> {
    let shapes: Vec<_> = signed
        .iter()
        .map(|one| check_shape(chain_id, validators, one.borrow()))
        .collect();
    let equations: Vec<Signed<'_>> = shapes
        .iter()
        .flatten()
        .flatten()
        .map(Vote::signed)
        .collect();
    let mut verdicts = verify_signatures(&equations).into_iter();
    shapes
        .iter()
        .map(|votes| {
            let votes = votes.as_ref().map_err(CommitError::clone)?;
            let verdicts: Vec<_> = verdicts.by_ref().take(votes.len()).collect();
            check_verdicts(votes, verdicts)?;
            check_power(validators, votes)
        })
        .collect()
}

/// The bytes that a validator signs to commit `block_id` (or nil) at this height, round and time.
pub fn sign_bytes(
    chain_id: &chain::Id,
    commit: &Commit,
    block_id: Option<block::Id>,
    timestamp: Time,
) -> Vec<u8> {
    let vote = vote::CanonicalVote {
        vote_type: vote::Type::Precommit,
        height: commit.height,
        round: commit.round,
        block_id,
        timestamp: Some(timestamp),
        chain_id: chain_id.clone(),
    };
    Protobuf::<RawCanonicalVote>::encode_length_delimited_vec(vote)
}

/// A vote found in its validator's place, with the message that it signs; not yet verified.
struct Vote<'a> {
    index: usize,
    validator: &'a Validator,
    message: Vec<u8>,
    signature: Signature,
    for_block: bool,
}

impl Vote<'_> {
    fn signed(&self) -> Signed<'_> {
        Signed {
            key: &self.validator.key,
            message: &self.message,
            signature: &self.signature,
        }
    }

    fn verify(&self) -> Result<(), InvalidSignature> {
        verify_signature(&self.validator.key, &self.message, &self.signature)
    }
}

/// Everything about a commit but its signatures and their power.
fn check_shape<'a>(
    chain_id: &chain::Id,
    validators: &'a ValidatorSet,
    signed: &SignedHeader,
) -> Result<Vec<Vote<'a>>, CommitError> {
    check_header(chain_id, validators, signed)?;
    let commit = &signed.commit;
    if commit.signatures.len() != validators.count() {
        return Err(CommitError::WrongCount {
            validators: validators.count(),
            signatures: commit.signatures.len(),
        });
    }
    let mut votes = Vec::with_capacity(validators.count());
    for (index, (validator, entry)) in validators
        .validators()
        .iter()
        .zip(&commit.signatures)
        .enumerate()
    {
        votes.extend(vote_of(chain_id, commit, index, validator, entry)?);
    }
    Ok(votes)
}

fn check_header(
    chain_id: &chain::Id,
    validators: &ValidatorSet,
    signed: &SignedHeader,
) -> Result<(), CommitError> {
    let (header, commit) = (&signed.header, &signed.commit);
    if header.chain_id != *chain_id {
        return Err(CommitError::WrongChain {
            expected: chain_id.to_string(),
            actual: header.chain_id.to_string(),
        });
    }
    if header.height != commit.height {
        return Err(CommitError::WrongHeight {
            header: header.height.value(),
            commit: commit.height.value(),
        });
    }
    let (hash, committed) = (header_hash(header), plain_hash(commit.block_id.hash));
    if hash.0 != committed.0 {
        return Err(CommitError::WrongBlock {
            header: hash,
            commit: committed,
        });
    }
    let named = plain_hash(header.validators_hash);
    if named != validators.hash() {
        return Err(CommitError::WrongValidators {
            header: named,
            validators: validators.hash(),
        });
    }
    Ok(())
}

/// The vote in one place of the commit, or nothing where its validator was absent.
fn vote_of<'a>(
    chain_id: &chain::Id,
    commit: &Commit,
    index: usize,
    validator: &'a Validator,
    entry: &CommitSig,
) -> Result<Option<Vote<'a>>, CommitError> {
    let (address, timestamp, signature, block_id) = match entry {
        CommitSig::BlockIdFlagAbsent => return Ok(None),
        CommitSig::BlockIdFlagCommit {
            validator_address,
            timestamp,
            signature,
        } => (
            *validator_address,
            *timestamp,
            signature,
            Some(commit.block_id),
        ),
        CommitSig::BlockIdFlagNil {
            validator_address,
            timestamp,
            signature,
        } => (*validator_address, *timestamp, signature, None),
    };
    if address != validator.address {
        return Err(CommitError::WrongSigner {
            index,
            expected: validator.address,
            actual: address,
        });
    }
    let signature = signature
        .as_ref()
        .map(TendermintSignature::as_bytes)
        .and_then(|bytes| Signature::try_from(bytes).ok())
        .ok_or(CommitError::MissingSignature {
            index,
            validator: validator.address,
        })?;
    Ok(Some(Vote {
        index,
        validator,
        message: sign_bytes(chain_id, commit, block_id, timestamp),
        signature,
        for_block: block_id.is_some(),
    }))
}

/// Every vote has a verdict, and every verdict is that its signature holds.
fn check_verdicts(
    votes: &[Vote<'_>],
    verdicts: Vec<Result<(), InvalidSignature>>,
) -> Result<(), CommitError> {
    let mut verdicts = verdicts.into_iter();
    match votes
        .iter()
        .find(|_| verdicts.next().is_none_or(|verdict| verdict.is_err()))
    {
        Some(vote) => Err(CommitError::InvalidSignature {
            index: vote.index,
            validator: vote.validator.address,
        }),
        None => Ok(()),
    }
}

fn check_power(validators: &ValidatorSet, votes: &[Vote<'_>]) -> Result<SignedPower, CommitError> {
    let for_block = || votes.iter().filter(|v| v.for_block).map(|v| v.validator);
    // The powers of a set add up to less than 2⁶⁰, and each validator has one place.
    let signed = for_block().fold(0u64, |sum, v| sum.saturating_add(v.power));
    let total = validators.total_power();
    if u128::from(signed) * 3 <= u128::from(total) * 2 {
        return Err(CommitError::NotEnoughPower { signed, total });
    }
    Ok(SignedPower {
        signed,
        total,
        signers: for_block().map(|v| v.address).collect(),
    })
}
