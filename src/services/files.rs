//! Files that the visitor chose or dropped, folders included.

use super::buffers::Buffers;
use super::clock::whole;
use js_sys::{Array, Function, Promise, Uint8Array};
use verifier_core::SourceFault;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry,
};

/// A folder with more files than this is not an export.
const FILES_LIMIT: usize = 200_000;

/// A file with its path inside the folder that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedFile {
    pub path: String,
    pub file: File,
}

/// The bytes of a file, at most `limit` of them.
pub async fn read(file: &File, limit: usize) -> Result<Vec<u8>, SourceFault> {
    size_of(file, limit)?;
    Ok(whole_file(file).await?.to_vec())
}

/// The same, as the browser has them, in one of these buffers.
pub async fn read_into(
    buffers: &Buffers,
    file: &File,
    limit: usize,
) -> Result<Uint8Array, SourceFault> {
    let size = size_of(file, limit)?;
    match buffers.fill(&file.stream(), size, limit, || {}).await {
        Some(read) => read,
        None => whole_file(file).await,
    }
}

fn size_of(file: &File, limit: usize) -> Result<u32, SourceFault> {
    let size = u32::try_from(whole(file.size())).ok();
    size.filter(|size| usize::try_from(*size).is_ok_and(|size| size <= limit))
        .ok_or(SourceFault::TooLarge { limit })
}

async fn whole_file(file: &File) -> Result<Uint8Array, SourceFault> {
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.map_err(|_| SourceFault::Unreachable)?;
    Ok(Uint8Array::new(&buffer))
}

/// The files of an input element, with their paths where a folder was chosen.
pub fn chosen(list: &FileList) -> Vec<NamedFile> {
    (0..list.length())
        .filter_map(|i| list.get(i))
        .map(|file| NamedFile {
            path: relative_path(&file),
            file,
        })
        .collect()
}

/// Everything that was dropped, folders walked.
///
/// The entries are taken out before the first wait, because the browser forgets them afterwards.
pub fn dropped(data: &DataTransfer) -> impl Future<Output = Vec<NamedFile>> + use<> {
    let items = data.items();
    let entries: Vec<FileSystemEntry> = (0..items.length())
        .filter_map(|i| items.get(i))
        .filter_map(|item| item.webkit_get_as_entry().ok().flatten())
        .collect();
    let plain = data.files().map(|list| chosen(&list)).unwrap_or_default();
    async move {
        if entries.is_empty() {
            plain
        } else {
            walk(entries).await
        }
    }
}

async fn walk(mut waiting: Vec<FileSystemEntry>) -> Vec<NamedFile> {
    let mut found = Vec::new();
    while let Some(entry) = waiting.pop() {
        if found.len() >= FILES_LIMIT {
            break;
        }
        if entry.is_directory() {
            waiting.extend(children(entry.unchecked_into()).await);
        } else if let Some(file) = file_of(entry.unchecked_into()).await {
            found.push(file);
        }
    }
    found
}

/// A reader hands out a folder in portions; an empty portion ends it.
async fn children(folder: FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = folder.create_reader();
    let mut all = Vec::new();
    loop {
        let portion = promise(|resolve, reject| {
            reader
                .read_entries_with_callback_and_callback(resolve, reject)
                .ok();
        });
        let Ok(portion) = JsFuture::from(portion).await else {
            return all;
        };
        let portion = Array::from(&portion);
        if portion.length() == 0 {
            return all;
        }
        all.extend(portion.iter().map(JsCast::unchecked_into));
    }
}

async fn file_of(entry: FileSystemFileEntry) -> Option<NamedFile> {
    let file = promise(|resolve, reject| {
        entry.file_with_callback_and_callback(resolve, reject);
    });
    let file: File = JsFuture::from(file).await.ok()?.dyn_into().ok()?;
    let path = entry.full_path().trim_start_matches('/').to_owned();
    Some(NamedFile { path, file })
}

fn promise(mut start: impl FnMut(&Function, &Function)) -> Promise {
    Promise::new(&mut |resolve, reject| start(&resolve, &reject))
}

fn relative_path(file: &File) -> String {
    js_sys::Reflect::get(file, &JsValue::from_str("webkitRelativePath"))
        .ok()
        .and_then(|path| path.as_string())
        .filter(|path| !path.is_empty())
        .unwrap_or_else(|| file.name())
}
