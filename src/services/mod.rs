//! The only part of the portal that touches the world: network, files, camera, clock, storage, document and worker.

pub mod address;
pub mod build;
pub mod camera;
pub mod clock;
pub mod document;
pub mod download;
pub mod fetch;
pub mod files;
pub mod header_store;
pub mod kept;
pub mod language;
pub mod live;
pub mod node;
pub mod picture;
pub mod receipt_check;
pub mod receipt_file;
pub mod recount;
pub mod self_test;
pub mod setting;
pub mod socket;
pub mod source;
pub mod state_check;
pub mod storage;
pub mod survey;
pub mod trust_card;
pub mod wide_arithmetic;
