//! Spans on all cores: some threads fetch, others judge, and what is between them is bounded, so that memory does not grow with the ledger.

use super::{BROKEN, Work};
use anyhow::{Context, Result};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use verifier_core::{Answer, SourceFault, Span, SpanAnswers, SpanFacts, SpanWorker};

/// A span with its answers, ready to be judged.
struct Fetched {
    span: Span,
    answers: Vec<Answer>,
    hints: Option<Vec<u8>>,
}

/// Judges all spans that can be handed out. Gives whether there were any.
pub fn judge_spans(work: &Work<'_>) -> Result<bool> {
    let (setup, first) = work.with_run(|run| {
        let first = run.next_span();
        (run.setup_for_workers(), first)
    })?;
    let (Some(setup), Some(first)) = (setup, first) else {
        return Ok(false);
    };
    work.with_run(|run| run.give_back(first.number))?;
    let worker = SpanWorker::new(&setup).context("the recount's setup")?;
    let (sender, receiver) = sync_channel(work.threads);
    let receiver = Mutex::new(receiver);
    std::thread::scope(|scope| {
        let fetch = |_| {
            let sender = sender.clone();
            scope.spawn(move || fetch_spans(work, &sender))
        };
        let judge = |_| scope.spawn(|| judge_fetched(work, &worker, &receiver));
        let mut threads: Vec<_> = (0..work.source.at_once()).map(fetch).collect();
        threads.extend((0..work.threads).map(judge));
        drop(sender);
        let ends = threads
            .into_iter()
            .map(|one| one.join().ok().context(BROKEN)?);
        ends.collect::<Result<()>>()
    })?;
    Ok(true)
}

fn fetch_spans(work: &Work<'_>, sender: &SyncSender<Fetched>) -> Result<()> {
    while let Some(span) = work.with_run(|run| run.next_span())? {
        let answers = span.requests.iter();
        let fetched = Fetched {
            answers: answers.map(|request| work.source.fetch(request)).collect(),
            hints: work.hints_of(span.hints.as_ref()),
            span,
        };
        if sender.send(fetched).is_err() {
            break;
        }
    }
    Ok(())
}

fn judge_fetched(
    work: &Work<'_>,
    worker: &SpanWorker,
    receiver: &Mutex<Receiver<Fetched>>,
) -> Result<()> {
    loop {
        let next = receiver.lock().ok().context(BROKEN)?.recv();
        let Ok(fetched) = next else {
            return Ok(());
        };
        let number = fetched.span.number;
        let facts = judge(work, worker, fetched)?;
        work.with_run(|run| run.take(number, facts))?;
        work.write()?;
    }
}

fn judge(
    work: &Work<'_>,
    worker: &SpanWorker,
    fetched: Fetched,
) -> Result<Result<SpanFacts, SourceFault>> {
    let answers = SpanAnswers::read(&fetched.span, fetched.answers);
    let open = worker.open(&answers);
    let questions = open.questions();
    let admitted = work.with_run(|run| run.admit(&questions))?;
    let facts = open.judge(&admitted, fetched.hints.as_deref());
    Ok(facts.map_err(|error| SourceFault::Malformed(error.to_string())))
}
