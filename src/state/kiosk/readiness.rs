//! Whether a kiosk knows what it takes to cast a ballot.

use std::rc::Rc;
use verifier_core::{CastingKeys, SourceFault};

/// How far it has come with the blocks before opening.
#[derive(Clone, Debug, PartialEq)]
pub enum Readiness {
    /// So many blocks were read.
    Reading(u64),
    /// The ledger has not come to the opening yet.
    Early,
    /// The ledger has no complete keys: there is no voting.
    NoKeys,
    /// A node failed; the next one is asked.
    Faulted(SourceFault),
    /// Keys rebuilt, rights known.
    Ready(Rc<CastingKeys>),
}

impl Readiness {
    /// The keys, once they are known.
    pub fn keys(&self) -> Option<&Rc<CastingKeys>> {
        match self {
            Self::Ready(keys) => Some(keys),
            Self::Reading(_) | Self::Early | Self::NoKeys | Self::Faulted(_) => None,
        }
    }
}
