//! Parts that pages are put together from. They draw what they are given and keep no knowledge of the network or of cryptography.

mod alert;
mod bars;
mod check_list;
mod footer;
mod header;
mod icon;
mod identifier;
mod ladder;
mod page_head;
mod participation_table;
mod qr;
mod rate_chart;
mod receipt_input;
mod report_view;
mod scanner;
mod tile_map;
mod trust_gate;

pub use alert::{Alert, Tone};
pub use bars::Bars;
pub use check_list::{CheckList, Evidence as CheckEvidence};
pub use footer::Footer;
pub use header::{Header, Masthead, SkipLink, use_language};
pub use icon::{Icon, IconName};
pub use identifier::Identifier;
pub use ladder::Ladder;
pub use page_head::PageHead;
pub use participation_table::ParticipationTable;
pub use qr::Qr;
pub use rate_chart::RateChart;
pub use receipt_input::{AsksFor, ReceiptInput};
pub use report_view::{ReceiptVerdict, verdict_word};
pub use tile_map::TileMap;
pub use trust_gate::{CardInput, TrustGate};
