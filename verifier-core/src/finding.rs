//! Findings and doubts: why a check failed, and why one could not be carried out. A page has a sentence for each.

use crate::ids::{AssetId, Height, MunicipalityIndex, TrackingCode};
use crate::ledger::rpc::RpcError;
use crate::ledger::{CommitError, LightError, StateProofError};
use crate::outcome::Outcome;
use crate::receipt::ReceiptError;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Serialize, Serializer};

/// What data that a trusted header authenticates, or the receipt itself, gets wrong.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error, BorshSerialize, BorshDeserialize,
)]
pub enum Finding {
    #[error("the receipt belongs to the chain {receipt:?}, not to {card:?}")]
    OtherChain { receipt: String, card: String },
    #[error("the receipt belongs to a ledger with another genesis")]
    OtherGenesis,
    #[error("the receipt belongs to another election")]
    OtherContract,
    #[error("the promise is not signed by municipality {municipality}")]
    PromiseNotSigned { municipality: MunicipalityIndex },
    #[error("the promise's deadline is later than the contract allows")]
    PromiseDeadline,
    #[error("the receipt names height {named}, but the ballot is at {found}")]
    OtherHeight { named: Height, found: Height },
    #[error("the ballot's mark or asset is not the receipt's")]
    OtherBallot,
    #[error("no block holds the ballot although its deadline has passed")]
    BallotMissing,
    #[error("the ballot {code} at {height} should be refused as {derived:?}, but took effect")]
    BallotInvalid {
        code: TrackingCode,
        height: Height,
        derived: Outcome,
    },
    #[error("the asset {asset} was not issued to the ballot's address")]
    AssetNotIssued { asset: AssetId },
    #[error("the asset {asset} was spent by the ballot {by} at {height}")]
    AssetSpentBy {
        asset: AssetId,
        by: TrackingCode,
        height: Height,
    },
    #[error("the asset {asset} is not spent")]
    AssetUnspent { asset: AssetId },
    #[error("the ledger refused the ballot: {outcome:?}")]
    BallotRefused { outcome: Outcome },
    #[error(
        "transaction {position} of block {height}: the ledger says code {recorded}, derived anew it is {derived:?}"
    )]
    OutcomeDiffers {
        height: Height,
        position: u32,
        recorded: u32,
        derived: Outcome,
    },
    #[error("the asset {asset} is counted twice: by {first} and by {second}")]
    AssetCountedTwice {
        asset: AssetId,
        first: TrackingCode,
        second: TrackingCode,
    },
    /// The same, where no source gives these blocks again to name the ballots.
    #[error("the asset {asset} is counted twice: in block {first} and in block {second}")]
    AssetCountedAgain {
        asset: AssetId,
        first: Height,
        second: Height,
    },
    #[error(
        "the ballot {code} was refused as spent, but no earlier ballot spent its asset {asset}"
    )]
    NotSpentBefore { asset: AssetId, code: TrackingCode },
    #[error("the ledger does not begin with the genesis of the trust card")]
    GenesisDiffers,
    #[error("the contract of the trust card was never defined")]
    NotDefined,
    #[error("the candidates' keys were not complete at opening")]
    KeysIncomplete,
    #[error("the ballots were checked under keys that are not those of the ledger")]
    SetupDiffers,
    #[error("municipality {municipality} issued {issued} assets for {roll} people")]
    IssuedExceedsRoll {
        municipality: MunicipalityIndex,
        issued: u32,
        roll: u32,
    },
    #[error("municipality {municipality}: turnout {checked_in} of {roll} people")]
    TurnoutExceedsRoll {
        municipality: MunicipalityIndex,
        checked_in: u32,
        roll: u32,
    },
    #[error("municipality {municipality}: {ballots} ballots, but {checked_in} people checked in")]
    BallotsExceedTurnout {
        municipality: MunicipalityIndex,
        ballots: u64,
        checked_in: u32,
    },
    #[error(
        "municipality {municipality}: {missing} people checked in without a ballot, {tolerance} are tolerated"
    )]
    Shortfall {
        municipality: MunicipalityIndex,
        missing: u64,
        tolerance: u32,
    },
    #[error("what the state holds for {key} contradicts the rest of it, or the ledger")]
    StateContradicts { key: String },
    #[error("the ballot {code} of the asset {asset} was spoiled before, and is counted")]
    SpoiledBallotCounted { asset: AssetId, code: TrackingCode },
    #[error("the ballot {code} of the asset {asset} was refused as spoiled, but never was before")]
    NotSpoiledBefore { asset: AssetId, code: TrackingCode },
    #[error(
        "municipality {municipality}: {claimed} rights claimed, but {recorded} recorded as given"
    )]
    ClaimsExceedIssuances {
        municipality: MunicipalityIndex,
        claimed: u32,
        recorded: u32,
    },
    #[error(
        "municipality {municipality}: {ballots} ballots with claimed rights, but {claimed} claims"
    )]
    BallotsExceedClaims {
        municipality: MunicipalityIndex,
        ballots: u64,
        claimed: u32,
    },
}

/// Why a check could not be carried out. Nothing here speaks against the election itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, BorshSerialize, BorshDeserialize)]
pub enum Doubt {
    #[error("not reached")]
    NotReached,
    #[error("the receipt cannot be read: {0}")]
    Receipt(#[from] ReceiptError),
    #[error("{0}")]
    Source(#[from] SourceFault),
    #[error("the trust card's header is older than its trusting period allows")]
    CardExpired {
        age_seconds: u64,
        period_seconds: u64,
    },
    #[error("the ledger has only reached height {latest}, the receipt names {named}")]
    NotYetReached { named: Height, latest: Height },
    #[error("the ballot is on no block yet; the promise runs until {deadline}")]
    NotYetRecorded { deadline: u64 },
    #[error("the sums are not closed yet")]
    NotClosed,
    #[error("{shares} of {threshold} shares are there")]
    TooFewShares { shares: u32, threshold: u16 },
    #[error("no totals were claimed")]
    NoTotals,
    #[error("the blocks begin at {first}, not at 1")]
    BeginsLate { first: Height },
    #[error("the final header at {expected} is not reached: the blocks end at {last}")]
    EndsEarly { last: Height, expected: Height },
}

/// What a source (a node, a mirror, a folder) did wrong. Another source may do better.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, BorshSerialize, BorshDeserialize)]
pub enum SourceFault {
    #[error("it cannot be reached")]
    Unreachable,
    #[error("it did not answer in time")]
    TooSlow,
    #[error("it answered with status {0}")]
    HttpStatus(u16),
    #[error("its answer is larger than the {limit} bytes allowed")]
    TooLarge { limit: usize },
    #[error(transparent)]
    Answer(#[from] RpcError),
    #[error("its answer is not what was asked for: {0}")]
    Malformed(String),
    #[error("it serves the chain {actual:?}, not {expected:?}")]
    OtherChain { actual: String, expected: String },
    #[error("its genesis is not the trust card's")]
    OtherGenesis,
    #[error("its header at {height} is not the one that the trust card names")]
    NotTheTrustedHeader { height: Height },
    #[error("its header at {height} is not the one that the next header names")]
    BrokenChain { height: Height },
    #[error("the header at {height}: {error}")]
    Commit { height: Height, error: CommitError },
    #[error(transparent)]
    Light(#[from] LightError),
    #[error("the transactions of block {height} are not those of its header")]
    BlockDiffers { height: Height },
    #[error("the outcomes of block {height} are not those of the next header")]
    OutcomesDiffer { height: Height },
    #[error("its state proof does not hold: {0}")]
    StateProof(#[from] StateProofError),
    #[error("what it gives for {key} is not what the state holds")]
    StateDiffers { key: String },
    #[error("the totals that it claims for cell {cell} are not those that the shares prove")]
    TotalsDiffer { cell: usize },
    #[error("the cells of the totals that it claims are not those of the ledger")]
    CellsDiffer,
    #[error("{0} is missing")]
    Missing(String),
}

macro_rules! serialize_as_sentence {
    ($($name:ident),*) => {
        $(impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        })*
    };
}

serialize_as_sentence!(Finding, Doubt, SourceFault);
