//! The file that keeps what is counted: records, each appended once it is there. A torn end is what an interruption leaves, and is dropped.

use anyhow::{Context, Result, bail};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use verifier_core::{RecountRun, frame_record, framed_records};

pub struct StateFile {
    file: File,
    name: String,
}

impl StateFile {
    /// Opens the file, or makes it, and resumes from what is in it.
    ///
    /// # Errors
    /// If it cannot be read and written, or belongs to another recount.
    pub fn resume(path: &Path, run: &mut RecountRun) -> Result<Self> {
        let name = path.display().to_string();
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let opened = options.open(path);
        let mut file = opened.with_context(|| format!("the state file {name} cannot be opened"))?;
        let mut bytes = Vec::new();
        let read = file.read_to_end(&mut bytes);
        read.with_context(|| format!("the state file {name} cannot be read"))?;
        let fitting = resume(&bytes, run, &name)?;
        let end = u64::try_from(fitting)?;
        file.set_len(end)
            .and_then(|()| file.seek(SeekFrom::Start(end)))
            .with_context(|| format!("the state file {name} cannot be written"))?;
        Ok(Self { file, name })
    }

    /// Appends records.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn append(&mut self, records: &[Vec<u8>]) -> Result<()> {
        for record in records {
            let written = self.file.write_all(&frame_record(record));
            written.with_context(|| format!("the state file {} cannot be written", self.name))?;
        }
        Ok(())
    }
}

/// Resumes from as many records as fit, and gives the bytes that they take.
fn resume(file: &[u8], run: &mut RecountRun, name: &str) -> Result<usize> {
    let mut fitting = 0;
    let (records, _) = framed_records(file);
    if records.is_empty() && !file.is_empty() {
        bail!("{name} is not a state file; name another one, or remove it to begin anew");
    }
    for record in records {
        if let Err(error) = run.resume(record) {
            bail!(
                "{name} belongs to another recount ({error}); name another one, or remove it to begin anew"
            );
        }
        fitting += frame_record(record).len();
    }
    Ok(fitting)
}
