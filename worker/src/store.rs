//! The journal's file in the browser's private file system. A worker may read and write it in place; no other tab can at the same time.

use gloo_timers::future::TimeoutFuture;
use js_sys::Uint8Array;
use recount_worker::{Entry, FRAME, Head, framed, length, read};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions,
    FileSystemReadWriteOptions, FileSystemSyncAccessHandle, WorkerGlobalScope,
};

/// The browser counts places in a file as floating-point numbers, exact up to 2⁵³; a longer file than this is not ours.
const LIMIT: u32 = u32::MAX;

/// A worker that was ended a moment ago may still have the file, on a busy machine for some seconds.
const TRIES: u32 = 40;
const PAUSE_MS: u32 = 150;

/// Why nothing is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    Refused,
    Full,
}

/// The open file; what stands before `end` is whole and fits.
pub struct Store {
    file: FileSystemSyncAccessHandle,
    end: Cell<u32>,
}

impl Store {
    /// The journal that begins with this head, or an empty one in its place.
    pub async fn open(head: &Head, anew: bool) -> Result<Self, Trouble> {
        let file = handle(&format!("recount-{}", head.card)).await;
        let file = file.map_err(|_| Trouble::Refused)?;
        let (store, head) = (
            Self {
                file,
                end: Cell::new(0),
            },
            framed(head),
        );
        let there = store.at(0, head.len());
        if anew || there.as_deref() != Some(head.as_slice()) {
            store.drop_rest();
            if !store.write(&head) {
                return Err(Trouble::Full);
            }
        } else {
            store.accept(head.len());
        }
        Ok(store)
    }

    /// The next entry, with its length in the file; `None` if it is torn or there is none.
    pub fn next(&self) -> Option<(Entry, usize)> {
        let whole = FRAME.checked_add(length(&self.at(self.end.get(), FRAME)?)?)?;
        let entry = read(&self.at(self.end.get(), whole)?)?;
        Some((entry, whole))
    }

    /// The next so many bytes belong to the journal.
    pub fn accept(&self, length: usize) {
        let length = u32::try_from(length).unwrap_or(LIMIT);
        self.end.set(self.end.get().saturating_add(length));
    }

    /// Cuts off what does not.
    pub fn drop_rest(&self) {
        self.file.truncate_with_u32(self.end.get()).ok();
    }

    /// Appends entries; `false` if there is no room, and then nothing of the last one is left. Nothing waits for the disk: what a
    /// machine that loses its power had not written is a torn end.
    pub fn append(&self, entries: &[Vec<u8>]) -> bool {
        entries.iter().all(|entry| self.write(entry))
    }

    fn write(&self, bytes: &[u8]) -> bool {
        let place = FileSystemReadWriteOptions::new();
        place.set_at(f64::from(self.end.get()));
        let written = self
            .file
            .write_with_u8_array_and_options(bytes, &place)
            .is_ok_and(|written| u32::try_from(bytes.len()).map(f64::from) == Ok(written));
        if written {
            self.accept(bytes.len());
        } else {
            self.drop_rest();
        }
        written
    }

    /// So many bytes from there; `None` if there are fewer.
    fn at(&self, start: u32, length: usize) -> Option<Vec<u8>> {
        let place = FileSystemReadWriteOptions::new();
        place.set_at(f64::from(start));
        let size = self.file.get_size().ok()?;
        let end = f64::from(start) + f64::from(u32::try_from(length).ok()?);
        if end > size {
            return None;
        }
        let buffer = Uint8Array::new_with_length(u32::try_from(length).ok()?);
        self.file
            .read_with_buffer_source_and_options(&buffer, &place)
            .ok()?;
        Some(buffer.to_vec())
    }
}

async fn handle(name: &str) -> Result<FileSystemSyncAccessHandle, JsValue> {
    let scope: WorkerGlobalScope = js_sys::global().dyn_into()?;
    let folder = JsFuture::from(scope.navigator().storage().get_directory()).await?;
    let folder: FileSystemDirectoryHandle = folder.dyn_into()?;
    let create = FileSystemGetFileOptions::new();
    create.set_create(true);
    let file = JsFuture::from(folder.get_file_handle_with_options(name, &create)).await?;
    let file: FileSystemFileHandle = file.dyn_into()?;
    let mut tries = 0;
    loop {
        tries += 1;
        match JsFuture::from(file.create_sync_access_handle()).await {
            Err(_) if tries < TRIES => TimeoutFuture::new(PAUSE_MS).await,
            opened => return opened?.dyn_into(),
        }
    }
}
