//! `chamgwan`: the same verification as in the browser, in a terminal.
//!
//! Exit status: 0 accepted, 1 rejected, 2 inconclusive or could not begin. Where nodes conflict, nothing is accepted nor rejected: 2.
//! Of a range of blocks: 0 it is counted, 2 it could not be.
//! Of evidence: 0 it holds, 1 the file is no evidence, 2 it could not be read.
//! Of a dispute: 0 the promise was broken, 1 the file does not show that, 2 it could not be read.

mod check;
mod dispute;
mod evidence;
mod print;
mod recount;
mod source;
mod survey;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use recount::{Counted, Merge, Recount};
use source::is_address;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;
use survey::{Compared, Witnesses};
use verifier_core::{ReceiptCheck, Report, Seconds, Standing, TrustCard, Verdict};

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
        /// The receipt's text, or a file that holds it; with --proof a file that holds it with its proof.
        receipt: String,
        /// The trust card's file.
        #[arg(long)]
        trust_card: PathBuf,
        /// The node to ask; by default the first one of the trust card.
        #[arg(long)]
        node: Option<String>,
        #[command(flatten)]
        witnesses: Witnesses,
        /// If the ballot is nowhere although its promise has run out, write a dispute into this file.
        #[arg(long)]
        dispute: Option<PathBuf>,
        /// Check the file by the trust card alone: nobody is asked.
        #[arg(long, conflicts_with_all = ["node", "dispute", "save_proof", "json"])]
        proof: bool,
        /// If the ballot is in effect, write the receipt with its proof into this file.
        #[arg(long)]
        save_proof: Option<PathBuf>,
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Recount an election from its raw blocks.
    Recount {
        #[command(flatten)]
        recount: Recount,
        #[command(flatten)]
        shown: Shown,
    },
    /// Put together what was counted in ranges of blocks, and conclude.
    Merge {
        #[command(flatten)]
        merge: Merge,
        #[command(flatten)]
        shown: Shown,
    },
    /// Check a file that says that validators signed two histories, and name them.
    Evidence {
        /// The evidence's file.
        file: PathBuf,
        /// The trust card's file.
        #[arg(long)]
        trust_card: PathBuf,
        /// Print what it says as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check a file that says that a municipality broke its promise, and name it.
    Dispute {
        /// The dispute's file.
        file: PathBuf,
        /// The trust card's file.
        #[arg(long)]
        trust_card: PathBuf,
        /// Print what it says as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// By which card, beside whom, and in which form a recount is shown.
#[derive(Args)]
struct Shown {
    /// The trust card's file.
    #[arg(long)]
    trust_card: PathBuf,
    #[command(flatten)]
    witnesses: Witnesses,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
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
    match command {
        Command::Check {
            receipt,
            trust_card,
            proof: true,
            ..
        } => check::proof(&read_card(&trust_card)?, Path::new(&receipt)),
        Command::Check {
            receipt,
            trust_card,
            node,
            witnesses,
            dispute,
            save_proof,
            json,
            ..
        } => {
            let card = read_card(&trust_card)?;
            let node = check::node(&card, node)?;
            let (check, anchor) = check::check(card.clone(), &receipt, &node, now)?;
            let compared = witnesses.compare(&card, Some(&node), anchor, now)?;
            let verdict = conclude(&check.report(), &compared, &card, json);
            save(&card, &check, &node, dispute, save_proof, now)?;
            Ok(verdict)
        }
        Command::Recount { recount, shown } => {
            let card = read_card(&shown.trust_card)?;
            let counted = recount::recount(&card, &recount, now)?;
            let node = is_address(&recount.source).then_some(recount.source.as_str());
            shown.conclude(&card, counted, node, now)
        }
        Command::Merge { merge, shown } => {
            let card = read_card(&shown.trust_card)?;
            let counted = recount::merge(&card, &merge, now)?;
            let node = merge.source.as_deref().filter(|source| is_address(source));
            shown.conclude(&card, counted, node, now)
        }
        Command::Evidence {
            file,
            trust_card,
            json,
        } => evidence::evidence(&read_card(&trust_card)?, &file, json),
        Command::Dispute {
            file,
            trust_card,
            json,
        } => dispute::dispute(&read_card(&trust_card)?, &file, json),
    }
}

impl Shown {
    fn conclude(
        &self,
        card: &TrustCard,
        counted: Counted,
        node: Option<&str>,
        now: Seconds,
    ) -> Result<Verdict> {
        match counted {
            Counted::Whole(report, anchor) => {
                let compared = self.witnesses.compare(card, node, anchor, now)?;
                Ok(conclude(&report, &compared, card, self.json))
            }
            Counted::Range { ballots, file } => {
                println!("{ballots} ballots counted into {}", file.display());
                Ok(Verdict::Accepted)
            }
        }
    }
}

/// Writes the files that were asked for and that the check gives reason for.
fn save(
    card: &TrustCard,
    check: &ReceiptCheck,
    node: &str,
    dispute: Option<PathBuf>,
    proof: Option<PathBuf>,
    now: Seconds,
) -> Result<()> {
    let missing = check.report().standing == Some(Standing::Missing);
    if let (true, Some(path), Some(receipt)) = (missing, dispute, check.receipt()) {
        dispute::write(card, receipt, node, &path, now)?;
        eprintln!("The dispute is in {}.", path.display());
    }
    if let Some(path) = proof {
        check::save_proof(check, node, &path)?;
        eprintln!("The receipt with its proof is in {}.", path.display());
    }
    Ok(())
}

/// Prints how the nodes stand, and the report unless they conflict. Gives the verdict that they leave of the report's.
fn conclude(report: &Report, compared: &Compared, card: &TrustCard, json: bool) -> Verdict {
    let verdict = compared.gate(report.verdict, card);
    if compared.conflicts() {
        // A report on one of two signed histories would only mislead.
    } else if json {
        println!("{}", report.to_json());
    } else {
        print::print(report, &card.contract, verdict);
    }
    compared.print(card);
    verdict
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
