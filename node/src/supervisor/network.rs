//! All municipalities of a network on this machine.

use super::pair::Pair;
use super::program::Programs;
use crate::client::Client;
use crate::network::{Description, DescriptionError};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use verifier_core::Height;

/// How often a node is asked whether it has come so far.
const GLANCE: Duration = Duration::from_millis(200);
/// Lines of a log that are shown when its process has ended.
const LINES: usize = 12;

/// Why a network does not run.
#[derive(Debug, thiserror::Error)]
pub enum SupervisorError {
    #[error(transparent)]
    Description(#[from] DescriptionError),
    #[error("{command} cannot be started: {source}")]
    Start { command: PathBuf, source: io::Error },
    #[error("{home}: {program} has ended; its log {log} closes with\n{lines}")]
    Ended {
        home: String,
        program: &'static str,
        log: PathBuf,
        lines: String,
    },
    #[error("{home} did not come to height {height} within {seconds} s: {last}")]
    Late {
        home: String,
        height: Height,
        seconds: u64,
        last: String,
    },
    #[error("there is no municipality {0}")]
    Municipality(usize),
}

/// A running network.
pub struct Network {
    folder: PathBuf,
    description: Description,
    pairs: Vec<Pair>,
}

impl Network {
    /// The network in this folder; nothing is started.
    ///
    /// # Errors
    /// If the folder holds none.
    pub fn open(folder: &Path, programs: &Programs) -> Result<Self, SupervisorError> {
        Self::open_within(folder, programs, |_| Vec::new())
    }

    /// The same, with something before both commands of a municipality, for example `ip netns exec NAME`.
    ///
    /// # Errors
    /// If the folder holds no network.
    pub fn open_within(
        folder: &Path,
        programs: &Programs,
        prefix: impl Fn(usize) -> Vec<OsString>,
    ) -> Result<Self, SupervisorError> {
        let description = Description::read(folder)?;
        let nodes = description.nodes.iter().enumerate();
        let pairs = nodes
            .map(|(index, node)| Pair::new(folder, node, programs, &prefix(index)))
            .collect();
        Ok(Self {
            folder: folder.to_path_buf(),
            description,
            pairs,
        })
    }

    /// Opens the network and starts every pair.
    ///
    /// # Errors
    /// If the folder holds none, or a command cannot be started.
    pub fn start(folder: &Path, programs: &Programs) -> Result<Self, SupervisorError> {
        let mut network = Self::open(folder, programs)?;
        network.start_all()?;
        Ok(network)
    }

    /// Starts every pair that does not run.
    ///
    /// # Errors
    /// If a command cannot be started.
    pub fn start_all(&mut self) -> Result<(), SupervisorError> {
        for pair in &mut self.pairs {
            let started = pair.start();
            started.map_err(|source| SupervisorError::Start {
                command: pair.home().to_path_buf(),
                source,
            })?;
        }
        Ok(())
    }

    /// The network's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What is public of it.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// All pairs, in the order of municipalities.
    pub fn pairs(&mut self) -> &mut [Pair] {
        &mut self.pairs
    }

    /// One municipality's pair.
    ///
    /// # Errors
    /// If there is no such municipality.
    pub fn node(&mut self, municipality: usize) -> Result<&mut Pair, SupervisorError> {
        self.pairs
            .get_mut(municipality)
            .ok_or(SupervisorError::Municipality(municipality))
    }

    /// Waits until a node has the block at `height`.
    ///
    /// # Errors
    /// If one of its processes ends before, or `patience` does.
    pub fn wait_for_height(
        &mut self,
        municipality: usize,
        height: Height,
        patience: Duration,
    ) -> Result<(), SupervisorError> {
        let client = Client::new(self.node(municipality)?.rpc());
        let end = Instant::now() + patience;
        loop {
            let last = match client.status() {
                Ok(status) if status.latest_height >= height => return Ok(()),
                Ok(status) => format!("it is at {}", status.latest_height),
                Err(error) => error.to_string(),
            };
            self.check_running(municipality)?;
            if Instant::now() >= end {
                return Err(SupervisorError::Late {
                    home: self.home_of(municipality),
                    height,
                    seconds: patience.as_secs(),
                    last,
                });
            }
            std::thread::sleep(GLANCE);
        }
    }

    /// Waits until every node has the block at `height`.
    ///
    /// # Errors
    /// If a process ends before, or `patience` does.
    pub fn wait_for_all(
        &mut self,
        height: Height,
        patience: Duration,
    ) -> Result<(), SupervisorError> {
        let end = Instant::now() + patience;
        for municipality in 0..self.pairs.len() {
            let left = end.saturating_duration_since(Instant::now());
            self.wait_for_height(municipality, height, left)?;
        }
        Ok(())
    }

    /// Ends everything: all are asked first, so that they end at the same time.
    pub fn stop(&mut self) {
        for pair in &mut self.pairs {
            pair.consensus.ask_to_end();
        }
        for pair in &mut self.pairs {
            pair.stop();
        }
    }

    /// A process that has ended by itself is an error that shows the end of its log.
    ///
    /// # Errors
    /// If one has.
    pub fn check_running(&mut self, municipality: usize) -> Result<(), SupervisorError> {
        let home = self.home_of(municipality);
        let pair = self.node(municipality)?;
        for (name, program) in [
            ("node serve", &mut pair.application),
            ("cometbft", &mut pair.consensus),
        ] {
            if !program.is_running() {
                return Err(SupervisorError::Ended {
                    home,
                    program: name,
                    log: program.log().to_path_buf(),
                    lines: program.last_lines(LINES),
                });
            }
        }
        Ok(())
    }

    fn home_of(&self, municipality: usize) -> String {
        let node = self.description.nodes.get(municipality);
        node.map_or_else(String::new, |node| node.home.clone())
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for pair in &mut self.pairs {
            pair.kill();
        }
    }
}
