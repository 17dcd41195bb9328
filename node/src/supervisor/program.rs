//! One process with its log.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How often a process is looked at while it is asked to end.
const GLANCE: Duration = Duration::from_millis(20);

/// The commands that a pair consists of.
#[derive(Clone, Debug)]
pub struct Programs {
    pub cometbft: PathBuf,
    pub node: PathBuf,
}

/// A command that can be started more than once, and its process while it runs.
pub struct Program {
    line: Vec<OsString>,
    log: PathBuf,
    child: Option<Child>,
}

impl Program {
    /// A command that has not been started. What it prints goes to the end of `log`.
    pub fn new(line: Vec<OsString>, log: PathBuf) -> Self {
        Self {
            line,
            log,
            child: None,
        }
    }

    /// Starts the command, unless it runs. It has a process group of its own, so that Ctrl-C at a terminal reaches the supervisor alone.
    ///
    /// # Errors
    /// If it cannot be started, or its log not be written.
    pub fn start(&mut self) -> io::Result<()> {
        if self.is_running() {
            return Ok(());
        }
        let (command, arguments) = self
            .line
            .split_first()
            .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.log)?;
        let mut command = Command::new(command);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        self.child = Some(command.spawn()?);
        Ok(())
    }

    /// Whether its process is there.
    pub fn is_running(&mut self) -> bool {
        let child = self.child.as_mut();
        child.is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// How it ended by itself; `None` while it runs, if it was never started, or after it was ended here.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.as_mut()?.try_wait().ok().flatten()
    }

    /// Its process id, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Ends it at once (SIGKILL), as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Asks it to end (SIGTERM), and kills it if it has not within `patience`.
    pub fn terminate(&mut self, patience: Duration) {
        self.signal(Signal::Terminate);
        let end = Instant::now() + patience;
        while self.is_running() && Instant::now() < end {
            std::thread::sleep(GLANCE);
        }
        self.kill();
    }

    /// Asks it to end without waiting.
    pub fn ask_to_end(&mut self) {
        self.signal(Signal::Terminate);
    }

    /// Stops it without ending it (SIGSTOP), as a machine that hangs.
    pub fn freeze(&mut self) {
        self.signal(Signal::Freeze);
    }

    /// Lets it go on.
    pub fn thaw(&mut self) {
        self.signal(Signal::Thaw);
    }

    /// Where its log is.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// The last lines of its log.
    pub fn last_lines(&self, count: usize) -> String {
        let text = File::open(&self.log)
            .and_then(io::read_to_string)
            .unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines
            .get(lines.len().saturating_sub(count)..)
            .unwrap_or_default()
            .join("\n")
    }

    #[cfg(unix)]
    fn signal(&mut self, signal: Signal) {
        use rustix::process::{Pid, kill_process};
        if !self.is_running() {
            return;
        }
        let id = self.id().and_then(|id| i32::try_from(id).ok());
        if let Some(pid) = id.and_then(Pid::from_raw) {
            // It may have ended in between.
            let _ = kill_process(pid, signal.number());
        }
    }

    #[cfg(not(unix))]
    fn signal(&mut self, _: Signal) {
        self.kill();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

enum Signal {
    Terminate,
    Freeze,
    Thaw,
}

#[cfg(unix)]
impl Signal {
    fn number(&self) -> rustix::process::Signal {
        use rustix::process::Signal;
        match self {
            Self::Terminate => Signal::TERM,
            Self::Freeze => Signal::STOP,
            Self::Thaw => Signal::CONT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(line: &[&str], folder: &tempfile::TempDir) -> Program {
        let line = line.iter().map(OsString::from).collect();
        Program::new(line, folder.path().join("log"))
    }

    #[test]
    fn a_program_is_started_ended_and_started_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut program = program(&["sh", "-c", "echo here; exec sleep 60"], &folder);
        assert!(!program.is_running());
        program.start().unwrap();
        let first = program.id().unwrap();
        program.start().unwrap();
        assert_eq!(program.id(), Some(first));
        assert!(program.is_running());
        program.kill();
        assert!(!program.is_running());
        program.start().unwrap();
        assert!(program.is_running());
        program.terminate(Duration::from_secs(10));
        assert!(!program.is_running());
    }

    #[test]
    fn the_log_of_a_program_that_ended_by_itself_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let mut program = program(&["sh", "-c", "echo one; echo two >&2; exit 3"], &folder);
        program.start().unwrap();
        while program.is_running() {
            std::thread::sleep(GLANCE);
        }
        assert_eq!(program.last_lines(1), "two");
    }

    #[test]
    fn a_command_that_is_not_there_cannot_be_started() {
        let folder = tempfile::tempdir().unwrap();
        assert!(program(&["no-such-command-here"], &folder).start().is_err());
    }
}
