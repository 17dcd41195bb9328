//! A recount in a browser's Web Workers, and what the page and they say to each other.
//!
//! The page fetches and shows. One worker leads: it knows what to fetch, merges what is found, and keeps it for the next visit. The
//! others each check one span of heights after another. Before any of that, a worker shows that it still refuses forged elections. All of it is pure but for the module's own side (`main.rs`), so that a whole
//! recount with dying workers is tested natively.

mod delivery;
mod frame;
mod journal;
mod lead;
mod message;
mod roster;
mod trial;

pub use delivery::Delivery;
pub use frame::{pack, unpack};
pub use journal::{Entry, FRAME, Head, framed, length, read};
pub use lead::{Lead, head};
pub use message::{
    Begin, Found, Keeping, News, Order, Progress, SourceKind, Task, Tester, ToWorker,
};
pub use trial::{CaseName, Tape, Tried, try_elections};
