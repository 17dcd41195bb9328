//! What a node keeps: blocks, commits, outcomes and the application's state, in one redb file.
//!
//! Everything of one block is written in one transaction, so that a node killed at any moment finds itself after some block, never within one.

mod reader;
mod store;
mod tables;
mod tree;

pub use reader::{BlockRecord, Event, Pinned, SpentAsset, SpoiledBallot, StateAnswer, Tip};
pub use store::{DATABASE_FILE, NewBlock, StateUpdate, StateWrite, Store};
pub use tables::StorageError;
