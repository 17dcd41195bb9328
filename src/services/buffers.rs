//! Buffers that answers are read into, and read into again once they come back: of dropped ones a browser lets some 64 MB lie before it clears them away.

use super::fetch::{chunk_of, is_last};
use js_sys::{ArrayBuffer, Uint8Array};
use std::cell::RefCell;
use verifier_core::SourceFault;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamByobReader};

/// Smaller ones are not worth keeping.
const SMALLEST: u32 = 64 * 1024;
/// No more than this is asked of the browser on the word of a server; what is longer grows.
const FIRST: u32 = 16 * 1024 * 1024;
/// So much is kept at most.
const KEPT: u32 = 48 * 1024 * 1024;

/// The spare ones, the oldest first.
#[derive(Default)]
pub struct Buffers(RefCell<Vec<ArrayBuffer>>);

impl Buffers {
    /// Takes one that is not needed any more.
    pub fn give_back(&self, buffer: ArrayBuffer) {
        if buffer.byte_length() < SMALLEST {
            return;
        }
        let mut spare = self.0.borrow_mut();
        spare.push(buffer);
        let mut kept: u32 = spare.iter().map(ArrayBuffer::byte_length).sum();
        while kept > KEPT {
            kept = kept.saturating_sub(spare.remove(0).byte_length());
        }
    }

    /// One of at least so many bytes: the smallest of the spare ones, unless that is far too large.
    fn take(&self, bytes: u32) -> ArrayBuffer {
        let mut spare = self.0.borrow_mut();
        let fits = bytes..=bytes.max(SMALLEST).saturating_mul(2);
        let fitting = spare.iter().map(ArrayBuffer::byte_length).enumerate();
        let best = fitting
            .filter(|(_, length)| fits.contains(length))
            .min_by_key(|(_, length)| *length);
        match best {
            Some((at, _)) => spare.remove(at),
            None => ArrayBuffer::new(bytes.max(SMALLEST)),
        }
    }

    /// All that `stream` gives, at most `limit` bytes, `expected` if nobody errs; `heard` is called after each part. `None` if this browser reads such a
    /// stream into no buffer of others.
    pub async fn fill(
        &self,
        stream: &ReadableStream,
        expected: u32,
        limit: usize,
        heard: impl Fn(),
    ) -> Option<Result<Uint8Array, SourceFault>> {
        let reader = ReadableStreamByobReader::new(stream).ok()?;
        Some(self.read(&reader, expected, limit, heard).await)
    }

    async fn read(
        &self,
        reader: &ReadableStreamByobReader,
        expected: u32,
        limit: usize,
        heard: impl Fn(),
    ) -> Result<Uint8Array, SourceFault> {
        // With room for one byte more, which is where the end is noticed.
        let mut buffer = self.take(expected.min(FIRST).saturating_add(1));
        let mut length = 0_u32;
        loop {
            if length == buffer.byte_length() {
                let larger = self.take(length.saturating_mul(2));
                Uint8Array::new(&larger).set(&Uint8Array::new(&buffer), 0);
                self.give_back(core::mem::replace(&mut buffer, larger));
            }
            let room = Uint8Array::new_with_byte_offset(&buffer, length);
            let read = JsFuture::from(reader.read_with_array_buffer_view(&room))
                .await
                .map_err(|_| SourceFault::Unreachable)?;
            let chunk = chunk_of(&read)?;
            buffer = chunk.buffer();
            length = length.saturating_add(chunk.length());
            if usize::try_from(length).unwrap_or(usize::MAX) > limit {
                return Err(SourceFault::TooLarge { limit });
            }
            if is_last(&read)? {
                let view = Uint8Array::new_with_byte_offset_and_length(&buffer, 0, length);
                return Ok(view);
            }
            heard();
        }
    }
}
