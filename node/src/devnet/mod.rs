//! A whole election in one process: every municipality's validator, registrar, trustee and observer, and every voter.
//!
//! All secrets follow from a seed that anybody can read. It shows what an election looks like; it is not a way to hold one.

mod archive;
mod casts;
mod claims;
mod export;
mod files;
mod key_files;
mod keys;
mod names;
mod offices;
mod people;
mod run;
mod schedule;
mod script;
mod seed;
mod serve;
mod slips;

pub use archive::{Archiving, ArchivingError};
pub use casts::{Cast, Casts, Device, Fault};
pub use export::{ExportError, export};
pub use key_files::HomesError;
pub use keys::consensus_key;
pub use names::{candidates, municipalities, title};
pub use offices::{OfficeKeys, Offices, Promised, TURNOUT_ROUNDS};
pub use people::{Electorate, electorates};
pub use run::{Devnet, DevnetError, Live, Settings};
pub use schedule::{INTERVAL, Until};
pub use script::ScriptError;
pub use seed::Seed;
pub(crate) use seed::permutation;
pub use serve::{Listening, asked_to_stop, serve};
