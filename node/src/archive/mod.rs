//! The archive of a ledger as a folder of static files: writing it from a store or from a node's RPC, and serving it.
//!
//! What the files are, `verifier-core`'s README says. A bundle once written never changes, so that an archive is continued while its election runs.

mod folder;
mod routes;
mod source;

pub use folder::{Archive, ArchiveError, Progress};
pub use routes::routes;
pub use source::{Source, SourceError};
