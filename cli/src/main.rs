//! `chamgwan`: the same verification as in the browser, in a terminal.
//!
//! Exit status: 0 accepted, 1 rejected, 2 inconclusive or could not begin.

mod check;
mod print;
mod recount;
mod source;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;
use verifier_core::{TrustCard, Verdict};

/// Check a ballot's receipt, or recount a whole election, trusting nobody but the trust card.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check that the ballot of a receipt is recorded, and counted once the election is over.
    Check {
        /// The receipt's text, or a file that holds it.
        receipt: String,
        /// The trust card's file.
        #[arg(long)]
        trust_card: PathBuf,
        /// The node to ask; by default the first one of the trust card.
        #[arg(long)]
        node: Option<String>,
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Recount an election from the raw blocks of a node or of an exported folder.
    Recount {
        /// A node's address, or a folder.
        source: String,
        /// The trust card's file.
        #[arg(long)]
        trust_card: PathBuf,
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(verdict) => ExitCode::from(status(verdict)),
        Err(error) => {
            eprintln!("chamgwan: {error:#}");
            ExitCode::from(status(Verdict::Inconclusive))
        }
    }
}

fn run(command: Command) -> Result<Verdict> {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .context("this computer's clock is before 1970")?
        .as_secs();
    let (contract, report, json) = match command {
        Command::Check {
            receipt,
            trust_card,
            node,
            json,
        } => {
            let card = read_card(&trust_card)?;
            let contract = card.contract.clone();
            (contract, check::check(card, &receipt, node, now)?, json)
        }
        Command::Recount {
            source,
            trust_card,
            json,
        } => {
            let card = read_card(&trust_card)?;
            let contract = card.contract.clone();
            (contract, recount::recount(card, &source, now)?, json)
        }
    };
    if json {
        println!("{}", report.to_json());
    } else {
        print::print(&report, &contract);
    }
    Ok(report.verdict)
}

fn read_card(path: &Path) -> Result<TrustCard> {
    let bytes = std::fs::read(path).with_context(|| {
        format!(
            "the trust card {} cannot be read; give the file with --trust-card",
            path.display()
        )
    })?;
    TrustCard::parse(&bytes)
        .with_context(|| format!("{} is not a trust card to rely on", path.display()))
}

fn status(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Accepted => 0,
        Verdict::Rejected => 1,
        Verdict::Inconclusive => 2,
    }
}
