//! Every municipality's node: where it stands, and what follows.

mod evidence;
mod kept;
mod required;
mod table;

use crate::components::{Alert, CardView, GatedPage, Identifier, Tone, use_language};
use crate::state::watch::Found;
use crate::state::{SessionChange, use_session};
use crate::text::{Language, NodesText as Text, StandingWord, grouped};
use evidence::EvidenceView;
use kept::Kept;
use required::Required;
use std::rc::Rc;
use table::table;
use verifier_core::{NodeStanding, TrustCard};
use yew::prelude::*;

/// The page.
#[component]
pub fn Nodes() -> Html {
    let language = use_language();
    let content = Callback::from(|card: Rc<TrustCard>| html! { <Desk {card} /> });
    html! { <GatedPage title={language.say(Text::Title)} lead={language.say(Text::Lead)} testid="page-nodes" {content} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct DeskProps {
    card: Rc<TrustCard>,
}

#[component]
fn Desk(props: &DeskProps) -> Html {
    let language = use_language();
    let session = use_session();
    let card = &props.card;
    let again = {
        let dispatch = session.dispatcher();
        Callback::from(move |_| dispatch.dispatch(SessionChange::AskAgain))
    };
    if card.nodes.is_empty() {
        return html! {
            <div class="stack">
                <Alert tone={Tone::Unsure} title={language.say(Text::NoNodes)} testid="no-nodes" />
                <CardView card={card.clone()} />
            </div>
        };
    }
    let watch = session.watch();
    let asking = watch.is_asking();
    html! {
        <div class="stack">
            { for watch.alarm().map(|found| html! { <EvidenceView card={card.clone()} found={found.clone()} /> }) }
            { for watch.found().map(|found| summary(language, found)) }
            <div class="buttons"><button type="button" class="button" onclick={again} disabled={asking} data-testid="nodes-refresh">{ language.say(Text::Refresh) }</button></div>
            { table(language, card, watch.found().map(Rc::as_ref)) }
            <div class="columns section">
                <Required card={card.clone()} />
                <Kept card={card.clone()} />
            </div>
            <CardView card={card.clone()} />
        </div>
    }
}

/// How many stand how.
fn summary(language: Language, found: &Found) -> Html {
    let agreement = &found.agreement;
    let mut kinds: Vec<(AttrValue, usize)> = Vec::new();
    for standing in &agreement.nodes {
        let word = language.say(StandingWord(standing));
        match kinds.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => kinds.push((word, 1)),
        }
    }
    html! {
        <dl class="facts card plain" data-testid="nodes-summary">
            { for kinds.into_iter().map(|(word, count)| html! { <div><dt>{ word }</dt><dd class="number">{ count }</dd></div> }) }
            <div><dt>{ language.say(Text::ComparedAt) }</dt><dd class="number" data-testid="compared-height">{ grouped(agreement.height) }</dd></div>
            { for agreement.hash.map(|hash| html! { <div class="wide"><dt>{ language.say(Text::Hash) }</dt><dd><Identifier value={hash.to_string()} /></dd></div> }) }
        </dl>
    }
}

/// As it stands in tests.
fn state_word(standing: &NodeStanding) -> &'static str {
    match standing {
        NodeStanding::Asked => "asking",
        NodeStanding::Agrees { .. } => "agrees",
        NodeStanding::Behind { .. } => "behind",
        NodeStanding::Unreachable(_) => "unreachable",
        NodeStanding::Faulty(_) => "faulty",
        NodeStanding::Conflicts { .. } => "conflict",
        NodeStanding::Rewrote { .. } => "rewrote",
    }
}
