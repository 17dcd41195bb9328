//! How much memory the processes of a browser's pages take.

use crate::browser::Browser;
use anyhow::{Result, ensure};
use std::path::Path;

const KIB_PER_MIB: u64 = 1024;

/// Memory of the largest of a browser's pages' processes, in MiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Its own: the page, its workers, everything that they allocated.
    pub own: u64,
    /// With the pages of the browser's program and libraries, which all its processes share.
    pub resident: u64,
}

impl Memory {
    /// The larger of each.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            own: self.own.max(other.own),
            resident: self.resident.max(other.resident),
        }
    }
}

impl Browser {
    /// What its pages' processes take at this moment.
    ///
    /// # Errors
    /// If no such process is to be seen.
    pub fn memory(&self) -> Result<Memory> {
        let profile = self.profile().display().to_string();
        let mut largest = Memory::default();
        for entry in std::fs::read_dir("/proc")?.flatten() {
            let process = entry.path();
            if draws_pages_of(&process, &profile) {
                largest = largest.max(of(&process));
            }
        }
        let seen = largest.resident > 0;
        ensure!(seen, "no process of the browser's pages is to be seen");
        Ok(largest)
    }
}

/// A process that has ended meanwhile is none.
fn draws_pages_of(process: &Path, profile: &str) -> bool {
    let line = std::fs::read(process.join("cmdline")).unwrap_or_default();
    let line = String::from_utf8_lossy(&line);
    line.contains("--type=renderer") && line.contains(profile)
}

/// Linux tells it in KiB: what is backed by no file, and all of it.
fn of(process: &Path) -> Memory {
    let status = std::fs::read_to_string(process.join("status")).unwrap_or_default();
    let value = |name: &str| {
        let mut lines = status.lines();
        let value = lines.find_map(|line| line.strip_prefix(name))?;
        value.split_whitespace().next()?.parse::<u64>().ok()
    };
    let mib = |name| value(name).unwrap_or(0) / KIB_PER_MIB;
    Memory {
        own: mib("RssAnon:") + mib("RssShmem:"),
        resident: mib("VmRSS:"),
    }
}
