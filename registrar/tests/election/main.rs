//! A whole election from phones, on the embedded engine: 1,000 people identify themselves, are signed for by two registrars, claim, and vote; the
//! recount compares what was signed with what was claimed, and somebody with every record tries to find out who claimed which right.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod attack;
mod chance;
mod claims;
mod delays;
mod phones;
mod program;
#[path = "../support/mod.rs"]
mod support;
