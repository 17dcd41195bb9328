//! The bisection cases are older than the ledger's protocol: their headers and validator sets are hashed, and their votes signed, by
//! the rules of Tendermint v0.33 (amino, with fields in the order and form below).
//!
//! The verifier knows the rules of v0.38 only. So a case is *translated*: whatever holds by the old rules is made to hold by the new
//! ones, and whatever does not hold is left as it is, so that it does not hold by the new ones either. The new votes are signed by a key
//! derived from the old one, and only where the old key's signature is valid.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use ed25519_dalek::{Signer, SigningKey};
use tendermint::block::signed_header::SignedHeader;
use tendermint::block::{Commit, CommitSig, Header, Id};
use tendermint::{Hash, Time, validator};
use verifier_core::{
    LightBlock, PublicKey, ValidatorSet, header_hash, merkle_root, sign_bytes, verify_signature,
};

/// A light block of a case, as it came.
#[derive(Clone)]
pub struct OldBlock {
    pub signed_header: SignedHeader,
    pub validators: Vec<validator::Info>,
    pub next_validators: Vec<validator::Info>,
}

/// The hash of a header by the old rules.
pub fn old_hash(header: &Header) -> Hash {
    let version = [
        number(1, header.version.block),
        number(2, header.version.app),
    ];
    let bytes_of = |hash: Option<Hash>| delimited(hash.unwrap_or_default().as_bytes());
    hash_of(&[
        version.concat(),
        delimited(header.chain_id.as_bytes()),
        varint(header.height.value()),
        old_time(header.time),
        header
            .last_block_id
            .as_ref()
            .map(id_by_total)
            .unwrap_or_default(),
        bytes_of(header.last_commit_hash),
        bytes_of(header.data_hash),
        bytes_of(Some(header.validators_hash)),
        bytes_of(Some(header.next_validators_hash)),
        bytes_of(Some(header.consensus_hash)),
        delimited(header.app_hash.as_bytes()),
        bytes_of(header.last_results_hash),
        bytes_of(header.evidence_hash),
        delimited(header.proposer_address.as_bytes()),
    ])
}

/// The hash of a validator set by the old rules.
fn old_set_hash(validators: &[validator::Info]) -> Hash {
    // The first four bytes name the type of an ed25519 key, the fifth its length.
    let prefix = [0x16, 0x24, 0xde, 0x64, 32];
    let encode = |info: &validator::Info| {
        let key = [prefix.as_slice(), &info.pub_key.to_bytes()].concat();
        [field(1, &key), number(2, info.power())].concat()
    };
    hash_of(&validators.iter().map(encode).collect::<Vec<_>>())
}

/// What a validator signed by the old rules.
fn old_sign_bytes(header: &Header, commit: &Commit, time: Time) -> Vec<u8> {
    let fixed =
        |number: u64, value: u64| [varint(number << 3 | 1), value.to_le_bytes().into()].concat();
    let message = [
        number(1, 2),
        fixed(2, commit.height.value()),
        fixed(3, u64::from(commit.round.value())),
        field(4, &id_by_hash(&commit.block_id)),
        field(5, &old_time(time)),
        field(6, header.chain_id.as_bytes()),
    ]
    .concat();
    delimited(&message)
}

/// A block id in a header: of the part set, the total comes first.
fn id_by_total(id: &Id) -> Vec<u8> {
    let parts = &id.part_set_header;
    let parts = [
        number(1, parts.total.into()),
        field(2, parts.hash.as_bytes()),
    ]
    .concat();
    [field(1, id.hash.as_bytes()), field(2, &parts)].concat()
}

/// A block id in a vote: of the part set, the hash comes first.
fn id_by_hash(id: &Id) -> Vec<u8> {
    let parts = &id.part_set_header;
    let parts = [
        field(1, parts.hash.as_bytes()),
        number(2, parts.total.into()),
    ]
    .concat();
    [field(1, id.hash.as_bytes()), field(2, &parts)].concat()
}

fn old_time(time: Time) -> Vec<u8> {
    number(1, u64::try_from(time.unix_timestamp()).unwrap())
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap());
    bytes
}

/// A field with a number; nothing for 0.
fn number(field: u64, value: u64) -> Vec<u8> {
    match value {
        0 => Vec::new(),
        _ => [varint(field << 3), varint(value)].concat(),
    }
}

/// A field with bytes; nothing for none.
fn field(field: u64, bytes: &[u8]) -> Vec<u8> {
    match bytes {
        [] => Vec::new(),
        _ => [varint(field << 3 | 2), delimited(bytes)].concat(),
    }
}

/// Bytes after their length; nothing for none.
fn delimited(bytes: &[u8]) -> Vec<u8> {
    match bytes {
        [] => Vec::new(),
        _ => [varint(bytes.len().try_into().unwrap()), bytes.to_vec()].concat(),
    }
}

fn hash_of(leaves: &[Vec<u8>]) -> Hash {
    Hash::Sha256(merkle_root(leaves).0)
}

/// The blocks of one history by the new rules.
pub fn translated(blocks: &[OldBlock]) -> Vec<LightBlock> {
    let mut before: Option<(Hash, Hash)> = None;
    let translate = |block: &OldBlock| {
        let mut header = block.signed_header.header.clone();
        let old = old_hash(&header);
        header.validators_hash = mapped_set(header.validators_hash, &block.validators);
        header.next_validators_hash =
            mapped_set(header.next_validators_hash, &block.next_validators);
        if let (Some(id), Some((old, new))) = (&mut header.last_block_id, before)
            && id.hash == old
        {
            id.hash = new;
        }
        let new = Hash::Sha256(header_hash(&header).0);
        before = Some((old, new));
        let mut commit = block.signed_header.commit.clone();
        if commit.block_id.hash == old {
            commit.block_id.hash = new;
        }
        commit.signatures = new_votes(block, &commit);
        LightBlock {
            signed_header: SignedHeader::new(header, commit).unwrap(),
            validators: new_set(&block.validators),
            next_validators: Some(new_set(&block.next_validators)),
        }
    };
    blocks.iter().map(translate).collect()
}

/// The hash by the new rules if the old one is that of this set, and otherwise as it is.
fn mapped_set(hash: Hash, validators: &[validator::Info]) -> Hash {
    if hash == old_set_hash(validators) {
        Hash::Sha256(new_set(validators).hash().0)
    } else {
        hash
    }
}

fn new_key(info: &validator::Info) -> SigningKey {
    SigningKey::from_bytes(&verifier_core::Hash::of(&info.pub_key.to_bytes()).0)
}

fn new_public_key(info: &validator::Info) -> PublicKey {
    PublicKey(new_key(info).verifying_key().to_bytes())
}

fn new_set(validators: &[validator::Info]) -> ValidatorSet {
    let keys = validators.iter();
    ValidatorSet::from_keys(keys.map(|info| (new_public_key(info), info.power()))).unwrap()
}

/// The votes by the new keys, in the order that these have in their set.
fn new_votes(block: &OldBlock, commit: &Commit) -> Vec<CommitSig> {
    let old = &block.signed_header;
    assert_eq!(block.validators.len(), old.commit.signatures.len());
    let vote = |(address, key): (tendermint::account::Id, PublicKey)| {
        let is_theirs = |info: &validator::Info| new_public_key(info) == key;
        let place = block.validators.iter().position(is_theirs).unwrap();
        let info = &block.validators[place];
        let CommitSig::BlockIdFlagCommit { timestamp, .. } = old.commit.signatures[place] else {
            return CommitSig::BlockIdFlagAbsent;
        };
        let mut message = sign_bytes(
            &old.header.chain_id,
            commit,
            Some(commit.block_id),
            timestamp,
        );
        if !is_signed(old, info, place) {
            message.push(0);
        }
        CommitSig::BlockIdFlagCommit {
            validator_address: address,
            timestamp,
            signature: Some(new_key(info).sign(&message).into()),
        }
    };
    new_set(&block.validators).keys().map(vote).collect()
}

/// Whether the old vote in this place is that of this validator, and its signature valid.
pub fn is_signed(signed: &SignedHeader, info: &validator::Info, place: usize) -> bool {
    let CommitSig::BlockIdFlagCommit {
        validator_address,
        timestamp,
        signature: Some(signature),
    } = &signed.commit.signatures[place]
    else {
        return false;
    };
    let key = PublicKey(info.pub_key.to_bytes().try_into().unwrap());
    let message = old_sign_bytes(&signed.header, &signed.commit, *timestamp);
    let signature = signature.as_bytes().try_into().unwrap();
    *validator_address == info.address && verify_signature(&key, &message, &signature).is_ok()
}

/// The blocks with every hash computed anew by the old rules; the votes as they are.
pub fn rehashed(blocks: &[OldBlock]) -> Vec<OldBlock> {
    let mut before = None;
    let rehash = |block: &OldBlock| {
        let mut block = block.clone();
        let mut header = block.signed_header.header.clone();
        let mut commit = block.signed_header.commit.clone();
        header.validators_hash = old_set_hash(&block.validators);
        header.next_validators_hash = old_set_hash(&block.next_validators);
        if let (Some(id), Some(hash)) = (&mut header.last_block_id, before) {
            id.hash = hash;
        }
        let hash = old_hash(&header);
        before = Some(hash);
        commit.block_id.hash = hash;
        block.signed_header = SignedHeader::new(header, commit).unwrap();
        block
    };
    blocks.iter().map(rehash).collect()
}

/// The power that cases give, as a card writes it.
pub fn power(info: &validator::Info) -> u32 {
    info.power().try_into().unwrap()
}

/// The name by which a card would know the new key of a validator.
pub fn card_key(info: &validator::Info) -> PublicKey {
    new_public_key(info)
}
