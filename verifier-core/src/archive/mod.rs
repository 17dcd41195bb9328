//! The archive: a ledger as numbered, immutable, compact files for any web server, mirror or stick.
//!
//! | file | holds |
//! |---|---|
//! | `index.json` | [`ArchiveIndex`]: which bundles there are, their sizes and SHA-256 |
//! | `genesis.json`, `totals.json` | as an exported folder has them |
//! | `000000.bundle` … | [`Bundle`]: consecutive blocks with their outcomes, and the header after the last of them |
//! | `000000.hints` … | [`Hints`]: what makes decompression of that bundle's points fast; optional |
//!
//! Nothing in it is trusted: headers, Merkle roots and equations check it. The exact bytes are in the crate's `README.md`.

mod bundle;
mod error;
mod hints;
mod index;
mod reader;
mod writer;

pub use bundle::{Bundle, BundledBlock};
pub use error::ArchiveError;
pub use hints::{Hints, cast_hints, encode_hints};
pub use index::{ArchiveIndex, BundleEntry, HintsEntry};
pub use writer::{ArchivedBlock, BundleWriter};

/// A bundle or a file of hints is at most 64 MiB.
pub const BUNDLE_LIMIT: usize = 64 << 20;
/// A bundle holds at most so many blocks.
pub const BUNDLE_BLOCKS: usize = 512;
/// The index is at most 16 MiB.
pub const ARCHIVE_INDEX_LIMIT: usize = 16 << 20;
/// The folder of the archive on a node.
pub const ARCHIVE_PATH: &str = "/archive/";
/// The name of the index in an archive.
pub const ARCHIVE_INDEX_FILE: &str = "index.json";

/// The name of a bundle's file in an archive.
pub fn bundle_file(number: u32) -> String {
    format!("{number:06}.bundle")
}

/// The name of a file of hints in an archive.
pub fn hints_file(number: u32) -> String {
    format!("{number:06}.hints")
}
