//! How far the registrar knows who somebody is.

use super::Refusal;
use verifier_core::Seconds;

/// How far the registrar knows who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    Unknown,
    /// For a code; the one before it is good until another is on its way.
    Asking {
        earlier: Option<(String, Seconds)>,
    },
    /// A code is on its way, good until then.
    CodeSent {
        session: String,
        until: Seconds,
    },
    Confirming {
        session: String,
        until: Seconds,
    },
    Known {
        token: String,
    },
}

impl Identity {
    /// What is left of it after a refusal.
    pub(super) fn after(&self, refusal: &Refusal) -> Self {
        match (self, refusal) {
            (
                Self::Asking {
                    earlier: Some((session, until)),
                }
                | Self::Confirming { session, until },
                Refusal::WrongCode { .. }
                | Refusal::TooMany(_)
                | Refusal::Malformed(_)
                | Refusal::Broken
                | Refusal::Silent(_)
                | Refusal::Nonsense,
            ) => Self::CodeSent {
                session: session.clone(),
                until: *until,
            },
            (Self::Known { .. }, refusal) if *refusal != Refusal::TokenOver => self.clone(),
            _ => Self::Unknown,
        }
    }
}
