//! Voting rights on paper: keys drawn, addresses issued on the ledger, cards as a PDF.
//!
//! ```text
//! draw    a key for each card, and a batch of addresses in an order of its own
//! issue   signed, sent, and found on the ledger by the state's own proofs
//! print   cards.pdf with the keys, stock.csv with the serials; nothing else is written anywhere
//! ```
//!
//! Nobody learns from the ledger which card an address belongs to: the order of the addresses is drawn anew, and a serial only counts cards.

mod card;
mod draw;
mod font;
mod issue;
mod sheet;
mod stock;
mod text;

pub use draw::{draw_rights, issues};
pub use font::{Font, FontError};
pub use issue::{IssueError, issue_rights};
pub use sheet::{CARDS_PER_PAGE, Imprint, SheetError, print_cards};
pub use stock::Stock;
