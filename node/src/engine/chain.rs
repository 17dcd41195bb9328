//! The chain's tip, and how the next block follows from it.

use super::genesis::{GenesisDocument, consensus_hash};
use super::parts::part_set_header;
use super::results::{results_hash, transactions_hash};
use super::time::{Nanoseconds, header_time};
use super::validators::Validators;
use prost::Message;
use sha2::Sha256;
use std::sync::Arc;
use tendermint::block::header::Version;
use tendermint::block::{Commit, Header, Height, Id};
use tendermint::merkle::simple_hash_from_byte_vectors;
use tendermint::{AppHash, Hash, Time};
use tendermint_proto::v0_38::types as proto;
use verifier_core::Outcome;

/// CometBFT's block protocol.
const BLOCK_PROTOCOL: u64 = 11;
/// The application's protocol.
const APP_PROTOCOL: u64 = 1;

/// Why the engine could not go on.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error(transparent)]
    Tendermint(#[from] tendermint::Error),
    #[error("no validators")]
    NoValidators,
    #[error("block {height} at {actual} is not later than the one before, at {previous}")]
    Time {
        height: u64,
        actual: Time,
        previous: Time,
    },
}

/// The chain: what it started from and where it is.
pub struct Chain {
    pub genesis: GenesisDocument,
    pub validators: Arc<Validators>,
    tip: Tip,
}

/// What the next header refers to.
#[derive(Clone)]
pub struct Tip {
    /// 0 before the first block.
    pub height: u64,
    pub time: Time,
    pub app_hash: AppHash,
    pub results_hash: Hash,
    /// The last block's commit; `None` before the first block.
    pub commit: Option<Commit>,
}

/// A block that the application has yet to run.
pub struct Proposal {
    pub header: Header,
    pub block: proto::Block,
    pub id: Id,
}

impl Chain {
    /// A chain before its first block. `app_hash` is the root of the application's initial state.
    pub fn new(
        genesis: GenesisDocument,
        validators: Arc<Validators>,
        app_hash: [u8; 32],
    ) -> Result<Self, EngineError> {
        let tip = Tip {
            height: 0,
            time: genesis.time,
            app_hash: app_hash_of(app_hash)?,
            results_hash: results_hash(&[]),
            commit: None,
        };
        Ok(Self {
            genesis,
            validators,
            tip,
        })
    }

    /// A chain whose last block was recorded before, with the application's root after it.
    pub fn resume(
        genesis: GenesisDocument,
        validators: Arc<Validators>,
        header: &Header,
        commit: Commit,
        outcomes: &[Outcome],
        app_hash: [u8; 32],
    ) -> Result<Self, EngineError> {
        let tip = Tip {
            height: header.height.value(),
            time: header.time,
            app_hash: app_hash_of(app_hash)?,
            results_hash: results_hash(outcomes),
            commit: Some(commit),
        };
        Ok(Self {
            genesis,
            validators,
            tip,
        })
    }

    /// Where the chain is.
    pub fn tip(&self) -> &Tip {
        &self.tip
    }

    /// The next block with these transactions. Its time follows from the last commit.
    pub fn propose(&self, transactions: Vec<Vec<u8>>) -> Result<Proposal, EngineError> {
        let height = self.tip.height + 1;
        let header = self.next_header(height, transactions_hash(&transactions))?;
        let block = block_of(&header, transactions, self.tip.commit.as_ref());
        let id = Id {
            hash: header.hash(),
            part_set_header: part_set_header(&block)?,
        };
        Ok(Proposal { header, block, id })
    }

    /// Signs the proposal as every validator and makes it the tip. `time` is around when they vote, and becomes the next header's.
    pub fn commit(
        &mut self,
        proposal: &Proposal,
        time: Nanoseconds,
        outcomes: &[Outcome],
        app_hash: [u8; 32],
    ) -> Result<Commit, EngineError> {
        let height = proposal.header.height;
        let commit = self
            .validators
            .commit(&self.genesis.chain_id, height, proposal.id, time)?;
        self.tip = Tip {
            height: height.value(),
            time: proposal.header.time,
            app_hash: app_hash_of(app_hash)?,
            results_hash: results_hash(outcomes),
            commit: Some(commit.clone()),
        };
        Ok(commit)
    }

    fn next_header(&self, height: u64, data_hash: Hash) -> Result<Header, EngineError> {
        let validators_hash = self.validators.set().hash();
        let empty = Hash::Sha256(simple_hash_from_byte_vectors::<Sha256>(&[[]; 0]));
        let proposer = self
            .validators
            .proposer(height)
            .ok_or(EngineError::NoValidators)?;
        Ok(Header {
            version: Version {
                block: BLOCK_PROTOCOL,
                app: APP_PROTOCOL,
            },
            chain_id: self.genesis.chain_id.clone(),
            height: Height::try_from(height)?,
            time: self.next_time()?,
            last_block_id: self.tip.commit.as_ref().map(|commit| commit.block_id),
            last_commit_hash: Some(commit_hash(self.tip.commit.as_ref())),
            data_hash: Some(data_hash),
            validators_hash,
            next_validators_hash: validators_hash,
            consensus_hash: consensus_hash(),
            app_hash: self.tip.app_hash.clone(),
            last_results_hash: Some(self.tip.results_hash),
            evidence_hash: Some(empty),
            proposer_address: proposer.address(),
        })
    }

    /// The next header's time: it follows from the last commit.
    pub fn next_time(&self) -> Result<Time, EngineError> {
        let Some(commit) = &self.tip.commit else {
            return Ok(self.genesis.time);
        };
        let actual = header_time(commit, &self.validators).ok_or(EngineError::NoValidators)?;
        if actual <= self.tip.time {
            return Err(EngineError::Time {
                height: self.tip.height + 1,
                actual,
                previous: self.tip.time,
            });
        }
        Ok(actual)
    }
}

fn app_hash_of(root: [u8; 32]) -> Result<AppHash, tendermint::Error> {
    AppHash::try_from(root.to_vec())
}

/// Merkle root over the protobuf of each signature; of nothing before the first block.
fn commit_hash(commit: Option<&Commit>) -> Hash {
    let signatures: Vec<Vec<u8>> = commit
        .iter()
        .flat_map(|commit| &commit.signatures)
        .map(|signature| proto::CommitSig::from(signature.clone()).encode_to_vec())
        .collect();
    Hash::Sha256(simple_hash_from_byte_vectors::<Sha256>(&signatures))
}

/// The block as CometBFT encodes it. Its Go types are never nil, so that the first block holds an empty commit and an empty block id.
fn block_of(
    header: &Header,
    transactions: Vec<Vec<u8>>,
    last_commit: Option<&Commit>,
) -> proto::Block {
    let nil = proto::BlockId {
        hash: Vec::new(),
        part_set_header: Some(proto::PartSetHeader::default()),
    };
    let mut header = proto::Header::from(header.clone());
    header.last_block_id.get_or_insert_with(|| nil.clone());
    let commit = match last_commit {
        Some(commit) => commit.clone().into(),
        None => proto::Commit {
            block_id: Some(nil),
            ..proto::Commit::default()
        },
    };
    proto::Block {
        header: Some(header),
        data: Some(proto::Data { txs: transactions }),
        evidence: Some(proto::EvidenceList::default()),
        last_commit: Some(commit),
    }
}
