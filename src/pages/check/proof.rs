//! Saving a receipt with its proof, and showing what such a file proves.

use crate::components::{Alert, Tone, use_language};
use crate::services::{self, download};
use crate::state::filed::ProofSaving;
use crate::text::{KeepText as Text, Language, NoProof, ProvenText};
use std::rc::Rc;
use verifier_core::{ReceiptProofCollect, TrustCard};
use yew::prelude::*;

const FILE: &str = "chamgwan-receipt-proof.json";

#[derive(Clone, PartialEq, Properties)]
pub struct ProofDeskProps {
    pub card: Rc<TrustCard>,
    /// The node that was asked, and what its answers began.
    pub node: usize,
    pub proof: Rc<ReceiptProofCollect>,
}

/// The button that collects, checks and saves the proof, and what came of it.
#[component]
pub fn ProofDesk(props: &ProofDeskProps) -> Html {
    let language = use_language();
    let saving = use_state_eq(ProofSaving::default);
    let onclick = {
        let (saving, props) = (saving.clone(), props.clone());
        Callback::from(move |_| {
            let (saving, props) = (saving.clone(), props.clone());
            saving.set(ProofSaving::Collecting);
            yew::platform::spawn_local(async move {
                saving.set(save(&props).await);
            });
        })
    };
    let busy = *saving == ProofSaving::Collecting;
    html! {
        <div class="stack">
            <p class="small quiet">{ language.say(Text::ProofText) }</p>
            <div class="buttons">
                <button type="button" class="button small" {onclick} disabled={busy} data-testid="save-proof">{ language.say(Text::SaveProof) }</button>
            </div>
            <div role="status">{ outcome(language, props, &saving) }</div>
        </div>
    }
}

async fn save(props: &ProofDeskProps) -> ProofSaving {
    match services::receipt_proof::collect(&props.card, &props.proof, props.node).await {
        Ok((proof, ballot)) => {
            download::save(FILE, "application/json", proof.to_json().as_bytes());
            ProofSaving::Saved(ballot)
        }
        Err(error) => ProofSaving::Refused(error),
    }
}

fn outcome(language: Language, props: &ProofDeskProps, saving: &ProofSaving) -> Html {
    match saving {
        ProofSaving::NotAsked => html! {},
        ProofSaving::Collecting => html! { <p>{ language.say(Text::ProofCollecting) }</p> },
        ProofSaving::Saved(ballot) => html! {
            <Alert tone={Tone::Good} title={language.say(Text::ProofSaved)} testid="proof-saved">
                <p class="small">{ language.say(ProvenText(ballot)) }</p>
            </Alert>
        },
        ProofSaving::Refused(error) => html! {
            <Alert tone={Tone::Unsure} title={language.say(Text::NoProof)} testid="proof-refused">
                <p>{ language.say(NoProof(error, &props.card.contract)) }</p>
            </Alert>
        },
    }
}
