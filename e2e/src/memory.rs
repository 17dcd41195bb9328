//! How much memory the processes of a browser's pages take.

use crate::browser::Browser;
use anyhow::{Result, ensure};
use std::path::Path;

const KIB_PER_MIB: u64 = 1024;

impl Browser {
    /// The most resident memory, in MiB, that any process of its pages has ever taken: the page's, its workers' and the browser's shared code.
    ///
    /// # Errors
    /// If no such process is to be seen.
    pub fn peak_memory_mib(&self) -> Result<u64> {
        let profile = self.profile().display().to_string();
        let mut peak = 0;
        for entry in std::fs::read_dir("/proc")?.flatten() {
            let process = entry.path();
            if draws_pages_of(&process, &profile) {
                peak = peak.max(peak_kib(&process).unwrap_or(0));
            }
        }
        ensure!(peak > 0, "no process of the browser's pages is to be seen");
        Ok(peak / KIB_PER_MIB)
    }
}

/// A process that has ended meanwhile is none.
fn draws_pages_of(process: &Path, profile: &str) -> bool {
    let line = std::fs::read(process.join("cmdline")).unwrap_or_default();
    let line = String::from_utf8_lossy(&line);
    line.contains("--type=renderer") && line.contains(profile)
}

/// Linux tells it in KiB under `VmHWM`.
fn peak_kib(process: &Path) -> Option<u64> {
    let status = std::fs::read_to_string(process.join("status")).ok()?;
    let value = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    value.split_whitespace().next()?.parse().ok()
}
