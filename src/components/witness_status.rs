//! One line on every page: how many of the municipalities' nodes agree, and what the others do.

use super::alert::Tone;
use super::header::use_language;
use super::icon::{Icon, IconName};
use crate::route::Route;
use crate::state::use_session;
use crate::state::watch::{Found, Watch};
use crate::text::{Both, Language, Spoken, StatusLine, WatchText};
use verifier_core::{Consensus, NodeStanding, TrustCard};
use yew::prelude::*;

/// The line, leading to the page about the nodes.
#[component]
pub fn WitnessStatus() -> Html {
    let language = use_language();
    let session = use_session();
    let Some(card) = session.card() else {
        return html! {};
    };
    let watch = session.watch();
    let line = line(card, watch);
    let (tone, icon, word) = look(line);
    let found = watch.found();
    html! {
        <div class={classes!("witness-status", tone.map(Tone::colour))}>
            <div class="inner">
                <a href={Route::Nodes.href()} data-testid="witness-status" data-state={word} data-agree={found.map(|f| f.agreement.agreeing().to_string())}>
                    <Icon name={icon} size={18} /><span>{ language.say(line) }</span>
                </a>
                { for found.map(|found| others(language, card, found)) }
                <p class="unseen" role="status">{ language.say(Spoken(line)) }</p>
            </div>
        </div>
    }
}

fn line(card: &TrustCard, watch: &Watch) -> StatusLine {
    let nodes = card.nodes.len();
    if nodes == 0 {
        return StatusLine::NoNodes;
    }
    let Some(found) = watch.alarm().or(watch.found()) else {
        return StatusLine::Asking;
    };
    let agreement = &found.agreement;
    match agreement.consensus() {
        Consensus::Conflict => StatusLine::Conflict,
        Consensus::Rewritten => StatusLine::Rewritten,
        Consensus::TooFew { agree, required } => StatusLine::TooFew {
            agree,
            nodes,
            required,
        },
        Consensus::Enough => StatusLine::Agree {
            agree: agreement.agreeing(),
            nodes,
            height: agreement.height,
        },
    }
}

fn look(line: StatusLine) -> (Option<Tone>, IconName, &'static str) {
    match line {
        StatusLine::NoNodes => (Some(Tone::Unsure), IconName::Question, "none"),
        StatusLine::Asking => (None, IconName::Turning, "asking"),
        StatusLine::Agree { .. } => (Some(Tone::Good), IconName::Tick, "enough"),
        StatusLine::TooFew { .. } => (Some(Tone::Unsure), IconName::Question, "too-few"),
        StatusLine::Conflict => (Some(Tone::Bad), IconName::Cross, "conflict"),
        StatusLine::Rewritten => (Some(Tone::Bad), IconName::Cross, "rewritten"),
    }
}

/// Those that do not agree, and a ledger that stands still.
fn others(language: Language, card: &TrustCard, found: &Found) -> Html {
    let behind = found.count(|node| matches!(node, NodeStanding::Behind { .. }));
    let silent = found.count(|node| matches!(node, NodeStanding::Unreachable(_)));
    let faulty = found.count(|node| matches!(node, NodeStanding::Faulty(_)));
    let counts = [
        (behind, WatchText::Behind(behind)),
        (silent, WatchText::Unreachable(silent)),
        (faulty, WatchText::Faulty(faulty)),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let stalled = found.stalled(card).map(WatchText::Stalled);
    html! {
        <>
            { for counts.map(|(_, text)| html! { <span class="badge unsure">{ language.say(text) }</span> }) }
            { for stalled.map(|text| html! { <p class="stalled" data-testid="ledger-stalled">{ language.say(Both::from(text)) }</p> }) }
        </>
    }
}
