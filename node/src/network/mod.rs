//! A network of municipalities: from one declarative file to the homes that CometBFT and `node serve` start from.

mod card;
mod cometbft;
mod description;
mod election;
mod fields;
mod homes;
mod keys;
mod loopback;
mod municipality;
mod plan;
mod values;

pub use card::{CardError, trust_card, with_final_header};
pub use description::{DESCRIPTION_FILE, Description, DescriptionError, NodeDescription};
pub use election::{ElectionPlan, Pace};
pub use fields::FieldError;
pub use homes::{InitError, Purpose, write_homes};
pub use keys::{KeysError, OwnKeys};
pub use loopback::{Loopback, free_ports};
pub use municipality::{MunicipalityPlan, Ports, PublicKeys, slug};
pub use plan::{Plan, PlanError};
pub use values::Moment;
