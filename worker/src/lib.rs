//! A recount in a browser's Web Workers, and what the page and they say to each other.
//!
//! The page fetches and shows. One worker leads: it knows what to fetch, merges what was found, and keeps it for the next visit. The
//! others each check one span of heights after the other. All of it is pure but for the module's own side (`main.rs`), so that a whole
//! recount with dying workers is tested natively.

mod delivery;
mod frame;
mod lead;
mod message;

pub use delivery::Delivery;
pub use frame::{pack, unpack};
pub use lead::Lead;
pub use message::{News, Order, Progress};
