//! A small chain with real headers and commits, signed by keys that everybody knows.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use core::time::Duration;

use ed25519_dalek::{Signer, SigningKey};
use tendermint::block::parts::Header as Parts;
use tendermint::block::signed_header::SignedHeader;
use tendermint::block::{Commit, CommitSig, Header, Id, Round, header::Version};
use tendermint::{Hash, Time, account, chain};
use verifier_core::{
    BLOCK_PROTOCOL, LightBlock, Options, PublicKey, TrustLevel, TrustedHeader, ValidatorSet,
    header_hash, sign_bytes,
};

/// A signer is known by one byte.
pub type Signers = Vec<u8>;

/// What a validator does at a height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Signs,
    VotesNil,
    IsAbsent,
}

pub fn key(signer: u8) -> SigningKey {
    SigningKey::from_bytes(&[signer; 32])
}

pub fn public_key(signer: u8) -> PublicKey {
    PublicKey(key(signer).verifying_key().to_bytes())
}

/// The set of these signers, each with power 1.
pub fn set(signers: &[u8]) -> ValidatorSet {
    ValidatorSet::from_keys(signers.iter().map(|s| (public_key(*s), 1))).unwrap()
}

pub fn chain_id() -> chain::Id {
    "test-ledger".parse().unwrap()
}

/// `seconds` after the chain's beginning.
pub fn time(seconds: u64) -> Time {
    (Time::unix_epoch() + Duration::from_secs(1_700_000_000 + seconds)).unwrap()
}

pub fn hash(seed: u8) -> Hash {
    Hash::Sha256([seed; 32])
}

pub fn plain(hash: verifier_core::Hash) -> Hash {
    Hash::Sha256(hash.0)
}

/// The header of `height`, ten seconds after the one before.
pub fn header(height: u32, signers: &[u8], next: &[u8], parent: Option<Id>) -> Header {
    Header {
        version: Version {
            block: BLOCK_PROTOCOL,
            app: 1,
        },
        chain_id: chain_id(),
        height: height.into(),
        time: time(u64::from(height) * 10),
        last_block_id: parent,
        last_commit_hash: Some(hash(1)),
        data_hash: Some(hash(2)),
        validators_hash: plain(set(signers).hash()),
        next_validators_hash: plain(set(next).hash()),
        consensus_hash: hash(3),
        app_hash: vec![4; 32].try_into().unwrap(),
        last_results_hash: Some(hash(5)),
        evidence_hash: Some(hash(6)),
        proposer_address: account::Id::new([7; 20]),
    }
}

pub fn block_id(header: &Header) -> Id {
    Id {
        hash: Hash::Sha256(header_hash(header).0),
        part_set_header: Parts::new(1, hash(8)).unwrap(),
    }
}

/// The header with the commit in which each validator of the set acts as told.
pub fn sign(header: Header, signers: &[u8], act: impl Fn(u8) -> Act) -> SignedHeader {
    sign_in_round(Round::default(), header, signers, act)
}

/// The same, in a later round.
pub fn sign_in_round(
    round: Round,
    header: Header,
    signers: &[u8],
    act: impl Fn(u8) -> Act,
) -> SignedHeader {
    let mut commit = Commit {
        height: header.height,
        round,
        block_id: block_id(&header),
        signatures: Vec::new(),
    };
    for signer in in_order(signers) {
        let entry = vote(&header, &commit, signer, act(signer));
        commit.signatures.push(entry);
    }
    SignedHeader::new(header, commit).unwrap()
}

/// The signers in the order of a commit.
pub fn in_order(signers: &[u8]) -> Signers {
    set(signers)
        .keys()
        .map(|(_, key)| {
            let is_theirs = |signer: &&u8| public_key(**signer) == key;
            *signers.iter().find(is_theirs).unwrap()
        })
        .collect()
}

pub fn address(signer: u8) -> account::Id {
    set(&[signer]).keys().next().unwrap().0
}

fn vote(header: &Header, commit: &Commit, signer: u8, act: Act) -> CommitSig {
    let validator_address = address(signer);
    let timestamp = (header.time + Duration::from_millis(u64::from(signer))).unwrap();
    let block_id = (act == Act::Signs).then_some(commit.block_id);
    let message = sign_bytes(&header.chain_id, commit, block_id, timestamp);
    let signature = Some(key(signer).sign(&message).into());
    match act {
        Act::Signs => CommitSig::BlockIdFlagCommit {
            validator_address,
            timestamp,
            signature,
        },
        Act::VotesNil => CommitSig::BlockIdFlagNil {
            validator_address,
            timestamp,
            signature,
        },
        Act::IsAbsent => CommitSig::BlockIdFlagAbsent,
    }
}

/// Blocks of heights 1 to n, signed by everybody; `sets[h - 1]` validates height h, and there is one set more than blocks.
pub fn chain(sets: &[Signers]) -> Vec<LightBlock> {
    let mut parent = None;
    sets.windows(2)
        .zip(1..)
        .map(|(pair, height)| {
            let header = header(height, &pair[0], &pair[1], parent);
            parent = Some(block_id(&header));
            LightBlock {
                signed_header: sign(header, &pair[0], |_| Act::Signs),
                validators: set(&pair[0]),
                next_validators: Some(set(&pair[1])),
            }
        })
        .collect()
}

/// `n` blocks of an unchanging set.
pub fn steady_chain(signers: &[u8], n: usize) -> Vec<LightBlock> {
    chain(&vec![signers.to_vec(); n + 1])
}

/// What a trust card vouches for.
pub fn trust(block: &LightBlock) -> TrustedHeader {
    let header = block.signed_header.header.clone();
    let hash = header_hash(&header);
    TrustedHeader::from_trusted_hash(header, hash, block.next_validators.clone()).unwrap()
}

/// A hundred days, two seconds, more than two thirds.
pub fn options() -> Options {
    Options {
        trust_threshold: TrustLevel::TWO_THIRDS,
        trusting_period: Duration::from_secs(100 * 86_400),
        clock_drift: Duration::from_secs(2),
    }
}

/// A day after the chain's beginning.
pub fn now() -> Time {
    time(86_400)
}
