//! What the pages show. Values and pure reducers: nothing here touches the network, the clock or the document.

pub mod qr_code;
mod session;

pub use session::{Session, SessionChange, Trust, use_session};
