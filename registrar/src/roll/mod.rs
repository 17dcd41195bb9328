//! The roll: who may vote, as this service may know it.

mod import;
mod person;
mod secrets;

pub use import::{ImportError, read_roll};
pub use person::{Person, PersonError};
pub use secrets::{PersonId, RollSecrets, SealBroken};
