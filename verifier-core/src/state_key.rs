//! State keys: what the application's authenticated tree holds under which name.
//!
//! Spent assets are kept per batch, so that a proof about one's own asset names only the batch, never the asset.

use crate::encoding;
use crate::ids::{Hash, Height, KeySetId, MunicipalityIndex, Point, PublicKey, TrackingCode};
use borsh::{BorshDeserialize, BorshSerialize};

/// Canonical bytes of the contract.
pub const CONTRACT: &str = "contract";
/// Canonical bytes of the [`KeySetSummary`], once every trustee is ready.
pub const KEY_SET: &str = "keyset";
/// Canonical bytes of the closed cells.
pub const CLOSE: &str = "close";

/// The number of people on the roll: u32, little-endian.
pub fn roll(municipality: MunicipalityIndex) -> String {
    format!("roll/{municipality}")
}

/// [`issue_value`] of the batch.
pub fn issue(municipality: MunicipalityIndex, batch: u16) -> String {
    format!("issue/{municipality}/{batch}")
}

/// [`spent_value`] of the batch; absent while none of its assets is spent.
pub fn spent(municipality: MunicipalityIndex, batch: u16) -> String {
    format!("spent/{municipality}/{batch}")
}

/// [`spoiled_value`] of the batch; absent while no ballot of its assets is spoiled.
pub fn spoiled(municipality: MunicipalityIndex, batch: u16) -> String {
    format!("spoiled/{municipality}/{batch}")
}

/// SHA-256 of the DealKey transaction.
pub fn deal(attempt: u16, municipality: MunicipalityIndex) -> String {
    format!("deal/{attempt}/{municipality}")
}

/// SHA-256 of the KeyReady transaction.
pub fn ready(municipality: MunicipalityIndex) -> String {
    format!("ready/{municipality}")
}

/// The number of people checked in: u32, little-endian.
pub fn turnout(municipality: MunicipalityIndex, station: u16) -> String {
    format!("turnout/{municipality}/{station}")
}

/// SHA-256 of the Share transaction.
pub fn share(municipality: MunicipalityIndex) -> String {
    format!("share/{municipality}")
}

/// What a casting device or a receipt check needs of the keys.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct KeySetSummary {
    pub id: KeySetId,
    /// H_1 … H_k.
    pub addresses: Vec<Point>,
}

/// One asset of a batch that a counted ballot has spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SpentEntry {
    pub index: u16,
    pub height: Height,
    pub code: TrackingCode,
}

/// One ballot of a batch's asset that can never count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct SpoiledEntry {
    pub index: u16,
    pub code: TrackingCode,
}

/// SHA-256 of the batch's addresses in their canonical encoding.
pub fn issue_value(addresses: &[PublicKey]) -> Hash {
    Hash::of(&encoding::encode(&addresses))
}

/// SHA-256 of the batch's spent entries, in ascending order of their index, in their canonical encoding.
pub fn spent_value(entries: &[SpentEntry]) -> Hash {
    Hash::of(&encoding::encode(&entries))
}

/// SHA-256 of the batch's spoiled ballots, in ascending order of index and code, in their canonical encoding.
pub fn spoiled_value(entries: &[SpoiledEntry]) -> Hash {
    Hash::of(&encoding::encode(&entries))
}
