//! A municipality's registrar service: who is on the roll gets one voting right, and nobody, this service included, learns under which address.
//!
//! [`roll`] knows people as keyed hashes, [`store`] keeps them. [`Service`] sends a code to the phone on the roll, signs one voter address for
//! each person without seeing it, and countersigns for the municipality before it. The [`Recorder`] puts every person's commitment on the ledger
//! before anything is signed, so that a recount compares rights given with rights claimed. [`http`] speaks to pages.

mod clock;
mod countersign;
pub mod home;
pub mod http;
mod identify;
mod limits;
mod recorder;
mod refusal;
pub mod roll;
mod service;
mod sign;
mod signer;
mod sms;
pub mod store;
mod text;

pub use clock::Clock;
pub use identify::{CodeSent, Confirmed};
pub use limits::Limits;
pub use recorder::{Pace, Recorder, RecorderError};
pub use refusal::Refusal;
pub use service::{Keys, Service, ServiceError, Serving};
pub use sign::{AUTHORISATION_LABEL, CountersignRequest, Signed, Standing, authorisation_message};
pub use signer::{BlindSigner, NoKey, Unsignable};
pub use sms::{Sms, SmsError};
pub use text::Language;
