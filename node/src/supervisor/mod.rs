//! Real processes: every municipality's CometBFT and its application, started, killed and started again by whoever holds the [`Network`].
//!
//! Used by `node network` and by tests of faults. Everything that was started is stopped when the network is dropped.

mod network;
mod pair;
mod program;

pub use network::{Network, SupervisorError};
pub use pair::Pair;
pub use program::{Program, Programs};
