//! Why a request is refused, or has to be made again later. Each has a word of its own, so that the page has a sentence for each.

use crate::roll::{PersonError, SealBroken};
use crate::store::StoreError;
use verifier_core::Seconds;

/// What keeps a request from being granted.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("{0}")]
    Person(#[from] PersonError),
    #[error("{0} is not written as it has to be")]
    Malformed(&'static str),
    #[error("too many codes were asked for; {0} s until the next")]
    TooMany(Seconds),
    #[error("too many wrong codes; {0} s until the next attempt")]
    Locked(Seconds),
    #[error("the code is wrong; {left} attempts left")]
    WrongCode { left: u64 },
    #[error("the code is too old, was used, or was tried too often")]
    CodeOver,
    #[error("the identification is too old")]
    TokenOver,
    #[error("a signature was asked for before, on something else")]
    OtherBlinded,
    #[error("nothing is signed any more")]
    Closed,
    #[error("the ledger does not have it yet")]
    NotRecorded,
    #[error("the other municipality has not authorised this")]
    WrongAuthorisation,
    #[error("this municipality does not countersign for that one")]
    WrongMunicipality,
    #[error("what is to be signed is no number below the key's modulus")]
    Unsignable,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Seal(#[from] SealBroken),
    #[error("a task of the service ended early")]
    Interrupted,
}

impl Refusal {
    /// The word that stands for it in an answer.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Person(_) | Self::Malformed(_) => "malformed",
            Self::TooMany(_) => "too_many",
            Self::Locked(_) => "locked",
            Self::WrongCode { .. } => "wrong_code",
            Self::CodeOver => "code_over",
            Self::TokenOver => "token_over",
            Self::OtherBlinded => "other_blinded",
            Self::Closed => "closed",
            Self::NotRecorded => "not_recorded",
            Self::WrongAuthorisation => "wrong_authorisation",
            Self::WrongMunicipality => "wrong_municipality",
            Self::Unsignable => "unsignable",
            Self::Store(_) | Self::Seal(_) | Self::Interrupted => "service",
        }
    }
}
