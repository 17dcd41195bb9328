//! What each worker of a recount does.

use verifier_core::Height;

/// What a worker does just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doing {
    /// The browser ended it; another one is on its way.
    Gone,
    Starting,
    /// It has nothing to do.
    Waiting,
    /// Blocks are fetched for it.
    Fetching {
        first: Height,
        last: Height,
    },
    Checking {
        first: Height,
        last: Height,
    },
}

impl Doing {
    /// Of what a worker does with all its spans: checking rather than fetching, and the earlier span.
    pub fn most_telling(spans: impl Iterator<Item = Self>) -> Self {
        let rank = |doing: &Self| match *doing {
            Self::Checking { first, .. } => (0, first),
            Self::Fetching { first, .. } => (1, first),
            Self::Waiting | Self::Starting | Self::Gone => (2, 0),
        };
        spans.min_by_key(rank).unwrap_or(Self::Waiting)
    }

    /// For what does not depend on the language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Starting => "starting",
            Self::Waiting => "waiting",
            Self::Fetching { .. } => "fetching",
            Self::Checking { .. } => "checking",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_checks_is_not_said_to_fetch() {
        let fetching = Doing::Fetching { first: 1, last: 9 };
        let checking = Doing::Checking {
            first: 20,
            last: 29,
        };
        let said = Doing::most_telling([fetching, checking].into_iter());
        assert_eq!(said, checking);
        assert_eq!(Doing::most_telling(core::iter::empty()), Doing::Waiting);
    }
}
