//! Parts that pages are put together from. They draw what they are given and keep no knowledge of the network or of cryptography.

mod alert;
mod footer;
mod header;
mod icon;

pub use alert::{Alert, Tone};
pub use footer::Footer;
pub use header::{Header, Masthead, SkipLink};
pub use icon::{Icon, IconName};
