//! The present: the machine's clock, or in tests a moment that they choose.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use verifier_core::Seconds;

/// Where the present comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    System,
    Set(Arc<AtomicU64>),
}

impl Clock {
    /// Seconds since 1970.
    pub fn now(&self) -> Seconds {
        match self {
            Self::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.as_secs()),
            Self::Set(moment) => moment.load(Ordering::Relaxed),
        }
    }
}
