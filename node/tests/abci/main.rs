//! The application as CometBFT drives it, against the embedded engine that runs the same one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod blocks;
mod check;
mod cometbft;
mod duty;
mod promise;
mod proposals;
mod queries;
mod snapshots;
#[path = "../support/mod.rs"]
mod support;
