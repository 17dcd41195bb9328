//! This machine's time.

use std::time::{SystemTime, UNIX_EPOCH};
use verifier_core::Seconds;

/// Seconds since 1970; 0 if the clock is before that.
pub fn clock() -> Seconds {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
