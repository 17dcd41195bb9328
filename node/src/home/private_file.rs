//! Files that only their owner may read.

use super::key_file::KeyFileError;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use zeroize::Zeroizing;

/// The largest file of keys is a few kilobytes.
const LIMIT: u64 = 16 * 1024;
/// Owner reads and writes, nobody else anything.
pub(super) const MODE: u32 = 0o600;
/// Permissions of group and others.
const FOREIGN: u32 = 0o077;

/// The text of a file, unless anybody but its owner may read it.
pub(super) fn read(path: &Path) -> Result<Zeroizing<String>, KeyFileError> {
    let failed = |error| KeyFileError::Io {
        path: path.into(),
        error,
    };
    let file = File::open(path).map_err(failed)?;
    let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
    if mode & FOREIGN != 0 {
        let path = path.into();
        return Err(KeyFileError::Permissions { path, mode });
    }
    let mut text = Zeroizing::new(String::new());
    file.take(LIMIT).read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

/// Writes a new file that only its owner may read. One that is already there stays as it is, and is an error.
pub(super) fn write(path: &Path, form: &impl serde::Serialize) -> Result<(), KeyFileError> {
    let failed = |error| KeyFileError::Io {
        path: path.into(),
        error,
    };
    let text = serde_json::to_vec_pretty(form);
    let text = Zeroizing::new(text.map_err(|e| failed(e.into()))?);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(MODE)
        .open(path)
        .map_err(failed)?;
    file.write_all(&text).map_err(failed)?;
    file.write_all(b"\n").map_err(failed)?;
    file.sync_all().map_err(failed)
}
