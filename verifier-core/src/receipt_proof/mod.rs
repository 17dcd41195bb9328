//! A receipt with everything that it takes to check it without a network: the trust card alone is asked.
//!
//! ```text
//! header h ── data_hash ──► the ballot             header h + 1, signed ── last_block_id ──► header h
//!                                                      └─ last_results_hash ──► its outcome: 0
//! anchor, signed, at h + 1 or above ── app_hash ──► keyset; issue/M/B: the ballot's address; spent/M/B: this code, at h
//! ```
//!
//! If the anchor is the final header that the card names, the ballot is *counted*: the state that the final header commits to says that this very
//! ballot used the voting right. Otherwise it is *recorded*.

mod collect;
mod file;

pub use collect::{ProofCollectError, ReceiptProofCollect};
pub use file::{RECEIPT_PROOF_LIMIT, ReceiptProofFileError};

use crate::ballot::{BallotError, BallotKeys, check_ballot};
use crate::finding::SourceFault;
use crate::ids::{AssetId, HeaderHash, Height, Seconds};
use crate::ledger::{
    CommitError, LightError, MerkleError, MerkleProof, TrustedHeader, TxResult, check_commit,
    header_hash, plain_hash, verify_backwards, verify_result, verify_transaction,
};
use crate::listed_state::ListedState;
use crate::promise::PromiseError;
use crate::receipt::Receipt;
use crate::receipt_check::place;
use crate::state_key::{self, KeySetSummary};
use crate::state_values::StateValues;
use crate::transaction::{Action, Ballot, Transaction, TransactionError};
use crate::trust_card::{TrustCard, TrustCardError};
use tendermint::block::Header;
use tendermint::block::signed_header::SignedHeader;

const KEY_SET_LIMIT: usize = 64 * 1024;

/// What a receipt can carry once its ballot is on the ledger; nothing in it is believed before it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptProof {
    pub receipt: Receipt,
    /// The header of the ballot's block.
    pub header: Header,
    pub transaction: Vec<u8>,
    /// Where the transaction is in its block.
    pub position: MerkleProof,
    /// The header after it, with its commit.
    pub next: SignedHeader,
    /// Where the transaction's outcome, which is 0, is under that header.
    pub outcome: MerkleProof,
    /// A header at or above that one, with its commit, whose state is looked at.
    pub anchor: SignedHeader,
    /// The proof of the candidates' keys.
    pub key_set: Vec<u8>,
    /// The batch's addresses.
    pub issued: ListedState,
    /// The batch's spent assets.
    pub spent: ListedState,
}

/// A ballot that is on the ledger and took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvenBallot {
    /// Height, hash and time of its block.
    pub block: (Height, HeaderHash, Seconds),
    /// The same of the header whose state says so.
    pub anchor: (Height, HeaderHash, Seconds),
    /// Whether that is the final header that the trust card names.
    pub counted: bool,
}

/// Why a file does not prove that a ballot is on the ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptProofError {
    #[error("the receipt is of the chain {receipt:?}, the trust card of {card:?}")]
    OtherChain { receipt: String, card: String },
    #[error("the receipt is of a ledger with another genesis")]
    OtherGenesis,
    #[error("the receipt is of another election")]
    OtherElection,
    #[error("the promise binds nobody: {0}")]
    Promise(#[from] PromiseError),
    #[error("the header at {height} is not signed as it must be: {error}")]
    Commit { height: Height, error: CommitError },
    #[error("the header at {height} is not the one that the trust card names")]
    NotTheCards { height: Height },
    #[error(
        "the state is that of header {anchor}, before the header {next} that follows the ballot's block"
    )]
    AnchorTooLow { anchor: Height, next: Height },
    #[error("the header {anchor} lies above the final header {last}")]
    AfterTheEnd { anchor: Height, last: Height },
    #[error("the ballot's header is not the one that the signed header names: {0}")]
    Parent(LightError),
    #[error("the transaction is not in the block: {0}")]
    NotInBlock(MerkleError),
    #[error("the transaction cannot be read: {0}")]
    Transaction(#[from] TransactionError),
    #[error("the transaction is not the ballot that the receipt is for")]
    OtherBallot,
    #[error("the receipt names block {named}, but the ballot is in block {found}")]
    OtherHeight { named: Height, found: Height },
    #[error("the ledger does not say that the ballot took effect: {0}")]
    NoEffect(MerkleError),
    #[error("the outcome is that of another transaction of the block")]
    OtherPosition,
    #[error("what the state holds is not shown: {0}")]
    State(SourceFault),
    #[error("the candidates' keys are not there")]
    NoKeys,
    #[error("the ballot is not valid: {0}")]
    Ballot(#[from] BallotError),
    #[error("the voting right {asset} was not issued to the ballot's address")]
    NotIssued { asset: AssetId },
    #[error("the voting right {asset} was not used by this ballot")]
    NotSpent { asset: AssetId },
    #[error(transparent)]
    TrustCard(#[from] TrustCardError),
}

impl ReceiptProof {
    /// Checks everything in the file against a trust card of the same election.
    ///
    /// Success says what [`ProvenBallot`] says. That the ballot's header is an ancestor of the anchor is not shown by the headers themselves; it
    /// is the anchor's state that names the ballot and its height.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, card: &TrustCard) -> Result<ProvenBallot, ReceiptProofError> {
        self.check_election(card)?;
        let receipt = &self.receipt;
        receipt
            .promise
            .check(&card.contract, &receipt.promised_ballot())?;
        let next = check_header(card, &self.next)?;
        let anchor = check_header(card, &self.anchor)?;
        check_order(card, &next, &anchor)?;
        let header = verify_backwards(&next, self.header.clone());
        let header = header.map_err(ReceiptProofError::Parent)?;
        let (transaction, ballot) = self.check_ballot(&header)?;
        self.check_outcome(&next)?;
        self.check_state(card, &anchor, header.height(), &transaction, &ballot)?;
        let counted = card
            .final_header
            .is_some_and(|last| last.hash == anchor.hash());
        Ok(ProvenBallot {
            block: place(&header),
            anchor: place(&anchor),
            counted,
        })
    }

    fn check_election(&self, card: &TrustCard) -> Result<(), ReceiptProofError> {
        let receipt = &self.receipt;
        if receipt.chain_id != card.chain_id {
            return Err(ReceiptProofError::OtherChain {
                receipt: receipt.chain_id.clone(),
                card: card.chain_id.clone(),
            });
        }
        if receipt.genesis != card.genesis {
            return Err(ReceiptProofError::OtherGenesis);
        }
        if receipt.contract != card.contract_id() {
            return Err(ReceiptProofError::OtherElection);
        }
        Ok(())
    }

    /// The transaction is in the block, and is the receipt's ballot.
    fn check_ballot(
        &self,
        header: &TrustedHeader,
    ) -> Result<(Transaction, Ballot), ReceiptProofError> {
        let receipt = &self.receipt;
        let named = plain_hash(header.header().data_hash.unwrap_or_default());
        verify_transaction(named, &self.position, &self.transaction)
            .map_err(ReceiptProofError::NotInBlock)?;
        let transaction = Transaction::decode(&self.transaction)?;
        let Action::Cast(ballot) = transaction.body.action.clone() else {
            return Err(ReceiptProofError::OtherBallot);
        };
        let is_it = transaction.body.tracking_code() == receipt.tracking_code
            && ballot.asset == receipt.asset
            && ballot.mark == receipt.mark;
        if !is_it {
            return Err(ReceiptProofError::OtherBallot);
        }
        match receipt.height {
            Some(named) if named != header.height() => Err(ReceiptProofError::OtherHeight {
                named,
                found: header.height(),
            }),
            _ => Ok((transaction, ballot)),
        }
    }

    /// The ledger's outcome for it is 0.
    fn check_outcome(&self, next: &TrustedHeader) -> Result<(), ReceiptProofError> {
        let named = plain_hash(next.header().last_results_hash.unwrap_or_default());
        verify_result(named, &self.outcome, &TxResult::default())
            .map_err(ReceiptProofError::NoEffect)?;
        let of = |proof: &MerkleProof| (proof.total, proof.index);
        if of(&self.outcome) == of(&self.position) {
            Ok(())
        } else {
            Err(ReceiptProofError::OtherPosition)
        }
    }

    /// The state holds the keys that the ballot is valid under, the right's address, and that this ballot used the right.
    fn check_state(
        &self,
        card: &TrustCard,
        anchor: &TrustedHeader,
        height: Height,
        transaction: &Transaction,
        ballot: &Ballot,
    ) -> Result<(), ReceiptProofError> {
        let asset = self.receipt.asset;
        let (municipality, batch) = (asset.municipality, asset.batch);
        let state = self
            .proven_state(anchor)
            .map_err(ReceiptProofError::State)?;
        let keys = state
            .open::<KeySetSummary>(state_key::KEY_SET, KEY_SET_LIMIT)
            .map_err(ReceiptProofError::State)?
            .ok_or(ReceiptProofError::NoKeys)?;
        let (genesis, contract) = (card.genesis, card.contract_id());
        let keys = BallotKeys::new(genesis, contract, keys.id, &keys.addresses)?;
        check_ballot(&keys, transaction)?;
        let addresses = state
            .open_addresses(municipality, batch, &self.issued.list)
            .map_err(ReceiptProofError::State)?;
        if addresses.get(usize::from(asset.index)) != Some(&ballot.address) {
            return Err(ReceiptProofError::NotIssued { asset });
        }
        let spent = state
            .open_spent(municipality, batch, &self.spent.list)
            .map_err(ReceiptProofError::State)?;
        let code = self.receipt.tracking_code;
        let uses = |entry: &state_key::SpentEntry| {
            entry.index == asset.index && entry.code == code && entry.height == height
        };
        if spent.iter().any(uses) {
            Ok(())
        } else {
            Err(ReceiptProofError::NotSpent { asset })
        }
    }

    fn proven_state(&self, anchor: &TrustedHeader) -> Result<StateValues, SourceFault> {
        let (municipality, batch) = (self.receipt.asset.municipality, self.receipt.asset.batch);
        let mut state = StateValues::under(anchor.clone());
        state.prove(state_key::KEY_SET, &self.key_set)?;
        state.prove(&state_key::issue(municipality, batch), &self.issued.proof)?;
        state.prove(&state_key::spent(municipality, batch), &self.spent.proof)?;
        Ok(state)
    }
}

/// The card's validators have fixed the header.
fn check_header(
    card: &TrustCard,
    signed: &SignedHeader,
) -> Result<TrustedHeader, ReceiptProofError> {
    let height = signed.header.height.value();
    check_commit(&card.chain()?, &card.validator_set()?, signed)
        .map_err(|error| ReceiptProofError::Commit { height, error })?;
    let named = card.hash_at(height);
    let hash = named.unwrap_or_else(|| header_hash(&signed.header));
    TrustedHeader::from_trusted_hash(signed.header.clone(), hash, None)
        .map_err(|_| ReceiptProofError::NotTheCards { height })
}

/// The state that is looked at is one after the ballot's block, and not one after the election.
fn check_order(
    card: &TrustCard,
    next: &TrustedHeader,
    anchor: &TrustedHeader,
) -> Result<(), ReceiptProofError> {
    let (next, anchor) = (next.height(), anchor.height());
    if anchor < next {
        return Err(ReceiptProofError::AnchorTooLow { anchor, next });
    }
    match card.final_header {
        Some(last) if anchor > last.height => Err(ReceiptProofError::AfterTheEnd {
            anchor,
            last: last.height,
        }),
        _ => Ok(()),
    }
}
