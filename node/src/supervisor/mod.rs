//! Real processes: every municipality's CometBFT and its application, started, killed and started again by whoever holds the [`Network`].
//!
//! Used by `node network` and by tests of faults. Everything that was started is stopped when the network is dropped.

mod memory;
mod network;
mod page;
mod pair;
mod program;

pub use memory::PeakMemory;
pub use network::{Network, SupervisorError};
pub use page::page;
pub use pair::Pair;
pub use program::{Program, Programs};
