//! One municipality's pair: CometBFT and the application behind it.

use super::program::{Program, Programs};
use crate::network::NodeDescription;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a process has to end after it was asked to.
pub const FAREWELL: Duration = Duration::from_secs(10);

/// A municipality's two processes.
pub struct Pair {
    home: PathBuf,
    rpc: String,
    pub application: Program,
    pub consensus: Program,
}

impl Pair {
    /// The pair that runs from a home; nothing is started. `prefix` stands before both commands, for example `ip netns exec NAME`.
    pub fn new(
        folder: &Path,
        node: &NodeDescription,
        programs: &Programs,
        prefix: &[OsString],
    ) -> Self {
        let home = folder.join(&node.home);
        let line = |program: &Path, arguments: &[&str], home: PathBuf| {
            let mut line = prefix.to_vec();
            line.push(program.into());
            line.extend(arguments.iter().map(OsString::from));
            line.push(home.into());
            line
        };
        let application = line(&programs.node, &["serve", "--home"], home.clone());
        let consensus = line(
            &programs.cometbft,
            &["start", "--home"],
            home.join("cometbft"),
        );
        Self {
            application: Program::new(application, home.join("node.log")),
            consensus: Program::new(consensus, home.join("cometbft.log")),
            rpc: node.rpc.clone(),
            home,
        }
    }

    /// Where its files are.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Its RPC's address.
    pub fn rpc(&self) -> &str {
        &self.rpc
    }

    /// Starts what does not run. CometBFT keeps trying until the application answers, but never finds its way to a second one: the CometBFT of an
    /// application that has ended may hang while it ends, and is started again with it.
    ///
    /// # Errors
    /// If a command cannot be started.
    pub fn start(&mut self) -> io::Result<()> {
        if !self.application.is_running() {
            self.consensus.kill();
        }
        self.application.start()?;
        self.consensus.start()
    }

    /// Whether both processes run.
    pub fn is_running(&mut self) -> bool {
        self.application.is_running() && self.consensus.is_running()
    }

    /// Ends both at once, as a power cut would.
    pub fn kill(&mut self) {
        self.consensus.kill();
        self.application.kill();
    }

    /// Ends both in order.
    pub fn stop(&mut self) {
        self.consensus.terminate(FAREWELL);
        self.application.terminate(FAREWELL);
    }

    /// Ends what still runs, then starts both.
    ///
    /// # Errors
    /// If a command cannot be started.
    pub fn restart(&mut self) -> io::Result<()> {
        self.kill();
        self.start()
    }

    /// Stops both without ending them, as a machine that hangs.
    pub fn freeze(&mut self) {
        self.consensus.freeze();
        self.application.freeze();
    }

    /// Lets both go on.
    pub fn thaw(&mut self) {
        self.application.thaw();
        self.consensus.thaw();
    }
}
