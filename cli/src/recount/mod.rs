//! `chamgwan recount`: everything, from the raw blocks, on all cores. `chamgwan merge`: ranges that were counted apart.

mod heights;
mod judges;
mod merge;
mod state_file;

pub use merge::{Merge, merge};

use crate::source::{ALL_AT_ONCE, Source};
use anyhow::{Context, Result, bail};
use clap::Args;
use heights::Heights;
use indicatif::{ProgressBar, ProgressStyle};
use judges::judge_spans;
use state_file::StateFile;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;
use verifier_core::{Anchor, RecountRun, Report, Request, Seconds, TrustCard};

/// What to recount, and how.
#[derive(Args)]
pub struct Recount {
    /// An archive or a node by its address, or a folder that holds an archive or an exported election.
    pub source: String,
    /// Count these blocks only, for example 1..5000, to merge them with others.
    #[arg(long, requires = "state")]
    pub heights: Option<Heights>,
    /// A file that keeps what is counted: an interrupted recount goes on where it was, and `merge` puts files together.
    #[arg(long)]
    pub state: Option<PathBuf>,
    /// Do without decompression hints, even where the archive has some. They change no verdict.
    #[arg(long)]
    pub no_hints: bool,
    /// How many threads judge ballots; by default as many as there are cores.
    #[arg(long)]
    pub threads: Option<usize>,
}

/// What a recount comes to.
pub enum Counted {
    /// The report, and the header that it relies on.
    Whole(Box<Report>, Option<Anchor>),
    /// Blocks of a range, which conclude nothing by themselves.
    Range { ballots: u64, file: PathBuf },
}

/// A recount under way, and where its records go.
struct Work<'a> {
    source: &'a Source,
    run: Mutex<RecountRun>,
    file: Mutex<Option<StateFile>>,
    hints: bool,
    threads: usize,
    bar: ProgressBar,
}

/// Recounts.
///
/// # Errors
/// If there is nothing to begin with, or the state's file cannot be read or written.
pub fn recount(card: &TrustCard, options: &Recount, now: Seconds) -> Result<Counted> {
    let source = Source::open(&options.source, card)?;
    let mut run = RecountRun::new(card.clone(), now, source.origin());
    if let Some(heights) = &options.heights {
        run = run.of_heights(heights.0.clone());
    }
    let mut file = None;
    if let Some(path) = &options.state {
        run = run.keeping();
        file = Some(StateFile::resume(path, &mut run)?);
    }
    let run = finish_counting(&source, run, file, options)?;
    match (&options.heights, &options.state) {
        (Some(heights), Some(file)) => range(&run, heights, file),
        _ => report(run),
    }
}

fn finish_counting(
    source: &Source,
    run: RecountRun,
    file: Option<StateFile>,
    options: &Recount,
) -> Result<RecountRun> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let work = Work {
        source,
        run: Mutex::new(run),
        file: Mutex::new(file),
        hints: !options.no_hints,
        threads: options.threads.unwrap_or(cores).max(1),
        bar: progress_bar()?,
    };
    while work.read()? || judge_spans(&work)? {}
    work.bar.finish_and_clear();
    work.run.into_inner().ok().context(BROKEN)
}

/// A thread that panics leaves its lock behind like this.
const BROKEN: &str = "a part of the recount broke off";

impl Work<'_> {
    /// Fetches what the run itself must read. Gives whether there was anything.
    fn read(&self) -> Result<bool> {
        let needs = self.with_run(|run| run.needs())?;
        for requests in needs.chunks(ALL_AT_ONCE) {
            let answers = std::thread::scope(|scope| {
                let fetch = |request| scope.spawn(move || self.source.fetch(request));
                let fetching: Vec<_> = requests.iter().map(fetch).collect();
                fetching
                    .into_iter()
                    .map(|one| one.join().ok())
                    .collect::<Option<Vec<_>>>()
            });
            for (request, answer) in requests.iter().zip(answers.context(BROKEN)?) {
                self.with_run(|run| run.supply(request, answer))?;
            }
        }
        self.write()?;
        Ok(!needs.is_empty())
    }

    fn with_run<T>(&self, act: impl FnOnce(&mut RecountRun) -> T) -> Result<T> {
        let mut run = self.run.lock().ok().context(BROKEN)?;
        Ok(act(&mut run))
    }

    /// Writes the records since the last time, and says how far the run has come.
    fn write(&self) -> Result<()> {
        let mut file = self.file.lock().ok().context(BROKEN)?;
        let (records, progress, last) =
            self.with_run(|run| (run.kept(), run.progress(), run.last()))?;
        if let Some(file) = file.as_mut() {
            file.append(&records)?;
        }
        self.bar.set_length(last.unwrap_or(0));
        self.bar.set_position(progress.last.unwrap_or(0));
        self.bar
            .set_message(format!("{} ballots", progress.ballots));
        Ok(())
    }

    fn hints_of(&self, hints: Option<&Request>) -> Option<Vec<u8>> {
        let hints = hints.filter(|_| self.hints)?;
        self.source.fetch(hints).ok()
    }
}

fn range(run: &RecountRun, heights: &Heights, file: &Path) -> Result<Counted> {
    if let Some(fault) = run.fault() {
        bail!("the source cannot be used: {fault}; try another one, with the same state file");
    }
    if let Some(last) = run.last().filter(|last| last < heights.0.start()) {
        bail!("the range begins after block {last}, the last that the source has");
    }
    Ok(Counted::Range {
        ballots: run.progress().ballots,
        file: file.to_owned(),
    })
}

fn report(run: RecountRun) -> Result<Counted> {
    let fault = run.fault().cloned();
    let anchor = run.anchor();
    match (run.finish(), fault) {
        (Some(report), _) => Ok(Counted::Whole(Box::new(report), anchor)),
        (None, Some(fault)) => bail!("the source cannot be used: {fault}; try another one"),
        (None, None) => bail!("the source gave no genesis; try another one"),
    }
}

/// Drawn on a terminal only.
fn progress_bar() -> Result<ProgressBar> {
    let style = ProgressStyle::with_template("{bar:40} block {pos} of {len} · {msg} · {elapsed}")
        .context("the progress bar's template")?;
    let bar = ProgressBar::new(0).with_style(style);
    bar.enable_steady_tick(Duration::from_secs(1));
    Ok(bar)
}
