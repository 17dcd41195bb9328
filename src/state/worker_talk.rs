//! What the page and the recount's worker say to each other. The worker asks and verifies; the page fetches.

use super::row::{Reason, Recounted};
use crate::text::{CardTrouble, Fault, reason, recounted};
use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;
use verifier_core::{
    Answer, Height, LoneRecount, Origin, Request, Seconds, SourceFault, TrustCard, TrustCardError,
    answer_from_export,
};

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
        delivery: Delivery,
    },
}

/// What the page could get hold of.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub enum Delivery {
    /// A node's answer.
    Answer(Vec<u8>),
    /// The file of an export that holds the answer.
    File(Vec<u8>),
    Nothing(Undelivered),
}

/// Why there is nothing.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Undelivered {
    Unreachable,
    TooSlow,
    HttpStatus(u16),
    TooLarge(usize),
    Missing(String),
}

impl From<SourceFault> for Undelivered {
    fn from(fault: SourceFault) -> Self {
        match fault {
            SourceFault::TooSlow => Self::TooSlow,
            SourceFault::HttpStatus(status) => Self::HttpStatus(status),
            SourceFault::TooLarge { limit } => Self::TooLarge(limit),
            SourceFault::Missing(what) => Self::Missing(what),
            _ => Self::Unreachable, // transport knows no other fault
        }
    }
}

impl Delivery {
    fn into_answer(self, request: &Request) -> Answer {
        match self {
            Self::Answer(bytes) => Ok(bytes),
            Self::File(bytes) => answer_from_export(request, &bytes),
            Self::Nothing(Undelivered::Unreachable) => Err(SourceFault::Unreachable),
            Self::Nothing(Undelivered::TooSlow) => Err(SourceFault::TooSlow),
            Self::Nothing(Undelivered::HttpStatus(status)) => Err(SourceFault::HttpStatus(status)),
            Self::Nothing(Undelivered::TooLarge(limit)) => Err(SourceFault::TooLarge { limit }),
            Self::Nothing(Undelivered::Missing(what)) => Err(SourceFault::Missing(what)),
        }
    }
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
    Finished(Recounted),
    /// There was nothing to begin with.
    Faulted(Reason),
}

/// The worker's side: a run with the requests that are under way.
#[derive(Default)]
pub struct Desk {
    card: Option<TrustCard>,
    run: Option<LoneRecount>,
    asked: BTreeMap<u32, Request>,
    next_number: u32,
}

impl Desk {
    /// Takes an order and says what follows from it.
    pub fn take(&mut self, order: Order) -> Vec<News> {
        match order {
            Order::Start { card, now, end } => match start(&card, now, end) {
                Ok((card, run)) => (self.card, self.run) = (Some(card), Some(run)),
                Err(error) => return vec![News::Faulted(reason(CardTrouble(&error).into(), None))],
            },
            Order::Answer { number, delivery } => {
                if let (Some(request), Some(run)) = (self.asked.remove(&number), &mut self.run) {
                    run.supply(&request, delivery.into_answer(&request));
                }
            }
        }
        Vec::new()
    }

    /// Verifies the next block, if it is there. Gives whether there may be more to verify right away.
    pub fn step(&mut self) -> bool {
        self.run.as_mut().is_some_and(LoneRecount::step)
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
        let needs = self.run.as_ref().map(|run| run.needs());
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
        let (run, card) = (self.run.take()?, self.card.take()?);
        let fault = run.fault().cloned().unwrap_or(SourceFault::Unreachable);
        let anchor = run.anchor();
        Some(match run.finish() {
            Some(report) => News::Finished(recounted(&report, &card, anchor)),
            None => News::Faulted(reason(Fault(&fault).into(), None)),
        })
    }
}

fn start(
    card: &str,
    now: Seconds,
    end: Option<Height>,
) -> Result<(TrustCard, LoneRecount), TrustCardError> {
    let card = TrustCard::parse(card.as_bytes())?;
    let run = match end {
        Some(end) => LoneRecount::new(card.clone(), now, Origin::Folder { end }),
        None => LoneRecount::new(card.clone(), now, Origin::Node),
    };
    Ok((card, run))
}

fn progress(run: &LoneRecount) -> News {
    let progress = run.progress();
    News::Progress {
        blocks: progress.last.unwrap_or(0),
        all_blocks: run.last(),
        ballots: progress.ballots,
    }
}
