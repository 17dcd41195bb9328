//! How far the claim of a signed right has come.

use verifier_core::{AssetId, Outcome};

/// The claim, once its moment has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Claiming {
    /// The ledger is asked first: it may be there already.
    #[default]
    LookingFor,
    /// It is not there: it is sent.
    Sending,
    /// A municipality has it; the ledger is asked again in a moment.
    Pausing,
    /// No municipality takes it: this is what the last one said, if it was an outcome.
    Refused(Outcome),
    /// Nobody answers; it is tried again in a moment.
    Silent,
    /// The ledger holds it, proven: this asset is at the address.
    Proven(AssetId),
}

/// What is heard of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    Found(AssetId),
    Absent,
    Unknown,
    Taken,
    Refused(Outcome),
    Silent,
}

impl Claiming {
    pub(super) fn heard(&mut self, news: News) {
        *self = match (*self, news) {
            (_, News::Found(asset)) => Self::Proven(asset),
            (Self::LookingFor, News::Absent) => Self::Sending,
            (Self::Sending, News::Taken) => Self::Pausing,
            // It may be the same claim that is there: the ledger tells.
            (Self::Sending, News::Refused(Outcome::Repeated)) => Self::Pausing,
            (Self::Sending, News::Refused(outcome)) => Self::Refused(outcome),
            (Self::LookingFor | Self::Sending, News::Unknown | News::Silent) => Self::Silent,
            (other, _) => other,
        };
    }

    pub(super) fn again(&mut self) {
        if !matches!(self, Self::Proven(_) | Self::Sending) {
            *self = Self::LookingFor;
        }
    }
}
