//! The service over real HTTP: who gets a code, what is signed, and what is refused.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod codes;
mod gateway;
mod postgres;
mod signatures;
#[path = "../support/mod.rs"]
mod support;
