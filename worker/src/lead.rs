//! The worker that leads: a recount with the requests that are under way.

use crate::{Delivery, News, Order, Progress};
use std::collections::BTreeMap;
use verifier_core::{Height, RecountRun, Request, Seconds, SourceFault, TrustCard, TrustCardError};

/// How many blocks beyond the one being verified are asked for.
const BLOCKS_AHEAD: u64 = 6;

/// A recount, from its beginning to its report.
#[derive(Default)]
pub struct Lead {
    run: Option<RecountRun>,
    asked: BTreeMap<u32, Request>,
    next_number: u32,
}

impl Lead {
    /// Takes an order with the bytes that came beside it.
    pub fn take(&mut self, order: Order, bytes: Option<Vec<u8>>) -> Vec<News> {
        match order {
            Order::Begin { card, now, end } => match begin(&card, now, end) {
                Ok(run) => self.run = Some(run),
                Err(error) => {
                    let fault = SourceFault::Malformed(error.to_string());
                    return vec![News::Faulted(fault)];
                }
            },
            Order::Answer { number, delivery } => self.supply(number, delivery, bytes),
        }
        Vec::new()
    }

    fn supply(&mut self, number: u32, delivery: Delivery, bytes: Option<Vec<u8>>) {
        if let (Some(request), Some(run)) = (self.asked.remove(&number), &mut self.run) {
            run.supply(&request, delivery.into_answer(&request, bytes));
        }
    }

    /// Verifies the next block, if it is there. Gives whether there may be more to verify right away.
    pub fn step(&mut self) -> bool {
        self.run.as_mut().is_some_and(RecountRun::step)
    }

    /// What to tell the page once nothing more can be verified with what is there.
    pub fn report(&mut self) -> Vec<News> {
        let Some(run) = &self.run else {
            return Vec::new();
        };
        let mut news = vec![News::Progress(progress(run))];
        if run.is_over() {
            news.extend(self.finish());
        } else {
            news.push(News::Needs(self.ask()));
        }
        news
    }

    /// How far the run has come.
    pub fn progress(&self) -> Option<News> {
        self.run.as_ref().map(progress).map(News::Progress)
    }

    fn ask(&mut self) -> Vec<(u32, Request)> {
        let needs = self.run.as_ref().map(|run| run.needs(BLOCKS_AHEAD));
        let mut asked = Vec::new();
        for request in needs.unwrap_or_default() {
            if !self.asked.values().any(|under_way| *under_way == request) {
                self.asked.insert(self.next_number, request.clone());
                asked.push((self.next_number, request));
                self.next_number = self.next_number.wrapping_add(1);
            }
        }
        asked
    }

    fn finish(&mut self) -> Option<News> {
        let run = self.run.take()?;
        let fault = run.fault().cloned().unwrap_or(SourceFault::Unreachable);
        let anchor = run.anchor();
        Some(match run.finish() {
            Some(report) => News::Finished {
                report: Box::new(report),
                anchor,
            },
            None => News::Faulted(fault),
        })
    }
}

fn begin(card: &str, now: Seconds, end: Option<Height>) -> Result<RecountRun, TrustCardError> {
    let card = TrustCard::parse(card.as_bytes())?;
    Ok(match end {
        Some(end) => RecountRun::up_to(card, now, end),
        None => RecountRun::new(card, now),
    })
}

fn progress(run: &RecountRun) -> Progress {
    let progress = run.progress();
    Progress {
        blocks: progress.last.unwrap_or(0),
        all_blocks: run.last(),
        ballots: progress.ballots,
    }
}
