//! ChromeDriver and the Chromes that it starts. Both stop when dropped.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Mutex;

const STARTED: &str = "was started successfully on port ";

/// A running ChromeDriver.
pub struct Chromedriver {
    process: Mutex<Child>,
    url: String,
}

impl Chromedriver {
    /// Where the driver is: in `CHROMEDRIVER`, else on the path.
    pub fn program() -> Option<PathBuf> {
        let named = std::env::var_os("CHROMEDRIVER").map(PathBuf::from);
        let on_path = std::env::var_os("PATH").unwrap_or_default();
        let mut found = std::env::split_paths(&on_path).map(|folder| folder.join("chromedriver"));
        named.or_else(|| found.find(|path| path.is_file()))
    }

    /// Starts the driver on a port that it finds free.
    pub async fn start() -> Result<Self> {
        let program = Self::program().context("there is no chromedriver")?;
        let mut process = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let mut lines = BufReader::new(process.stdout.take().context("no output")?).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some((_, port)) = line.split_once(STARTED) {
                let url = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
                // Its further output is read so that it never waits for a reader.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Self {
                    process: Mutex::new(process),
                    url,
                });
            }
        }
        bail!("{} ended before it was ready", program.display())
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends it, once all browsers have quit.
    pub async fn stop(&self) {
        // It fails only where the driver has ended already.
        let _ = self.process.lock().await.kill().await;
    }
}
