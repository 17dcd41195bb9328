//! The application: the election's state machine, with no network, no clock and no consensus.
//!
//! The rules are `verifier-core`'s, so that a node and a recount cannot differ. What is added here is the order of a block's
//! transactions, the spent assets, and the keys of the authenticated state that each transaction writes.

mod block;
mod check;
mod judge;
mod mixing;
mod proposal;
mod restore;
mod spent;
mod totals;
mod verdicts;
mod writes;

pub use block::{Application, BlockChanges};
pub use check::{Admitted, Checked};
pub use proposal::ProposalFault;
pub use restore::{Claims, RestoreError, Restored};
