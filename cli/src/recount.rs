//! `chamgwan recount`: everything, from the raw blocks.

use crate::source::Source;
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use verifier_core::{Anchor, LoneRecount, Origin, Report, Seconds, TrustCard};

/// The report, and the header that it relies on.
pub fn recount(card: TrustCard, source: &str, now: Seconds) -> Result<(Report, Option<Anchor>)> {
    let source = Source::open(source)?;
    let mut run = match &source {
        Source::Node { .. } => LoneRecount::new(card, now, Origin::Node),
        Source::Folder { end, .. } => LoneRecount::new(card, now, Origin::Folder { end: *end }),
    };
    let bar = progress_bar()?;
    loop {
        let needs = run.needs();
        if needs.is_empty() {
            break;
        }
        for request in needs {
            let answer = source.fetch(&request);
            run.supply(&request, answer);
        }
        while run.step() {}
        let progress = run.progress();
        bar.set_length(run.last().unwrap_or(0));
        bar.set_position(progress.last.unwrap_or(0));
        bar.set_message(format!("{} ballots", progress.ballots));
    }
    bar.finish_and_clear();
    let fault = run.fault().cloned();
    let anchor = run.anchor();
    match (run.finish(), fault) {
        (Some(report), _) => Ok((report, anchor)),
        (None, Some(fault)) => bail!("the source cannot be used: {fault}; try another one"),
        (None, None) => bail!("the source gave no genesis; try another one"),
    }
}

fn progress_bar() -> Result<ProgressBar> {
    let style = ProgressStyle::with_template("{bar:40} block {pos} of {len} · {msg} · {elapsed}")
        .context("the progress bar's template")?;
    Ok(ProgressBar::new(0).with_style(style))
}
