//! Authentication of a block: its header is signed and chained, its transactions and outcomes are those that headers commit to.

use super::basis::Basis;
use super::state::Link;
use crate::ballot::HashedTransaction;
use crate::finding::SourceFault;
use crate::ids::{HeaderHash, Height, Seconds};
use crate::ledger::{self, CommitError, SignedPower, TxResult};
use tendermint::block::Header;
use tendermint::block::signed_header::SignedHeader;

/// A block as a source gives it, with the header after it, which commits to its outcomes. Transactions stay where the source put them.
#[derive(Clone, Debug)]
pub struct LedgerBlock<'a> {
    pub header: SignedHeader,
    pub transactions: Vec<&'a [u8]>,
    pub results: Vec<TxResult>,
    pub next: SignedHeader,
}

/// What is known of a block once its bytes are authenticated.
pub(super) struct Authenticated<'a> {
    pub height: Height,
    pub time: Seconds,
    pub this: Link,
    pub next: Link,
    /// Signatures under the next header. Those under this one were counted with the block before, in whichever range that was.
    pub signatures: u64,
    pub transactions: Vec<HashedTransaction<'a>>,
}

/// Authenticates blocks of successive heights, of which the first follows `after` if that is given. All signatures are checked in one batch.
///
/// Gives as many as are good, and what is wrong with the next.
pub(super) fn authenticate<'a>(
    basis: &Basis,
    after: Option<&Link>,
    blocks: &[LedgerBlock<'a>],
) -> (Vec<Authenticated<'a>>, Option<SourceFault>) {
    // The header that a range begins with is signed too; within it, it was verified as the next of the block before.
    let first = blocks.iter().take(1).filter(|_| after.is_none());
    let headers: Vec<&SignedHeader> = first
        .map(|block| &block.header)
        .chain(blocks.iter().map(|block| &block.next))
        .collect();
    let mut commits = ledger::check_commits(&basis.chain_id, &basis.validators, &headers)
        .into_iter()
        .zip(&headers)
        .map(|(verdict, signed)| signers(verdict, signed));
    let mut after = after.copied();
    let mut authenticated = Vec::with_capacity(blocks.len());
    for block in blocks {
        match authenticate_block(basis, after.as_ref(), block, &mut commits) {
            Ok(at) => {
                after = Some(at.next);
                authenticated.push(at);
            }
            Err(fault) => return (authenticated, Some(fault)),
        }
    }
    (authenticated, None)
}

/// `commits` gives the verdict on the next signed header not asked for yet.
fn authenticate_block<'a>(
    basis: &Basis,
    after: Option<&Link>,
    block: &LedgerBlock<'a>,
    commits: &mut impl Iterator<Item = Result<u64, SourceFault>>,
) -> Result<Authenticated<'a>, SourceFault> {
    let (this, next) = (Link::of(&block.header.header), Link::of(&block.next.header));
    let mut check_next_commit = || {
        let unchecked = || SourceFault::Missing(format!("commit {}", next.height));
        commits.next().ok_or_else(unchecked)?
    };
    check_height(basis, &this)?;
    match after {
        Some(end) => check_follows(end, &this)?,
        None => {
            check_next_commit()?;
        }
    }
    check_chained(&this, &next, block)?;
    let signatures = check_next_commit()?;
    check_named_by_card(basis, &this)?;
    check_named_by_card(basis, &next)?;
    let transactions = check_contents(block, this.height)?;
    Ok(Authenticated {
        transactions,
        height: this.height,
        time: this.time,
        this,
        next,
        signatures,
    })
}

/// The block is the one whose header was verified as the next.
fn check_follows(end: &Link, this: &Link) -> Result<(), SourceFault> {
    if this.height != end.height {
        return Err(SourceFault::Missing(format!("block {}", end.height)));
    }
    if this.hash != end.hash {
        return Err(SourceFault::BrokenChain {
            height: this.height,
        });
    }
    Ok(())
}

/// The next header names this one as its last block, one height below, and is later: a clock that ran backwards would open the voting window again.
fn check_chained(this: &Link, next: &Link, block: &LedgerBlock<'_>) -> Result<(), SourceFault> {
    let (header, next_header) = (&block.header.header, &block.next.header);
    let last = next_header.last_block_id.map(|id| id.hash);
    let named = last.as_ref().map(|hash| hash.as_bytes());
    let chained = named == Some(this.hash.as_bytes().as_slice())
        && this.height.checked_add(1) == Some(next.height)
        && next_header.time > header.time;
    if !chained {
        return Err(SourceFault::BrokenChain {
            height: this.height,
        });
    }
    Ok(())
}

/// The number of validators who signed, of those that the trust card names: more than two thirds of their power.
fn signers(
    verdict: Result<SignedPower, CommitError>,
    signed: &SignedHeader,
) -> Result<u64, SourceFault> {
    let height = signed.header.height.value();
    let power = verdict.map_err(|error| SourceFault::Commit { height, error })?;
    Ok(u64::try_from(power.signers.len()).unwrap_or(u64::MAX))
}

/// Nothing that comes after the final header is part of the election, nor can a height beyond 2³² − 1 be kept.
fn check_height(basis: &Basis, this: &Link) -> Result<(), SourceFault> {
    match basis.card.final_header {
        Some(last) if this.height >= last.height => Err(SourceFault::Malformed(format!(
            "block {} is not below the final header at {}",
            this.height, last.height
        ))),
        _ if u32::try_from(this.height).is_err() => Err(SourceFault::Malformed(format!(
            "there is no block {}",
            this.height
        ))),
        _ => Ok(()),
    }
}

/// A header at a height that the trust card names is the header that it names.
fn check_named_by_card(basis: &Basis, link: &Link) -> Result<(), SourceFault> {
    let named = [Some(basis.card.trusted), basis.card.final_header];
    let differs = named
        .iter()
        .flatten()
        .any(|anchor| anchor.height == link.height && anchor.hash != link.hash);
    if differs {
        return Err(SourceFault::NotTheTrustedHeader {
            height: link.height,
        });
    }
    Ok(())
}

/// The transactions and the outcomes are those that the headers commit to. Whether there is one outcome for each is not the source's to answer for.
///
/// Gives the transactions, each with the hash that stands for it under the header.
pub(super) fn check_contents<'a>(
    block: &LedgerBlock<'a>,
    height: Height,
) -> Result<Vec<HashedTransaction<'a>>, SourceFault> {
    let transactions = block.transactions.iter();
    let transactions: Vec<_> = transactions
        .map(|bytes| HashedTransaction::new(bytes))
        .collect();
    let leaves: Vec<[u8; 32]> = transactions.iter().map(|t| t.hash().0).collect();
    let named = block.header.header.data_hash;
    let actual = ledger::merkle_root(&leaves);
    if named.as_ref().map(|hash| hash.as_bytes()) != Some(actual.as_bytes().as_slice()) {
        return Err(SourceFault::BlockDiffers { height });
    }
    let named = block.next.header.last_results_hash;
    let actual = ledger::last_results_hash(&block.results);
    let same = named.as_ref().map(|hash| hash.as_bytes()) == Some(actual.as_bytes().as_slice());
    if !same {
        return Err(SourceFault::OutcomesDiffer { height });
    }
    Ok(transactions)
}

impl Link {
    pub(super) fn of(header: &Header) -> Self {
        Self {
            height: header.height.value(),
            hash: HeaderHash(ledger::header_hash(header).0),
            time: u64::try_from(header.time.unix_timestamp()).unwrap_or(0),
        }
    }
}
