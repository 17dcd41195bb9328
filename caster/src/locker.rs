//! The file in the browser's private storage where a purse is kept. No other tab can open it at the same time.

use gloo_timers::future::TimeoutFuture;
use js_sys::Uint8Array;
use verifier_core::ContractId;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions,
    FileSystemReadWriteOptions, FileSystemSyncAccessHandle, WorkerGlobalScope,
};

/// A worker that was ended a moment ago may still have the file.
const TRIES: u32 = 30;
const PAUSE_MS: u32 = 100;

/// Why there is no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLocker {
    /// Another tab has it.
    InUse,
    /// This browser keeps nothing.
    Refused,
}

/// The open file.
pub struct Locker(FileSystemSyncAccessHandle);

impl Locker {
    /// That of an election.
    pub async fn open(contract: &ContractId) -> Result<Self, NoLocker> {
        let file = file(&format!("voting-right-{contract}")).await;
        let file = file.map_err(|_| NoLocker::Refused)?;
        for _ in 0..TRIES {
            if let Ok(handle) = JsFuture::from(file.create_sync_access_handle()).await {
                let handle = handle.dyn_into().map_err(|_| NoLocker::Refused)?;
                return Ok(Self(handle));
            }
            TimeoutFuture::new(PAUSE_MS).await;
        }
        Err(NoLocker::InUse)
    }

    /// What is in it; nothing if it is new.
    pub fn read(&self) -> Vec<u8> {
        let size = self.0.get_size().unwrap_or(0.0);
        let size = format!("{size:.0}").parse().unwrap_or(0);
        let buffer = Uint8Array::new_with_length(size);
        match self
            .0
            .read_with_buffer_source_and_options(&buffer, &beginning())
        {
            Ok(_) => buffer.to_vec(),
            Err(_) => Vec::new(),
        }
    }

    /// Puts these bytes in its place, and waits for the disk. Gives whether they are there. The file is shortened last: a page that is closed
    /// in between leaves the rest of what was there before behind them, and never nothing.
    pub fn write(&self, bytes: &[u8]) -> bool {
        let Ok(whole) = u32::try_from(bytes.len()) else {
            return false;
        };
        self.0
            .write_with_u8_array_and_options(bytes, &beginning())
            .is_ok_and(|written| written == f64::from(whole))
            && self.0.truncate_with_u32(whole).is_ok()
            && self.0.flush().is_ok()
    }
}

fn beginning() -> FileSystemReadWriteOptions {
    let place = FileSystemReadWriteOptions::new();
    place.set_at(0.0);
    place
}

async fn file(name: &str) -> Result<FileSystemFileHandle, JsValue> {
    let scope: WorkerGlobalScope = js_sys::global().dyn_into()?;
    let folder = JsFuture::from(scope.navigator().storage().get_directory()).await?;
    let folder: FileSystemDirectoryHandle = folder.dyn_into()?;
    let create = FileSystemGetFileOptions::new();
    create.set_create(true);
    let file = JsFuture::from(folder.get_file_handle_with_options(name, &create)).await?;
    file.dyn_into()
}
