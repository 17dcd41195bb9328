//! A municipality's home: the folder with its settings, its keys and its data.
//!
//! ```text
//! node.toml            settings of `node serve`
//! keys/*.json          trustee, registrar, promise, observer, claims, roll: each readable by its owner only
//! data/                the application's database
//! cometbft/            CometBFT's own home
//! trust-card.json      what this node hands out as the trust card, once it is there
//! ```

mod claims_file;
mod key_file;
mod private_file;
mod settings;

pub use claims_file::{ClaimsFile, NoClaimKeys};
pub use key_file::{KeyFile, KeyFileError, KeyUse};
pub use settings::{Home, HomeError, Settings};
