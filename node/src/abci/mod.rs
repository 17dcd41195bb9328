//! The application beside a CometBFT v0.38: its ABCI 2.0 over TCP.
//!
//! Nothing is decided here. [`Service`] translates CometBFT's requests into the replica's operations and its answers back; [`serve`] moves them
//! over connections. Transactions that arrive together are checked together.

mod genesis;
mod joining;
mod server;
mod service;
mod translate;
mod wire;

pub use genesis::{GenesisError, read_genesis};
pub use server::{Listener, Stopped};
pub use service::{AbciError, Service};
