//! Casts ballots for 2, 4, 8 and 16 candidates into a folder, and prints how many are verified per second on one core, natively: lines of
//! `candidates variant rate`, each the median of so many runs, variants by turns.
//!
//! Usage: `ballot-bench FOLDER RUNS`; none are measured if RUNS is 0.

use ballot_bench::{Ballots, Error, PeerBallots, cast};
use std::path::Path;
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

const COUNT: u16 = 8192;
/// What is checked one by one.
const FEW: usize = 256;
/// Bad ballots in one batch of a hundred and twenty-two: ten in a million.
const BAD: usize = 1;

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: ballot-bench FOLDER RUNS";
    let (folder, runs) = (
        arguments.next().ok_or(usage)?,
        arguments.next().ok_or(usage)?,
    );
    let runs: usize = runs.parse()?;
    for candidates in [2, 4, 8, 16] {
        let path = Path::new(&folder).join(format!("ballots-{candidates}.bin"));
        let start = Instant::now();
        std::fs::write(&path, cast_on_two_cores(candidates)?)?;
        println!(
            "{candidates} cast {:.0}",
            rate(COUNT.into(), start.elapsed())
        );
        let ours = Ballots::read(candidates, &std::fs::read(&path)?)?;
        println!("{candidates} bytes {}", ours.size());
        if runs > 0 {
            measure(candidates, &ours, runs)?;
        }
    }
    Ok(())
}

fn cast_on_two_cores(candidates: usize) -> Result<Vec<u8>, Error> {
    let second = thread::spawn(move || cast(candidates, COUNT / 2..COUNT));
    let mut ballots = cast(candidates, 0..COUNT / 2)?;
    ballots.extend(second.join().map_err(|_| "casting ballots ended badly")??);
    Ok(ballots)
}

fn measure(candidates: usize, ours: &Ballots, runs: usize) -> Result<(), Error> {
    let peers = PeerBallots::cast(candidates, FEW);
    let all = usize::from(COUNT);
    let variants: [(&str, usize, &dyn Fn() -> usize); 5] = [
        ("batched", all, &|| ours.check_in_batches()),
        ("hinted", all, &|| ours.check_with_hints()),
        ("bad", all, &|| ours.check_among_bad(BAD) + BAD),
        ("single", FEW, &|| ours.check_one_by_one(FEW)),
        ("elastic-elgamal", FEW, &|| peers.check()),
    ];
    let mut measured = variants.map(|_| Vec::new());
    for _ in 0..runs {
        for ((name, count, work), rates) in variants.iter().zip(&mut measured) {
            let start = cpu_time();
            let held = work();
            rates.push(rate(*count, cpu_time() - start));
            if held != *count {
                return Err(format!("{name}: {held} of {count} ballots hold").into());
            }
        }
    }
    for ((name, ..), mut rates) in variants.iter().zip(measured) {
        rates.sort_by(f64::total_cmp);
        let median = rates.get(rates.len() / 2).ok_or("nothing was measured")?;
        println!("{candidates} {name} {median:.0}");
    }
    Ok(())
}

fn rate(count: usize, time: Duration) -> f64 {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    f64::from(count) / time.as_secs_f64()
}

/// Time that this thread spent on a core, so that a busy machine measures the same; the time of day where Linux is not there to tell.
fn cpu_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|stat| stat.split(' ').next()?.parse().ok())
        .map_or_else(|| START.elapsed(), Duration::from_nanos)
}
