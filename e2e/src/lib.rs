//! What people and liars do to the portal, driven through headless Chrome.
//!
//! [`Election`] is an honest ledger, in this process or on a network of real nodes, [`LiveElection`] one that people take part in, [`Phones`] one whose rights are had on phones, [`Liar`] a node that tells one [`Lie`] about it, [`Site`] the built page as a
//! static folder, [`Browser`] a Chrome that a voter or a journalist sits at. Each stops what it started when it is dropped.
//! [`Transport`] drives the verifier without a browser, so that every lie is also told to it natively.

pub mod axe;
mod browser;
mod chrome;
mod driver;
mod election;
mod embedded;
mod fork;
mod ledger;
mod liar;
mod lies;
mod live;
mod memory;
mod network;
mod phones;
mod picture;
mod polling;
mod probe;
mod relay;
mod running;
mod served;
mod signers;
mod site;
mod snapshot;
mod telling;

pub use browser::{Browser, Language, Width};
pub use chrome::Chromedriver;
pub use driver::{Recounted, Transport, survey};
pub use election::{Election, Sample, during, ending_with, now};
pub use fork::Fork;
pub use ledger::{Ledger, Told};
pub use liar::Liar;
pub use lies::{Blame, Flow, Lie, Manner, Plot, Tale};
pub use live::{LiveElection, Printed, Times};
pub use memory::Memory;
pub use network::{programs, validator_key};
pub use phones::{Person, Phones};
pub use picture::{film_of_code, photo_of_code, photo_of_desk, torn};
pub use polling::Polling;
pub use probe::{Probe, Trace, find_in_files};
pub use relay::{Conduct, Relay};
pub use running::Running;
pub use served::Served;
pub use signers::Signers;
pub use site::Site;
pub use snapshot::Held;
