//! What a snapshot holds, as a stream.

use crate::storage::{Event, SpentAsset, Tip};
use borsh::{BorshDeserialize, BorshSerialize};
use std::io;
use verifier_core::GenesisHash;

/// One item of the stream. It begins with the header and ends with the end.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Content {
    Header {
        genesis: GenesisHash,
        height: u64,
        tip: Tip,
    },
    /// By height and position.
    Event(Event),
    Spent(SpentAsset),
    End,
}

/// Writes items into chunks of one size. Each full chunk is handed on.
pub struct Chunks<F> {
    size: usize,
    buffer: Vec<u8>,
    full: F,
}

impl<F: FnMut(&[u8]) -> io::Result<()>> Chunks<F> {
    /// Nothing written yet.
    pub fn new(size: usize, full: F) -> Self {
        Self {
            size,
            buffer: Vec::new(),
            full,
        }
    }

    /// Adds an item.
    pub fn push(&mut self, item: &Content) -> io::Result<()> {
        item.serialize(&mut self.buffer)?;
        while self.buffer.len() >= self.size {
            let rest = self.buffer.split_off(self.size);
            (self.full)(&std::mem::replace(&mut self.buffer, rest))?;
        }
        Ok(())
    }

    /// Hands on what is left.
    pub fn finish(mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        (self.full)(&self.buffer)
    }
}
