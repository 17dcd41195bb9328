//! Writes a table of the JSON files under `CONFORMANCE_VECTORS`; an empty one if it is unset.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=CONFORMANCE_VECTORS");
    let mut table = String::from("&[\n");
    if let Some(folder) = env::var_os("CONFORMANCE_VECTORS") {
        let folder = fs::canonicalize(&folder)
            .map_err(|e| io::Error::other(format!("CONFORMANCE_VECTORS ({folder:?}): {e}")))?;
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files = Vec::new();
        json_files(&folder, &mut files)?;
        files.sort();
        for file in files {
            let name = file.strip_prefix(&folder).map_err(io::Error::other)?;
            writeln!(table, "    ({name:?}, include_str!({file:?})),").map_err(io::Error::other)?;
        }
    }
    table.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("vectors.rs"), table)
}

fn json_files(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            json_files(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.push(path);
        }
    }
    Ok(())
}
