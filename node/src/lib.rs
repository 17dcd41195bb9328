//! A municipality's node.
//!
//! [`application`] is the state machine: it knows no network and no consensus. [`engine`] builds CometBFT's blocks and commits in one process,
//! [`storage`] keeps them, [`Ledger`] moves the three together. [`mempool`] holds what waits for a block; [`rpc`] serves all of it over the routes of CometBFT, and [`devnet`] runs a
//! whole election on top.

pub mod abci;
pub mod application;
pub mod archive;
pub mod client;
mod clock;
pub mod devnet;
pub mod duty;
pub mod engine;
pub mod home;
mod ledger;
pub mod mempool;
pub mod metrics;
pub mod network;
pub mod office;
pub mod promise;
pub mod query;
pub mod rehearsal;
mod replica;
pub mod rights;
pub mod rpc;
mod serve;
pub mod snapshot;
pub mod storage;
pub mod supervisor;
pub mod turnout;

pub use clock::clock;
pub use ledger::{Ledger, LedgerError, genesis_of, seconds};
pub use replica::{Committed, Finalized, Replica, ReplicaError};
pub use serve::{ServeError, serve};
