//! After a vote neither the card's secret nor the choice is anywhere in the kiosk's browser: strings of the heap, WebAssembly memories, storage, files; and no
//! buffer is left that was not there before.

use super::{booth, polls};
use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Browser, Polling, Probe, Trace, find_in_files};
use serde_json::json;
use verifier_core::VotingRight;

const CANDIDATE: usize = 3;
const CHOICE: &[u8] = &[3, 0];

/// What would give a voter away.
fn traces(right: &VotingRight) -> Vec<Trace> {
    let text = right.to_text();
    // The end holds the seed; the beginning is the same on every card.
    let secret = text.get(110..150).unwrap_or_default();
    let hexadecimal: String = right
        .seed
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    vec![
        Trace::text("the card's text", secret),
        Trace::text("the card's text in small letters", &secret.to_lowercase()),
        Trace::text("the key in hexadecimal", &hexadecimal),
        Trace::bytes("the key", &right.seed),
        // As any record of the vote would hold them side by side.
        Trace::bytes("the mark and the choice", &[b"QZ27", CHOICE].concat()),
        Trace::bytes("the choice and the mark", &[CHOICE, b"QZ27"].concat()),
    ]
}

pub async fn test(visit: &Visit) -> Result<()> {
    let polls = polls().await?;
    let site = visit.site_with(&polls.card).await?;
    let (right, card) = booth::card(polls)?;
    let traces = traces(&right);
    let browser = &visit.browser;
    booth::open(browser, &site).await?;
    let mut probe = Probe::attach(browser).await?;
    somebody_else(browser, polls).await?;
    let buffers = probe.buffers().await?;
    booth::type_card(browser, &card).await?;
    booth::choose(browser, CANDIDATE).await?;
    ensure(booth::workers(browser).await? == 1, || {
        "nobody holds the secret".into()
    })?;
    browser.click("kiosk-cast").await?;
    browser.see("kiosk-done").await?;
    booth::until_no_workers(browser).await?;
    nothing(&mut probe, &traces, "with the receipt on show").await?;
    browser.click("kiosk-finish").await?;
    booth::ready(browser).await?;
    nothing(&mut probe, &traces, "after the voter has left").await?;
    choice_is_gone(&mut probe, visit).await?;
    let left = probe.buffers().await?;
    ensure(left <= buffers, || {
        format!("{left} buffers instead of {buffers}")
    })?;
    let files = find_in_files(browser.profile(), &traces)?;
    ensure(files.is_empty(), || format!("{files:?}"))?;
    planted_is_found(visit, &mut probe, &right, &traces).await
}

/// Votes before, so that whatever a first vote leaves for all others is there.
async fn somebody_else(browser: &Browser, polls: &Polling) -> Result<()> {
    let (_, card) = booth::card(polls)?;
    booth::type_card(browser, &card).await?;
    booth::choose(browser, 1).await?;
    booth::cast(browser).await?;
    browser.click("kiosk-finish").await?;
    booth::ready(browser).await
}

async fn nothing(probe: &mut Probe, traces: &[Trace], when: &str) -> Result<()> {
    let found = probe.find(traces).await?;
    ensure(found.is_empty(), || format!("{when}: {found:?}"))
}

/// The screen that named the choice alone is gone with whatever hung from it.
async fn choice_is_gone(probe: &mut Probe, visit: &Visit) -> Result<()> {
    let heap = probe.heap().await?;
    ensure(heap.contains("kiosk-idle"), || {
        "the snapshot does not even hold what is shown".into()
    })?;
    for gone in ["Detached HTMLInputElement", "Detached HTMLLabelElement"] {
        ensure(!heap.contains(gone), || format!("{gone} is still held"))?;
    }
    ensure(!visit.browser.shows("kiosk-paper").await?, || {
        "the ballot paper is on show".into()
    })
}

/// The same search finds each trace where it was put, so that finding nothing means something.
async fn planted_is_found(
    visit: &Visit,
    probe: &mut Probe,
    right: &VotingRight,
    traces: &[Trace],
) -> Result<()> {
    let text = right.to_text();
    let script = "window.planted = { text: arguments[0], memory: new WebAssembly.Memory({ initial: 1 }) };
        new Uint8Array(window.planted.memory.buffer).set(arguments[1], 77); localStorage.setItem('planted', arguments[0]); return true;";
    let arguments = vec![json!(text.as_str()), json!(right.seed)];
    let _: bool = visit.browser.run(script, arguments).await?;
    let found = probe.find(traces).await?;
    for expected in [
        "the card's text in the heap",
        "the card's text in storage",
        "the key in a WebAssembly.Memory",
    ] {
        ensure(found.iter().any(|name| name == expected), || {
            format!("{expected} was not found: {found:?}")
        })?;
    }
    let _: bool = visit
        .browser
        .run(
            "delete window.planted; localStorage.removeItem('planted'); return true;",
            vec![],
        )
        .await?;
    Ok(())
}
