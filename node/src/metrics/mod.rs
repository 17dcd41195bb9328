//! The application's own numbers, for Prometheus; CometBFT has others of its own.

mod endpoint;
mod numbers;

pub use endpoint::serve;
pub use numbers::{DutyState, Metrics};
