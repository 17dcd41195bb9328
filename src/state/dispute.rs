//! The writing of a dispute file, from the button to the file or to the reason why there is none.

use verifier_core::{BrokenPromise, CollectError};

/// How far it has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum DisputeWriting {
    #[default]
    NotAsked,
    /// A node is asked for what the file holds.
    Collecting,
    /// The file was checked and handed to the visitor.
    Written(BrokenPromise),
    Refused(CollectError),
}
