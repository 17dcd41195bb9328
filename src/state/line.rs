//! How fast the line to the source is. It decides whether decompression hints are worth their download, and nothing else.

/// Hints save a worker about as much time as they take to download at this rate, in bits a millisecond.
const BREAK_EVEN: u64 = 60_000;
/// What is measured over less time than this says little; over more, old measurements fade.
const SHORTEST_MS: u64 = 300;
const LONGEST_MS: u64 = 10_000;

/// Bytes, and the time during which anything was under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    bytes: u64,
    busy_ms: u64,
    under_way: u32,
    since: u64,
}

impl Line {
    /// A download begins.
    pub fn begin(&mut self, now: u64) {
        self.count(now);
        self.under_way = self.under_way.saturating_add(1);
    }

    /// A download ends.
    pub fn end(&mut self, now: u64, bytes: u64) {
        self.count(now);
        self.under_way = self.under_way.saturating_sub(1);
        self.bytes = self.bytes.saturating_add(bytes);
        if self.busy_ms > LONGEST_MS {
            self.busy_ms /= 2;
            self.bytes /= 2;
        }
    }

    fn count(&mut self, now: u64) {
        if self.under_way > 0 {
            let passed = now.saturating_sub(self.since);
            self.busy_ms = self.busy_ms.saturating_add(passed);
        }
        self.since = now;
    }

    /// Whether the line feeds so many workers with hints.
    pub fn pays(&self, workers: usize) -> bool {
        let workers = u64::try_from(workers.max(1)).unwrap_or(u64::MAX);
        let bits = self.bytes.saturating_mul(8);
        let rate = bits.checked_div(self.busy_ms).unwrap_or(0);
        self.busy_ms >= SHORTEST_MS && rate >= BREAK_EVEN.saturating_mul(workers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A megabyte in 100 ms is 80 Mbit/s.
    fn measured(times: u64) -> Line {
        let mut line = Line::default();
        for time in 0..times {
            line.begin(time * 1_000);
            line.end(time * 1_000 + 100, 1_000_000);
        }
        line
    }

    #[test]
    fn hints_pay_where_the_line_feeds_every_worker() {
        assert!(measured(5).pays(1));
        assert!(!measured(5).pays(2));
        assert!(!measured(2).pays(1)); // too little is known
    }

    #[test]
    fn downloads_side_by_side_share_their_time() {
        let mut line = Line::default();
        line.begin(0);
        line.begin(0);
        line.end(400, 5_000_000);
        line.end(400, 5_000_000);
        assert!(line.pays(3));
    }

    #[test]
    fn a_line_that_becomes_slow_is_noticed() {
        let mut line = measured(50);
        line.begin(100_000);
        line.end(130_000, 1_000_000);
        assert!(!line.pays(1));
    }
}
