//! The tables, and what can go wrong with them.

use redb::TableDefinition;

/// Single values by name: the run's options, the tip.
pub const NOTES: TableDefinition<&str, &[u8]> = TableDefinition::new("notes");
/// Height → protobuf of the block.
pub const BLOCKS: TableDefinition<u64, &[u8]> = TableDefinition::new("blocks");
/// Height → protobuf of the commit that signs the block.
pub const COMMITS: TableDefinition<u64, &[u8]> = TableDefinition::new("commits");
/// (height, position in the block) → header time and bytes of a transaction that took effect, ballots apart.
pub const EVENTS: TableDefinition<(u64, u32), (u64, &[u8])> = TableDefinition::new("events");
/// Height → codes of the outcomes, 4 bytes little-endian each.
pub const OUTCOMES: TableDefinition<u64, &[u8]> = TableDefinition::new("outcomes");
/// Height → number of Cast transactions in the block.
pub const BALLOTS: TableDefinition<u64, u32> = TableDefinition::new("ballots");
/// Height → root of the state after the block; height 0 is the initial state.
pub const ROOTS: TableDefinition<u64, [u8; 32]> = TableDefinition::new("roots");
/// Borsh of a node key → borsh of a node of the state tree.
pub const NODES: TableDefinition<&[u8], &[u8]> = TableDefinition::new("nodes");
/// (SHA-256 of the key, height) → the key's value from that height on; `None` where it was removed.
pub const VALUES: TableDefinition<([u8; 32], u64), Option<&[u8]>> = TableDefinition::new("values");
/// SHA-256 of the key → the key.
pub const KEYS: TableDefinition<[u8; 32], &[u8]> = TableDefinition::new("keys");
/// (municipality, batch) → borsh of its addresses.
pub const BATCHES: TableDefinition<(u16, u16), &[u8]> = TableDefinition::new("batches");
/// (municipality, batch, index) → height and tracking code of the ballot that spent the asset.
pub const SPENT: TableDefinition<(u16, u16, u16), (u64, [u8; 32])> = TableDefinition::new("spent");
/// (municipality, batch, index, tracking code) → height of the block from which on the ballot can no longer count.
pub const SPOILED: TableDefinition<(u16, u16, u16, [u8; 32]), u64> =
    TableDefinition::new("spoiled");

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    #[error("the database fails: {0}")]
    Database(Box<redb::Error>),
    #[error(
        "the disk is full; free some space and start the node again: nothing of the last block was kept by halves ({0})"
    )]
    DiskFull(std::io::Error),
    #[error("the state tree fails: {0}")]
    Tree(String),
    #[error("{what} at height {height} is not what was written")]
    Corrupt { what: &'static str, height: u64 },
    #[error("height {height} is not between {first} and {last}")]
    Height { height: u64, first: u64, last: u64 },
    #[error("block {actual} instead of {expected}")]
    Order { actual: u64, expected: u64 },
}

impl<E: Into<redb::Error>> From<E> for StorageError {
    fn from(error: E) -> Self {
        match error.into() {
            redb::Error::Io(error) if is_full(&error) => Self::DiskFull(error),
            error => Self::Database(Box::new(error)),
        }
    }
}

/// No room on the device, or in the owner's quota.
fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded
    )
}
