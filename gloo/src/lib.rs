//! The parts of `gloo` that Yew and the portal use, re-exported unchanged. See `Cargo.toml` for why.

pub use gloo_console as console;
pub use gloo_events as events;
pub use gloo_timers as timers;
pub use gloo_utils as utils;
