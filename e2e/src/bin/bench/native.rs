//! Rates without a browser: ours and a peer's by one command that measures time on its core, another peer's by its own.

use crate::table::{CANDIDATES, Row, Table};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{Command, Stdio};

/// Ballots of belenios-tool; it makes them one by one.
const BELENIOS_BALLOTS: &str = "24";
/// Batches of which ten hold a bad ballot, where a million ballots are checked.
const BATCHES: f64 = 122.0;
const BAD_BATCHES: f64 = 10.0;

/// Casts the ballots into `folder`; measures them if `runs` is not 0.
pub fn rates(table: &mut Table, folder: &Path, runs: usize) -> Result<()> {
    let output = Command::new("target/release/ballot-bench")
        .arg(folder)
        .arg(runs.to_string())
        .stderr(Stdio::inherit())
        .output()
        .context("target/release/ballot-bench")?;
    ensure!(output.status.success(), "ballot-bench ended badly");
    for line in String::from_utf8(output.stdout)?.lines() {
        let mut words = line.split(' ');
        let mut word = || words.next().context("ballot-bench says too little");
        let (candidates, variant, rate) = (word()?.parse()?, word()?, word()?.parse()?);
        let row = match variant {
            "batched" => Row::Native,
            "hinted" => Row::NativeHinted,
            "single" => Row::NativeSingle,
            "elastic-elgamal" => Row::Peer,
            "bytes" => Row::Bytes,
            "bad" if candidates == 4 => {
                let clean = table.get(Row::Native, 4).context("no clean run")?;
                let slower = (BATCHES - BAD_BATCHES + BAD_BATCHES * clean / rate) / BATCHES;
                table.say(
                    "ten bad ballots in a million, 4 candidates, times a clean run",
                    format!(
                        "{slower:.2} (a batch of 8,192 with one: {:.2})",
                        clean / rate
                    ),
                );
                continue;
            }
            _ => continue,
        };
        table.set(row, candidates, rate);
    }
    Ok(())
}

/// What Debian's belenios-tool does in an election of its own.
pub fn belenios(table: &mut Table, runs: usize) -> Result<()> {
    if Command::new("belenios-tool")
        .arg("--version")
        .output()
        .is_err()
    {
        table.lacks(Row::Belenios, "there is no `belenios-tool` here".into());
        return Ok(());
    }
    for candidates in CANDIDATES {
        let mut rates = Vec::new();
        for _ in 0..runs {
            let output = Command::new("scripts/belenios")
                .args([&candidates.to_string(), BELENIOS_BALLOTS])
                .stderr(Stdio::inherit())
                .output()?;
            ensure!(output.status.success(), "scripts/belenios ended badly");
            rates.push(String::from_utf8(output.stdout)?.trim().parse()?);
        }
        table.set(Row::Belenios, candidates, Table::median(rates)?);
    }
    Ok(())
}
