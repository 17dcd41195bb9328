//! The embedded engine: one process holds every validator's key, builds the blocks that CometBFT would build and signs the same commits.
//!
//! Nothing here knows an election. The engine decides the order of transactions, the headers and the time; what a transaction does
//! is the application's business.

mod chain;
mod genesis;
mod parts;
mod results;
mod time;
mod validators;

pub use chain::{Chain, EngineError, Proposal, Tip};
pub use genesis::{BLOCK_MAX_BYTES, GenesisDocument, consensus_hash};
pub use parts::part_set_header;
pub use results::{results_hash, transactions_hash};
pub use time::{Nanoseconds, header_time, weighted_median};
pub use validators::{Validator, Validators};
