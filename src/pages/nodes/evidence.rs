//! Two ledgers: who signed both, and the proof of it as a file.

use crate::components::{Icon, IconName, use_language};
use crate::services::download;
use crate::state::watch::Found;
use crate::text::{Both, Language, NodesText as Text};
use std::collections::BTreeSet;
use std::rc::Rc;
use verifier_core::{AttackEvidence, PublicKey, TrustCard};
use yew::prelude::*;

const FILE: &str = "chamgwan-evidence.json";

#[derive(Clone, PartialEq, Properties)]
pub struct EvidenceViewProps {
    pub card: Rc<TrustCard>,
    /// The survey that raised the alarm.
    pub found: Rc<Found>,
}

/// The culprits' names and the button that saves the evidence.
#[component]
pub fn EvidenceView(props: &EvidenceViewProps) -> Html {
    let language = use_language();
    let content = match &props.found.agreement.evidence {
        Some(evidence) => details(language, &props.card, evidence),
        None => html! { <p>{ language.say(Text::NoEvidence) }</p> },
    };
    html! {
        <section class="card stack" data-testid="nodes-conflict">
            <h2>{ language.say(Text::Evidence) }</h2>
            { content }
        </section>
    }
}

fn details(language: Language, card: &TrustCard, evidence: &AttackEvidence) -> Html {
    let json = evidence.to_json();
    let save = Callback::from(move |_| download::save(FILE, "application/json", json.as_bytes()));
    html! {
        <>
            { list(language, card, Text::Culprits, &evidence.culprits(), "culprits") }
            { list(language, card, Text::Suspects, &evidence.suspects(), "suspects") }
            <div class="buttons">
                <button type="button" class="button primary" onclick={save} data-testid="save-evidence"><Icon name={IconName::Download} size={20} />{ language.say(Text::SaveEvidence) }</button>
            </div>
            <p class="small quiet">{ language.say(Text::EvidenceNote) }</p>
        </>
    }
}

/// Names of validators, if there are any.
fn list(
    language: Language,
    card: &TrustCard,
    title: Text,
    keys: &BTreeSet<PublicKey>,
    testid: &'static str,
) -> Html {
    if keys.is_empty() {
        return html! {};
    }
    let named = card.validators.iter().filter(|v| keys.contains(&v.key));
    let names = named.map(|v| language.say(Both::new(v.name_ko.clone(), v.name_en.clone())));
    html! {
        <div>
            <h3>{ language.say(title) }{ " " }<span class="badge bad number">{ keys.len() }</span></h3>
            <ul class="names" data-testid={testid}>{ for names.map(|name| html! { <li>{ name }</li> }) }</ul>
        </div>
    }
}
