//! What waits for a block. CometBFT's `CheckTx` is one piece of code under both engines; the pool itself is the embedded engine's, for CometBFT
//! has its own.

mod cache;
mod check;
mod pool;
mod waiting;

pub use check::{CheckedTransaction, check_at_both_times, check_transactions};
pub use pool::{Limits, Mempool, MempoolError};
pub use waiting::Waiting;
