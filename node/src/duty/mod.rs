//! The trustee's duty: what a municipality's node does by itself, with the key that only it has.
//!
//! Before opening it deals its part of the candidates' keys, looks at what was dealt to it, and confirms or complains; after the deadline it
//! closes the sums if nobody did, and opens its share of them. What is due follows from the committed state alone, and every secret from the
//! key file: a node that is killed at any moment repeats the same transaction, byte for byte, or sees that it is there already.

mod due;
mod run;
mod trustee;

pub use due::Due;
pub use run::run;
pub use trustee::{DutyError, Trustee};
