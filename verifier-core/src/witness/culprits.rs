//! Who is to blame for two validly signed headers of one height, and for what.
//!
//! In one round, an honest validator signs one block at most. In different rounds it may sign two, if it has learnt in between that
//! the others moved on; but only two that follow the same block and say of it what the application computed. So whoever signed both
//! is a culprit if the rounds are the same, or the parents differ, or what the application computed.
//!
//! CometBFT judges one header, given that the other is right: if it states what the application did not compute (*lunatic*), all of its
//! signers are to blame; otherwise those that signed both in one round (*equivocation*); in different rounds (*amnesia*) nobody can be
//! named. Evidence files carry CometBFT's lists, for its nodes accept no other.

use crate::ids::PublicKey;
use crate::ledger::ValidatorSet;
use tendermint::account;
use tendermint::block::signed_header::SignedHeader;
use tendermint::block::{CommitSig, Header};

/// A validator's address and key.
pub(super) type Signer = (account::Id, PublicKey);

/// Whether nobody honest signed both.
pub(super) fn is_certain(one: &SignedHeader, other: &SignedHeader) -> bool {
    one.commit.round == other.commit.round
        || one.header.last_block_id != other.header.last_block_id
        || is_lunatic(&one.header, &other.header)
}

/// Whether two headers of one height differ in what follows from the block before, as CometBFT's `ConflictingHeaderIsInvalid` asks.
pub(super) fn is_lunatic(one: &Header, other: &Header) -> bool {
    let derived = |header: &Header| {
        (
            header.validators_hash,
            header.next_validators_hash,
            header.consensus_hash,
            header.app_hash.clone(),
            header.last_results_hash,
        )
    };
    derived(one) != derived(other)
}

/// Who signed this block, in the order of the set. The commit is known to be valid for the set.
pub(super) fn signers(validators: &ValidatorSet, signed: &SignedHeader) -> Vec<Signer> {
    let votes = validators.keys().zip(&signed.commit.signatures);
    votes
        .filter(|(_, vote)| matches!(vote, CommitSig::BlockIdFlagCommit { .. }))
        .map(|(signer, _)| signer)
        .collect()
}

/// Who signed both blocks, in the order of the set.
pub(super) fn signed_both(
    validators: &ValidatorSet,
    one: &SignedHeader,
    other: &SignedHeader,
) -> Vec<Signer> {
    let others = signers(validators, other);
    let mut both = signers(validators, one);
    both.retain(|signer| others.contains(signer));
    both
}

/// Whom CometBFT's `GetByzantineValidators` names for `conflicting`, given that `trusted` is right.
pub(super) fn byzantine(
    validators: &ValidatorSet,
    conflicting: &SignedHeader,
    trusted: &SignedHeader,
) -> Vec<Signer> {
    if is_lunatic(&conflicting.header, &trusted.header) {
        signers(validators, conflicting)
    } else if conflicting.commit.round == trusted.commit.round {
        signed_both(validators, conflicting, trusted)
    } else {
        Vec::new()
    }
}
