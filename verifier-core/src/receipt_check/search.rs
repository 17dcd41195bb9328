//! The search: blocks are downloaded by ranges that depend on the ledger alone, and the ballot is looked for locally.
//!
//! Where the state says in which block the asset was spent, the range that holds that block is enough. Where it is unspent, every
//! range is searched, for a ballot may have been refused.

use super::Blamed;
use super::chain::Chain;
use crate::ballot::{BallotKeys, check_ballot};
use crate::contract::Contract;
use crate::finding::{Finding, SourceFault};
use crate::ids::{AssetId, HeaderHash, Height, PublicKey, Seconds, TrackingCode};
use crate::ledger::rpc::{BlockAnswer, BlockResults, decode_answer};
use crate::ledger::{
    MerkleProof, TxResult, data_hash, last_results_hash, prove_result, prove_transaction,
};
use crate::outcome::Outcome;
use crate::receipt::Receipt;
use crate::report::CheckId;
use crate::request::{Answer, Request};
use crate::signature::verify_signature;
use crate::state_key::SpentEntry;
use crate::transaction::{Action, Ballot, Transaction};
use crate::trust_card::TrustCard;
use std::collections::{BTreeMap, BTreeSet};
use tendermint::block::Header;

/// A range holds at least this many transactions, as far as the election has as many.
const RANGE_SIZE: u64 = 1000;
/// Stands for an outcome that the ledger does not give. No outcome has this code.
const NO_OUTCOME: u32 = u32::MAX;

#[derive(Clone, Debug)]
pub(super) struct Search {
    chain: Chain,
    asset: AssetId,
    code: TrackingCode,
    /// Heights to download, all of them together.
    heights: BTreeSet<Height>,
    blocks: BTreeMap<Height, Vec<Vec<u8>>>,
    results: BTreeMap<Height, Vec<TxResult>>,
    found: Option<Found>,
    transactions: u64,
    ballots: u64,
}

/// What of the blocks that were searched proves that the ballot is there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Located {
    /// All heights that were downloaded.
    pub searched: Vec<Height>,
    pub header: Header,
    pub transaction: Vec<u8>,
    pub position: MerkleProof,
    pub outcome: MerkleProof,
}

/// The ballot with the receipt's tracking code.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub height: Height,
    /// Which of the block's transactions it is.
    position: usize,
    transaction: Transaction,
    asset: AssetId,
    address: PublicKey,
    mark: [u8; 4],
    code: u32,
}

impl Search {
    pub fn new(contract: &Contract, receipt: &Receipt, chain: Chain) -> Self {
        let ranges = ranges(contract, &chain);
        let spent = entry(&chain.spent, receipt.asset).map(|entry| entry.height);
        let heights = ranges
            .into_iter()
            .filter(|range| spent.is_none_or(|height| range.contains(&height)))
            .flatten()
            .collect();
        Self {
            chain,
            asset: receipt.asset,
            code: receipt.tracking_code,
            heights,
            blocks: BTreeMap::new(),
            results: BTreeMap::new(),
            found: None,
            transactions: 0,
            ballots: 0,
        }
    }

    pub fn needs(&self) -> Vec<Request> {
        let blocks = self.heights.iter().filter(|h| !self.blocks.contains_key(h));
        let results = self
            .heights
            .iter()
            .filter(|h| !self.results.contains_key(h));
        blocks
            .map(|height| Request::Block(*height))
            .chain(results.map(|height| Request::BlockResults(*height)))
            .collect()
    }

    pub fn supply(&mut self, request: &Request, answer: Answer) -> Result<(), Blamed> {
        let (id, height, taken) = match request {
            Request::Block(height) => {
                let taken = self.take_block(*height, answer);
                (CheckId::ReceiptBlocks, *height, taken)
            }
            Request::BlockResults(height) => {
                let taken = self.take_results(*height, answer);
                (CheckId::ReceiptOutcome, *height, taken)
            }
            _ => return Ok(()),
        };
        taken.map_err(|fault| (id, fault))?;
        self.look_into(height);
        Ok(())
    }

    /// Takes a block's transactions if they are those of its trusted header.
    fn take_block(&mut self, height: Height, answer: Answer) -> Result<(), SourceFault> {
        let answer: BlockAnswer = decode_answer(&answer?)?;
        let transactions = answer.block.data;
        let header = self.chain.header(height);
        let named = header.and_then(|header| header.data_hash);
        let actual = data_hash(&transactions);
        if named.as_ref().map(|hash| hash.as_bytes()) != Some(actual.as_bytes().as_slice()) {
            return Err(SourceFault::BlockDiffers { height });
        }
        self.transactions += u64::try_from(transactions.len()).unwrap_or(0);
        self.blocks.insert(height, transactions);
        Ok(())
    }

    /// Takes a block's outcomes if they are those of the trusted header after it.
    fn take_results(&mut self, height: Height, answer: Answer) -> Result<(), SourceFault> {
        let answer: BlockResults = decode_answer(&answer?)?;
        let header = self.chain.header(height.saturating_add(1));
        let named = header.and_then(|header| header.last_results_hash);
        let actual = last_results_hash(&answer.results);
        if named.as_ref().map(|hash| hash.as_bytes()) != Some(actual.as_bytes().as_slice()) {
            return Err(SourceFault::OutcomesDiffer { height });
        }
        self.results.insert(height, answer.results);
        Ok(())
    }

    /// Looks for the ballot in a block once its transactions and outcomes are there. One that took effect is preferred to one that was
    /// refused; a refused copy that the voter did not sign is nothing, for anybody can make one to hide that the ballot itself is withheld.
    fn look_into(&mut self, height: Height) {
        let (Some(block), Some(results)) = (self.blocks.get(&height), self.results.get(&height))
        else {
            return;
        };
        let outcomes = results.iter().map(|result| result.code);
        let outcomes = outcomes.chain(core::iter::repeat(NO_OUTCOME));
        for ((position, bytes), code) in block.iter().enumerate().zip(outcomes) {
            let Ok(transaction) = Transaction::decode(bytes) else {
                continue;
            };
            let Action::Cast(ballot) = &transaction.body.action else {
                continue;
            };
            self.ballots += 1;
            if transaction.body.tracking_code() != self.code {
                continue;
            }
            let effective = code == Outcome::Ok.code();
            let stands = effective || (self.found.is_none() && is_signed(&transaction, ballot));
            if stands {
                let place = (height, position);
                self.found = Some(Found::new(place, ballot.clone(), transaction, code));
            }
        }
    }

    pub fn found(&self) -> Option<&Found> {
        self.found.as_ref()
    }

    pub fn transactions(&self) -> u64 {
        self.transactions
    }

    pub fn ballots(&self) -> u64 {
        self.ballots
    }

    pub fn searched(&self) -> Option<(Height, Height)> {
        Some((*self.heights.first()?, *self.heights.last()?))
    }

    pub fn place(&self, height: Height) -> Option<(Height, HeaderHash, Seconds)> {
        self.chain.place(height)
    }

    /// The ballot and its outcome, with their places in the block.
    pub fn locate(&self, found: &Found) -> Option<Located> {
        let (height, position) = (found.height, found.position);
        let block = self.blocks.get(&height)?;
        Some(Located {
            searched: self.heights.iter().copied().collect(),
            header: self.chain.header(height)?.clone(),
            transaction: block.get(position)?.clone(),
            position: prove_transaction(block, position)?,
            outcome: prove_result(self.results.get(&height)?, position)?,
        })
    }

    /// Whether the ledger has gone past this time, so that nothing with this deadline can still come.
    pub fn covers(&self, deadline: Seconds) -> bool {
        self.chain.last_time() >= deadline
    }

    /// The ballot that spent the asset, if it is not the receipt's.
    pub fn spent_by_another(&self) -> Option<(Height, TrackingCode)> {
        entry(&self.chain.spent, self.asset)
            .filter(|entry| entry.code != self.code)
            .map(|entry| (entry.height, entry.code))
    }

    /// The same for a ballot that was found, but refused.
    pub fn superseded(&self, found: &Found) -> Option<(Height, TrackingCode)> {
        found.outcome().and_then(|_| self.spent_by_another())
    }

    pub fn check_proof(&self, card: &TrustCard, found: &Found) -> Option<Finding> {
        let invalid = |derived| Finding::BallotInvalid {
            code: self.code,
            height: found.height,
            derived,
        };
        let Some(summary) = &self.chain.key_set else {
            return Some(invalid(Outcome::KeysIncomplete));
        };
        let keys = BallotKeys::new(
            card.genesis,
            card.contract_id(),
            summary.id,
            &summary.addresses,
        );
        match keys.and_then(|keys| check_ballot(&keys, &found.transaction)) {
            Ok(_) => None,
            Err(error) => Some(invalid(error.outcome())),
        }
    }

    /// The asset was issued to the ballot's address, and the state says that this ballot spent it, in this block.
    pub fn check_asset(&self, receipt: &Receipt, found: &Found) -> Option<Finding> {
        let asset = receipt.asset;
        let issued_to = self.chain.addresses.get(usize::from(asset.index));
        if issued_to != Some(&found.address) {
            return Some(Finding::AssetNotIssued { asset });
        }
        match entry(&self.chain.spent, asset) {
            Some(entry) if entry.code == self.code && entry.height == found.height => None,
            Some(entry) => Some(Finding::AssetSpentBy {
                asset,
                by: entry.code,
                height: entry.height,
            }),
            None => Some(Finding::AssetUnspent { asset }),
        }
    }
}

impl Found {
    fn new(
        (height, position): (Height, usize),
        ballot: Ballot,
        transaction: Transaction,
        code: u32,
    ) -> Self {
        Self {
            height,
            position,
            asset: ballot.asset,
            address: ballot.address,
            mark: ballot.mark,
            transaction,
            code,
        }
    }

    /// Why the ledger refused it, if it did. A code that no outcome has is a refusal too.
    pub fn outcome(&self) -> Option<Outcome> {
        match Outcome::from_code(self.code) {
            Some(Outcome::Ok) => None,
            Some(outcome) => Some(outcome),
            None => Some(Outcome::Malformed),
        }
    }

    /// In what the ballot is not the receipt's, if in anything.
    pub fn differs_from(&self, receipt: &Receipt) -> Option<Finding> {
        match receipt.height {
            Some(named) if named != self.height => Some(Finding::OtherHeight {
                named,
                found: self.height,
            }),
            _ if self.asset != receipt.asset || self.mark != receipt.mark => {
                Some(Finding::OtherBallot)
            }
            _ => None,
        }
    }

    pub fn check_outcome(&self) -> Option<Finding> {
        self.outcome()
            .map(|outcome| Finding::BallotRefused { outcome })
    }
}

fn is_signed(transaction: &Transaction, ballot: &Ballot) -> bool {
    let message = transaction.body.signing_message();
    let mut signatures = transaction.signatures.iter();
    signatures.any(|signature| verify_signature(&ballot.address, &message, signature).is_ok())
}

fn entry(spent: &[SpentEntry], asset: AssetId) -> Option<&SpentEntry> {
    spent.iter().find(|entry| entry.index == asset.index)
}

/// The blocks of the voting window below the anchor, in order, cut wherever a range has its size; a smaller rest joins the last one.
fn ranges(contract: &Contract, chain: &Chain) -> Vec<BTreeSet<Height>> {
    let mut ranges = Vec::new();
    let (mut range, mut size) = (BTreeSet::new(), 0u64);
    for (height, transactions) in &chain.sizes {
        let time = chain.place(*height).map_or(0, |(_, _, time)| time);
        if !contract.accepts_ballots_at(time) {
            continue;
        }
        range.insert(*height);
        size = size.saturating_add(*transactions);
        if size >= RANGE_SIZE {
            ranges.push(core::mem::take(&mut range));
            size = 0;
        }
    }
    match ranges.last_mut() {
        Some(last) => last.extend(range),
        None => ranges.push(range),
    }
    ranges
}
