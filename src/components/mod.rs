//! Parts that pages are put together from. They draw what they are given and keep no knowledge of the network or of cryptography.

mod alert;
mod bars;
mod card_compare;
mod card_input;
mod card_view;
mod check_list;
mod footer;
mod header;
mod icon;
mod identifier;
mod ladder;
mod page_head;
mod qr;
mod receipt_input;
mod report_view;
mod scanner;
mod tile_map;
mod trust_gate;

pub use alert::{Alert, Tone};
pub use bars::Bars;
pub use card_view::CardView;
pub use check_list::{CheckList, Evidence as CheckEvidence};
pub use footer::Footer;
pub use header::{Header, Masthead, SkipLink, use_language};
pub use icon::{Icon, IconName};
pub use identifier::Identifier;
pub use ladder::Ladder;
pub use page_head::PageHead;
pub use qr::Qr;
pub use receipt_input::ReceiptInput;
pub use report_view::{ReceiptVerdict, verdict_word};
pub use tile_map::TileMap;
pub use trust_gate::TrustGate;
