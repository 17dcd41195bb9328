//! A rehearsal: registrars, observers and voters of a whole election on a network that runs, played through its nodes' RPC.
//!
//! The trustees are not played: every `node serve` does its municipality's part by itself. Nothing here trusts a node: a ballot is
//! encrypted under keys that are derived from the ledger's own transactions.

mod delivery;
mod ending;
mod follower;
mod play;
mod receipts;
mod setup;
mod summary;
mod voting;

pub use delivery::{Delivered, Delivery};
pub use follower::{Follower, Recorded};
pub use play::{Polls, RUNNING_CARD_FILE, Rehearsal, RehearsalError, Settings};
pub use summary::Summary;
pub use voting::Prepared;
