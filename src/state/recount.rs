//! A recount, from the choice of a source to the report.

use super::Doing;
use super::pace::Stopwatch;
use super::row::{Reason, Recounted};
use super::watch::Found;
use recount_worker::{Keeping, Progress};
use std::rc::Rc;
use yew::Reducible;

/// How far a recount has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RecountState {
    #[default]
    Choosing,
    Running(Running),
    Done {
        source: SourceName,
        report: Rc<Recounted>,
        /// What all nodes say of the last header of the range.
        found: Option<Rc<Found>>,
        keeping: Option<Keeping>,
    },
    /// The source gave nothing to begin with.
    Unusable {
        source: SourceName,
        reason: Reason,
    },
    Cancelled,
    /// The worker stopped without a report.
    Broken,
}

/// A recount at work, or paused.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    pub number: u32,
    pub source: SourceName,
    pub progress: Progress,
    pub paused: bool,
    pub watch: Stopwatch,
    /// What becomes of the progress between visits, once known.
    pub keeping: Option<Keeping>,
    pub workers: Vec<Doing>,
    /// What is wrong with the line to the source.
    pub line: Option<Reason>,
    /// Blocks and ballots that this visit began with.
    pub begun: Option<Progress>,
}

impl Running {
    /// Blocks and ballots checked in this visit, for the rate.
    pub fn this_visit(&self) -> Progress {
        let begun = self.begun.unwrap_or_default();
        Progress {
            blocks: self.progress.blocks.saturating_sub(begun.blocks),
            all_blocks: self
                .progress
                .all_blocks
                .map(|all| all.saturating_sub(begun.blocks)),
            ballots: self.progress.ballots.saturating_sub(begun.ballots),
        }
    }

    fn take(&mut self, heard: Heard) {
        match heard {
            Heard::Progress(progress) => {
                if self.keeping.is_some() {
                    self.begun.get_or_insert(progress);
                }
                self.progress = progress;
            }
            Heard::Keeping(keeping) => self.keeping = Some(after(self.keeping, keeping)),
            Heard::Working(workers) => self.workers = workers,
            Heard::Line(line) => self.line = line,
        }
    }
}

/// Storage that fills up later does not undo what an earlier visit left.
fn after(before: Option<Keeping>, now: Keeping) -> Keeping {
    match (before, now) {
        (Some(Keeping::Kept { ballots, .. }), Keeping::Full) if ballots > 0 => {
            before.unwrap_or(now)
        }
        _ => now,
    }
}

/// What is heard of a recount at work.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    Progress(Progress),
    Keeping(Keeping),
    Working(Vec<Doing>),
    Line(Option<Reason>),
}

/// Where the data comes from, as the visitor chose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceName {
    /// A node's address.
    Node(String),
    /// A folder's name, or the name of one of its files.
    Folder(String),
}

impl SourceName {
    /// The address or name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Node(name) | Self::Folder(name) => name,
        }
    }
}

/// What changes it. Times are milliseconds on any clock that does not run backwards.
#[derive(Clone, Debug, PartialEq)]
pub enum RecountChange {
    Started {
        number: u32,
        source: SourceName,
        now: u64,
    },
    Heard {
        number: u32,
        heard: Heard,
    },
    Paused {
        now: u64,
    },
    Resumed {
        now: u64,
    },
    Finished {
        number: u32,
        report: Rc<Recounted>,
        found: Option<Rc<Found>>,
    },
    Faulted {
        number: u32,
        reason: Reason,
    },
    Broke {
        number: u32,
    },
    Cancelled,
    Again,
}

impl RecountState {
    fn is_run(&self, number: u32) -> bool {
        matches!(self, Self::Running(running) if running.number == number)
    }

    fn with_running(&self, change: impl FnOnce(&mut Running)) -> Self {
        let mut next = self.clone();
        if let Self::Running(running) = &mut next {
            change(running);
        }
        next
    }

    fn finished(&self, number: u32, report: Rc<Recounted>, found: Option<Rc<Found>>) -> Self {
        match self {
            Self::Running(running) if running.number == number => Self::Done {
                source: running.source.clone(),
                report,
                found,
                keeping: running.keeping,
            },
            other => other.clone(),
        }
    }
}

impl RecountState {
    fn faulted(&self, number: u32, reason: Reason) -> Self {
        match self {
            Self::Running(running) if running.number == number => Self::Unusable {
                source: running.source.clone(),
                reason,
            },
            other => other.clone(),
        }
    }
}

impl Reducible for RecountState {
    type Action = RecountChange;

    fn reduce(self: Rc<Self>, change: RecountChange) -> Rc<Self> {
        let next = match change {
            RecountChange::Started {
                number,
                source,
                now,
            } => Self::Running(Running {
                number,
                source,
                progress: Progress::default(),
                paused: false,
                watch: Stopwatch::default().start(now),
                keeping: None,
                workers: Vec::new(),
                line: None,
                begun: None,
            }),
            RecountChange::Heard { number, heard } if self.is_run(number) => {
                self.with_running(|running| running.take(heard))
            }
            RecountChange::Paused { now } => self.with_running(|running| {
                running.paused = true;
                running.watch = running.watch.stop(now);
            }),
            RecountChange::Resumed { now } => self.with_running(|running| {
                running.paused = false;
                running.watch = running.watch.start(now);
            }),
            RecountChange::Finished {
                number,
                report,
                found,
            } => self.finished(number, report, found),
            RecountChange::Faulted { number, reason } => self.faulted(number, reason),
            RecountChange::Broke { number } if self.is_run(number) => Self::Broken,
            RecountChange::Heard { .. } | RecountChange::Broke { .. } => return self,
            RecountChange::Cancelled => Self::Cancelled,
            RecountChange::Again => Self::Choosing,
        };
        next.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started() -> Rc<RecountState> {
        Rc::new(RecountState::Choosing).reduce(RecountChange::Started {
            number: 3,
            source: SourceName::Folder("export".into()),
            now: 100,
        })
    }

    fn running(state: &RecountState) -> &Running {
        match state {
            RecountState::Running(running) => running,
            other => panic!("not running: {other:?}"),
        }
    }

    #[test]
    fn a_pause_stops_the_watch() {
        let state = started()
            .reduce(RecountChange::Paused { now: 150 })
            .reduce(RecountChange::Resumed { now: 400 });
        assert!(!running(&state).paused);
        assert_eq!(running(&state).watch.elapsed(450), 100);
    }

    fn hear(state: Rc<RecountState>, heard: Heard) -> Rc<RecountState> {
        state.reduce(RecountChange::Heard { number: 3, heard })
    }

    #[test]
    fn what_an_earlier_visit_checked_is_not_this_visits_speed() {
        let kept = Keeping::Kept {
            ballots: 700,
            at: Some(1),
        };
        let at = |blocks, ballots| {
            Heard::Progress(Progress {
                blocks,
                all_blocks: Some(100),
                ballots,
            })
        };
        let state = hear(started(), Heard::Keeping(kept));
        let state = hear(hear(state, at(40, 700)), at(50, 900));
        let expected = Progress {
            blocks: 10,
            all_blocks: Some(60),
            ballots: 200,
        };
        assert_eq!(running(&state).this_visit(), expected);
        assert_eq!(running(&state).progress.ballots, 900);
    }

    #[test]
    fn storage_that_fills_up_does_not_undo_an_earlier_visit() {
        let kept = Keeping::Kept {
            ballots: 700,
            at: Some(1),
        };
        let state = hear(started(), Heard::Keeping(kept));
        let state = hear(state, Heard::Keeping(Keeping::Full));
        assert_eq!(running(&state).keeping, Some(kept));
        let state = hear(started(), Heard::Keeping(Keeping::Full));
        assert_eq!(running(&state).keeping, Some(Keeping::Full));
    }

    #[test]
    fn news_of_an_earlier_recount_is_dropped() {
        let progress = Progress {
            blocks: 9,
            ..Progress::default()
        };
        let state = started().reduce(RecountChange::Heard {
            number: 2,
            heard: Heard::Progress(progress),
        });
        assert_eq!(running(&state).progress.blocks, 0);
        let state = state.reduce(RecountChange::Broke { number: 2 });
        assert_eq!(running(&state).number, 3);
        assert_eq!(
            *state.reduce(RecountChange::Cancelled),
            RecountState::Cancelled
        );
    }
}
