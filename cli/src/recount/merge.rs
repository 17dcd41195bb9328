//! `chamgwan merge`: puts the states of ranges together that were counted apart, and concludes.

use super::{Counted, Recount, finish_counting, report};
use crate::source::Source;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::PathBuf;
use verifier_core::{Origin, RecountRun, Seconds, TrustCard, framed_records, record_begins_at};

/// Which ranges to merge.
#[derive(Args)]
pub struct Merge {
    /// State files that together hold every block, in any order.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Where to read what the files do not hold: blocks not yet counted, totals, and ballots that are to be named.
    #[arg(long)]
    pub source: Option<String>,
}

/// Merges. The files are believed: whoever can write them can make them say anything.
///
/// # Errors
/// If a file cannot be read, or the ranges do not fit.
pub fn merge(card: &TrustCard, options: &Merge, now: Seconds) -> Result<Counted> {
    let mut files = Vec::new();
    for path in &options.files {
        let name = path.display().to_string();
        let bytes =
            std::fs::read(path).with_context(|| format!("the state file {name} cannot be read"))?;
        files.push((name, bytes));
    }
    let mut records = Vec::new();
    for (name, bytes) in &files {
        let (of_file, good) = framed_records(bytes);
        if good != bytes.len() || of_file.is_empty() {
            bail!("{name} is damaged, or was written half: count its range again");
        }
        for record in of_file {
            records.push((record_begins_at(record), name, record));
        }
    }
    records.sort_by_key(|(begin, ..)| *begin);
    let source = options.source.as_ref();
    let source = source.map(|text| Source::open(text, card)).transpose()?;
    let origin = source.as_ref().map_or(Origin::Node, Source::origin);
    let mut run = RecountRun::new(card.clone(), now, origin);
    for (_, name, record) in records {
        let resumed = run.resume(record);
        resumed.with_context(|| format!("{name} does not fit the others"))?;
    }
    match &source {
        Some(source) => report(finish_counting(source, run, None, &Recount::of(options))?),
        None => report(run),
    }
}

impl Recount {
    fn of(options: &Merge) -> Self {
        Self {
            source: options.source.clone().unwrap_or_default(),
            heights: None,
            state: None,
            no_hints: false,
            threads: None,
        }
    }
}
