//! How much memory the processes took at most.

use super::network::Network;
use super::program::Program;

const KIB_PER_MIB: u64 = 1024;

/// Peak resident memory, in KiB, of everything that runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeakMemory {
    pub consensus: u64,
    pub application: u64,
}

impl PeakMemory {
    /// Of all processes, in MiB.
    pub fn total_mib(self) -> u64 {
        (self.consensus + self.application) / KIB_PER_MIB
    }

    /// Of CometBFT's, in MiB.
    pub fn consensus_mib(self) -> u64 {
        self.consensus / KIB_PER_MIB
    }
}

impl Network {
    /// The sum of each process' own peak; 0 where the system does not tell.
    pub fn peak_memory(&mut self) -> PeakMemory {
        self.pairs()
            .iter()
            .fold(PeakMemory::default(), |sum, pair| PeakMemory {
                consensus: sum.consensus + peak(&pair.consensus),
                application: sum.application + peak(&pair.application),
            })
    }
}

/// Linux tells it in KiB under `VmHWM`.
fn peak(program: &Program) -> u64 {
    let status = program
        .id()
        .and_then(|id| std::fs::read_to_string(format!("/proc/{id}/status")).ok());
    let line = status.as_deref().unwrap_or_default().lines();
    let value = line.filter_map(|line| line.strip_prefix("VmHWM:")).next();
    let digits = value.and_then(|value| value.split_whitespace().next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}
