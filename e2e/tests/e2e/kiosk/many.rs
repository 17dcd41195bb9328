//! Many people vote one after another on one kiosk: no worker stays, memory does not grow, and the last is served as quickly as the first.

use super::booth;
use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::{Context, Result};
use e2e::{Held, Polling, Probe};
use serde_json::Value;
use std::time::{Duration, Instant};

/// As many as these vote, unless `CHAMGWAN_KIOSK_VOTES` says otherwise.
const VOTES: usize = 30;
const VARIABLE: &str = "CHAMGWAN_KIOSK_VOTES";
/// The first voters warm caches up; memory is compared from there on.
const WARM: usize = 5;
/// What the browser may keep of a voter beside the page's own objects, such as code that it compiled and entries about what was drawn when.
const BYTES_A_VOTER: u64 = 1_000;

/// Something to be found, or finding nothing would say nothing.
const PLANT: &str = "window.planted = [document.createElement('i'), Array(100_000).fill(0.5)];";

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
    let (mut before, mut times) = (None, Vec::new());
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
            before = Some(probe.size().await?);
        }
    }
    let before = before.with_context(|| format!("fewer than {WARM} votes"))?;
    let after = probe.size().await?;
    let grew = report(&times, before, after)?;
    let voters = u64::try_from(votes.saturating_sub(WARM))?;
    let allowed = before.0.bytes + voters * BYTES_A_VOTER + 100_000;
    ensure(after.0.bytes <= allowed, || grew.clone())?;
    ensure(after.0.elements <= before.0.elements, || grew.clone())?;
    ensure(after.1 <= before.1, || grew.clone())?;
    let _: Value = browser.run(PLANT, vec![]).await?;
    let planted = probe.size().await?.0;
    ensure(
        planted.elements > after.0.elements && planted.bytes > after.0.bytes + 500_000,
        || format!("what is planted is not seen: {planted:?}"),
    )?;
    is_not_slower(&times)
}

/// What the run came to, for whoever reads along.
fn report(times: &[Duration], before: (Held, u64), after: (Held, u64)) -> Result<String> {
    let all: Duration = times.iter().sum();
    let mean = all / u32::try_from(times.len().max(1))?;
    let ((heap, wasm), (later, wasm_later)) = (before, after);
    let report = format!(
        "kiosk: {} votes, {:.2} s each by the robot; the page's objects {} → {} bytes, elements {} → {}, WebAssembly {wasm} → {wasm_later} bytes",
        times.len(),
        mean.as_secs_f64(),
        heap.bytes,
        later.bytes,
        heap.elements,
        later.elements,
    );
    eprintln!("{report}");
    Ok(report)
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
