//! What the pages show. Values and pure reducers: nothing here touches the network, the clock or the document.

pub mod answers;
pub mod card_code;
pub mod dispute;
pub mod filed;
pub mod hold;
pub mod kept_headers;
pub mod kiosk;
pub mod line;
pub mod live;
pub mod opening;
pub mod pace;
pub mod phone;
pub mod qr_code;
pub mod report_file;
pub mod retry;
pub mod rights;
pub mod row;
pub mod signers;
pub mod tile_map;
pub mod watch;

mod check;
mod doing;
mod recount;
mod self_test;
mod session;
mod trouble;

pub use check::{CheckChange, CheckState, Findings, Run};
pub use doing::Doing;
pub use recount::{Heard, RecountChange, RecountState, Running, SourceName};
pub use self_test::{BuildFiles, Case, SelfTest};
pub use session::{Session, SessionChange, Trust, use_session};
pub use trouble::{CameraFault, Trouble};

/// The trust card of a frozen election, for tests.
#[cfg(test)]
pub fn frozen_card() -> verifier_core::TrustCard {
    recount_worker::Tape::parse(include_bytes!("../../static/self-test.json"))
        .and_then(|tape| tape.card())
        .expect("a frozen card")
}
