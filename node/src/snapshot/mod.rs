//! Snapshots for state sync: with one, a municipality that joins late stands at a recent height without running all blocks before.
//!
//! A snapshot is a stream of borsh items in chunks: the transactions that took effect (ballots apart), the spent assets, the encrypted sums.
//! Whoever takes one over runs the transactions through the election's rules, derives the whole authenticated state from them and from the
//! spent assets, and keeps it only if its root is the `app_hash` that CometBFT's light client trusts.
//!
//! The encrypted sums are under no root before Close. Their numbers of ballots must be those of the spent assets; false sums give a false
//! root once they are closed, which stops this node and nobody else, and the trustee's duty opens nothing before the others have agreed.

mod content;
mod folder;
mod manifest;
mod restore;

pub use content::Content;
pub use folder::Snapshots;
pub use manifest::{CHUNK_BYTES, FORMAT, Manifest, ManifestError};
pub use restore::{Restoring, SnapshotError, Taken};
