//! A recount, from the choice of a source to the report.

use super::pace::Stopwatch;
use super::row::{Reason, Recounted};
use super::watch::Found;
use recount_worker::Progress;
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
    Progressed {
        number: u32,
        progress: Progress,
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
            }),
            RecountChange::Progressed { number, progress } if self.is_run(number) => {
                self.with_running(|running| running.progress = progress)
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
            RecountChange::Progressed { .. } | RecountChange::Broke { .. } => return self,
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

    #[test]
    fn news_of_an_earlier_recount_is_dropped() {
        let progress = Progress {
            blocks: 9,
            ..Progress::default()
        };
        let state = started().reduce(RecountChange::Progressed {
            number: 2,
            progress,
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
