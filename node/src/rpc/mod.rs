//! The RPC: CometBFT's routes by GET with query parameters or by POST as JSON-RPC, and the files that a browser needs.
//!
//! Every municipality has its own prefix `/n/<index>`; without a prefix, municipality 0 answers. In this engine all of them answer from
//! one store; a reader must not rely on that.

mod answers;
mod broadcast;
mod envelope;
mod json;
mod query;
mod router;
mod service;
mod websocket;

pub use answers::{block_results, block_with_id, signed_header, validator_list};
pub use router::{portal, router};
pub use service::{Files, Service};
