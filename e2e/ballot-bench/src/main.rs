//! Prints ballots verified per second on one core of this machine, natively.

use ballot_bench::Ballots;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

const COUNT: usize = 4096;
const PEER_COUNT: usize = 1024;

fn main() -> Result<(), ballot_bench::Error> {
    println!(
        "k  cast  batched  with hints  one by one  elastic-elgamal  (ballots per second, one core)"
    );
    for candidates in [2, 4, 8] {
        let start = cpu_time();
        let ballots = Ballots::cast(candidates, COUNT, 0)?;
        let cast = rate(COUNT, start);
        let peer = Ballots::cast(candidates, 0, PEER_COUNT)?;
        let batched = measure(|| ballots.check_in_batches());
        let hinted = measure(|| ballots.check_with_hints());
        let single = measure(|| ballots.check_one_by_one());
        let peer = measure(|| peer.check_peer());
        println!("{candidates}  {cast:.0}  {batched:.0}  {hinted:.0}  {single:.0}  {peer:.0}");
    }
    Ok(())
}

/// The better of two runs.
fn measure(work: impl Fn() -> usize) -> f64 {
    let run = || {
        let start = cpu_time();
        rate(work(), start)
    };
    f64::max(run(), run())
}

fn rate(count: usize, start: Duration) -> f64 {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    f64::from(count) / (cpu_time() - start).as_secs_f64()
}

/// Time that this thread spent on a core, so that a busy machine measures the same; the time of day where Linux is not there to tell.
fn cpu_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|stat| stat.split(' ').next()?.parse().ok())
        .map_or_else(|| START.elapsed(), Duration::from_nanos)
}
