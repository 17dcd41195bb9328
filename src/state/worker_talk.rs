//! What the page and the recount's worker say to each other. The worker asks and verifies; the page fetches.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;
use verifier_core::{Answer, Height, RecountRun, Report, Request, Seconds, SourceFault, TrustCard, TrustCardError};

/// How many blocks beyond the one being verified the worker asks for.
const BLOCKS_AHEAD: u64 = 6;

/// From the page to the worker.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub enum Order {
    Start {
        card: String,
        now: Seconds,
        /// The last header of a folder, which cannot be asked for its status.
        end: Option<Height>,
    },
    Answer {
        number: u32,
        answer: Answer,
    },
}

/// From the worker to the page.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub enum News {
    /// It listens now; anything said before would have been lost.
    Ready,
    Needs(Vec<(u32, Request)>),
    Progress {
        blocks: u64,
        all_blocks: Option<u64>,
        ballots: u64,
    },
    Finished(Report),
    /// There was nothing to begin with.
    Fault(SourceFault),
}

/// The worker's side: a run with the requests that are under way.
#[derive(Default)]
pub struct Desk {
    run: Option<RecountRun>,
    asked: BTreeMap<u32, Request>,
    next_number: u32,
}

impl Desk {
    /// Takes an order and says what follows from it.
    pub fn take(&mut self, order: Order) -> Vec<News> {
        match order {
            Order::Start { card, now, end } => match start(&card, now, end) {
                Ok(run) => self.run = Some(run),
                Err(error) => return vec![News::Fault(SourceFault::Malformed(error.to_string()))],
            },
            Order::Answer { number, answer } => {
                if let (Some(request), Some(run)) = (self.asked.remove(&number), &mut self.run) {
                    run.supply(&request, answer);
                }
            }
        }
        Vec::new()
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
        let mut news = vec![progress(run)];
        if run.is_over() {
            news.extend(self.finish());
        } else {
            news.push(News::Needs(self.ask()));
        }
        news
    }

    /// How far the run has come.
    pub fn progress(&self) -> Option<News> {
        self.run.as_ref().map(progress)
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
        let fault = run.fault().cloned();
        Some(match (run.finish(), fault) {
            (Some(report), _) => News::Finished(report),
            (None, fault) => News::Fault(fault.unwrap_or(SourceFault::Unreachable)),
        })
    }
}

fn start(card: &str, now: Seconds, end: Option<Height>) -> Result<RecountRun, TrustCardError> {
    let card = TrustCard::parse(card.as_bytes())?;
    Ok(match end {
        Some(end) => RecountRun::up_to(card, now, end),
        None => RecountRun::new(card, now),
    })
}

fn progress(run: &RecountRun) -> News {
    let progress = run.progress();
    News::Progress {
        blocks: progress.last.unwrap_or(0),
        all_blocks: run.last(),
        ballots: progress.ballots,
    }
}
