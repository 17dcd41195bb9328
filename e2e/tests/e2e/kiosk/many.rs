//! Many people vote one after another on one kiosk: no worker stays, memory does not grow, and the last is served as quickly as the first.

use super::booth;
use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::{Context, Result};
use e2e::{Polling, Probe};
use std::time::{Duration, Instant};

/// As many as these vote, unless `CHAMGWAN_KIOSK_VOTES` says otherwise.
const VOTES: usize = 30;
const VARIABLE: &str = "CHAMGWAN_KIOSK_VOTES";
/// The first voters warm caches up; memory is compared from there on.
const WARM: usize = 5;
/// What may be left of a voter in the page's heap: strings of the log of the test's own driver.
const BYTES_A_VOTER: u64 = 8_000;

pub async fn test(visit: &Visit) -> Result<()> {
    let votes = match std::env::var(VARIABLE) {
        Ok(number) => number
            .parse()
            .with_context(|| format!("{VARIABLE}={number}"))?,
        Err(_) => VOTES,
    };
    let polls = Polling::open(votes).await?;
    let site = visit.site_with(&polls.card).await?;
    let browser = &visit.browser;
    booth::open(browser, &site).await?;
    let mut probe = Probe::attach(browser).await?;
    let (mut before, mut times) = ((0, 0), Vec::new());
    for number in 0..votes {
        let (_, card) = booth::card(&polls)?;
        let begun = Instant::now();
        booth::show_card(browser, &card).await?;
        booth::choose(browser, number % 8).await?;
        booth::cast(browser).await?;
        browser.click("kiosk-finish").await?;
        booth::ready(browser).await?;
        times.push(begun.elapsed());
        booth::until_no_workers(browser).await?;
        if number + 1 == WARM {
            before = probe.size().await?;
        }
    }
    let after = probe.size().await?;
    report(&times, before, after)?;
    let voters = u64::try_from(votes.saturating_sub(WARM))?;
    let allowed = before.0 + voters * BYTES_A_VOTER + 500_000;
    ensure(after.0 <= allowed, || {
        format!("the heap grew from {} to {} bytes", before.0, after.0)
    })?;
    ensure(after.1 <= before.1, || {
        format!(
            "WebAssembly memories grew from {} to {} bytes",
            before.1, after.1
        )
    })?;
    is_not_slower(&times)
}

/// What the run came to, for whoever reads along.
fn report(times: &[Duration], before: (u64, u64), after: (u64, u64)) -> Result<()> {
    let all: Duration = times.iter().sum();
    let mean = all / u32::try_from(times.len().max(1))?;
    eprintln!(
        "kiosk: {} votes, {:.2} s each by the robot; heap {} → {} bytes, WebAssembly {} → {} bytes",
        times.len(),
        mean.as_secs_f64(),
        before.0,
        after.0,
        before.1,
        after.1
    );
    Ok(())
}

/// The median of the last third is at most twice that of the first.
fn is_not_slower(times: &[Duration]) -> Result<()> {
    let third = (times.len() / 3).max(1);
    let median = |part: &[Duration]| {
        let mut part = part.to_vec();
        part.sort();
        part.get(part.len() / 2).copied().unwrap_or_default()
    };
    let first = median(times.get(..third).unwrap_or_default());
    let last = median(times.get(times.len() - third..).unwrap_or_default());
    ensure(last <= first * 2, || format!("{first:?} became {last:?}"))
}
