//! A ballot that is nowhere although it was promised: the voter gets a file that names the municipality.

use crate::components::{Alert, Icon, IconName, Tone, use_language};
use crate::services::{self, download};
use crate::state::Run;
use crate::state::dispute::DisputeWriting;
use crate::text::{BrokenText, Language, NoDispute, ReceiptText as Text};
use std::rc::Rc;
use verifier_core::TrustCard;
use yew::prelude::*;

const FILE: &str = "chamgwan-dispute.json";

#[derive(Clone, PartialEq, Properties)]
pub struct DisputeDeskProps {
    pub card: Rc<TrustCard>,
    pub run: Run,
}

/// The button that collects, checks and saves the file, and what came of it.
#[component]
pub fn DisputeDesk(props: &DisputeDeskProps) -> Html {
    let language = use_language();
    let writing = use_state_eq(DisputeWriting::default);
    let onclick = {
        let (writing, card, run) = (writing.clone(), props.card.clone(), props.run.clone());
        Callback::from(move |_| {
            let (writing, card, run) = (writing.clone(), card.clone(), run.clone());
            writing.set(DisputeWriting::Collecting);
            yew::platform::spawn_local(async move {
                writing.set(write(&card, &run).await);
            });
        })
    };
    let busy = *writing == DisputeWriting::Collecting;
    html! {
        <section class="card stack no-print">
            <h2>{ language.say(Text::DisputeTitle) }</h2>
            <p>{ language.say(Text::DisputeText) }</p>
            <div class="buttons">
                <button type="button" class="button primary" {onclick} disabled={busy} data-testid="save-dispute">
                    <Icon name={IconName::Download} size={20} />{ language.say(Text::Dispute) }
                </button>
            </div>
            <div role="status">{ outcome(language, &props.card, &writing) }</div>
        </section>
    }
}

async fn write(card: &TrustCard, run: &Run) -> DisputeWriting {
    match services::dispute::collect(card, &run.receipt, run.node).await {
        Ok((file, broken)) => {
            download::save(FILE, "application/json", file.to_json().as_bytes());
            DisputeWriting::Written(broken)
        }
        Err(error) => DisputeWriting::Refused(error),
    }
}

fn outcome(language: Language, card: &TrustCard, writing: &DisputeWriting) -> Html {
    let contract = &card.contract;
    match writing {
        DisputeWriting::NotAsked => html! {},
        DisputeWriting::Collecting => html! { <p>{ language.say(Text::DisputeCollecting) }</p> },
        DisputeWriting::Written(broken) => html! {
            <Alert tone={Tone::Note} title={language.say(BrokenText(broken, contract))} testid="dispute-written">
                <p class="small">{ language.say(Text::DisputeHow) }</p>
            </Alert>
        },
        DisputeWriting::Refused(error) => html! {
            <Alert tone={Tone::Unsure} title={language.say(Text::NoDispute)} testid="dispute-refused">
                <p>{ language.say(NoDispute(error, contract)) }</p>
            </Alert>
        },
    }
}
