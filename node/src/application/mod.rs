//! The application: the election's state machine, with no network, no clock and no consensus.
//!
//! The rules are `verifier-core`'s, so that a node and a recount cannot differ. What is added here is the order of a block's
//! transactions, the spent assets, and the keys of the authenticated state that each transaction writes.

mod block;
mod spent;
mod writes;

pub use block::{Application, BlockChanges};
