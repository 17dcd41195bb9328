//! How fast a recount goes: ballots a second, and the time left. For people to look at; no verification sees it.

/// Time that has passed while working, pauses left out, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stopwatch {
    before: u64,
    since: Option<u64>,
}

impl Stopwatch {
    /// Runs from `now` on.
    pub fn start(self, now: u64) -> Self {
        Self {
            before: self.elapsed(now),
            since: Some(now),
        }
    }

    /// Stands still from `now` on.
    pub fn stop(self, now: u64) -> Self {
        Self {
            before: self.elapsed(now),
            since: None,
        }
    }

    /// Milliseconds run so far.
    pub fn elapsed(self, now: u64) -> u64 {
        let running = self.since.map_or(0, |since| now.saturating_sub(since));
        self.before.saturating_add(running)
    }
}

/// Things done per second, rounded down; `None` before anything can be said.
pub fn rate(done: u64, elapsed_ms: u64) -> Option<u64> {
    done.saturating_mul(1000).checked_div(elapsed_ms)
}

/// Whole seconds left if the rest goes as fast as what was done; `None` before anything can be said.
pub fn seconds_left(done: u64, total: u64, elapsed_ms: u64) -> Option<u64> {
    let rest = total.saturating_sub(done);
    elapsed_ms
        .saturating_mul(rest)
        .checked_div(done)
        .map(|ms| ms.div_ceil(1000))
}

/// Thousandths of `part` in `whole`, at most 1000.
pub fn permille(part: u64, whole: u64) -> u64 {
    part.saturating_mul(1000)
        .checked_div(whole)
        .unwrap_or(0)
        .min(1000)
}

/// Thousandths as a percentage with one decimal.
pub fn percent(permille: u64) -> String {
    format!("{}.{}%", permille / 10, permille % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_do_not_count() {
        let watch = Stopwatch::default().start(100).stop(300).start(1_000);
        assert_eq!(watch.elapsed(1_500), 700);
        assert_eq!(watch.stop(1_500).elapsed(9_999), 700);
    }

    #[test]
    fn says_nothing_before_anything_is_done() {
        assert_eq!(rate(5, 0), None);
        assert_eq!(seconds_left(0, 10, 500), None);
        assert_eq!(rate(500, 250), Some(2_000));
        assert_eq!(seconds_left(10, 40, 1_000), Some(3));
        assert_eq!(seconds_left(40, 40, 1_000), Some(0));
    }

    #[test]
    fn percentages_have_one_decimal() {
        assert_eq!(percent(permille(1, 3)), "33.3%");
        assert_eq!(percent(permille(0, 0)), "0.0%");
        assert_eq!(percent(permille(9, 3)), "100.0%");
    }
}
