//! What stands in for a page's content while there is no trust card or the self-test failed: nothing is verified without them.

use super::alert::{Alert, Tone};
use super::header::use_language;
use crate::services;
use crate::state::{SelfTest, SessionChange, Trust, use_session};
use crate::text::{Both, CardTrouble, Gate};
use std::rc::Rc;
use verifier_core::TrustCard;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct TrustGateProps {
    /// Draws the content, given the card.
    pub content: Callback<Rc<TrustCard>, Html>,
}

/// Shows the content only with a trust card and a passed self-test, or says what is in the way.
#[component]
pub fn TrustGate(props: &TrustGateProps) -> Html {
    let language = use_language();
    let session = use_session();
    match (session.self_test(), session.trust()) {
        (SelfTest::Failed(_), _) => html! {
            <Alert tone={Tone::Bad} title={language.say(Gate::SelfTestFailed)} testid="self-test-refusal">
                <p>{ language.say(Gate::SelfTestFailedNext) }</p>
            </Alert>
        },
        (SelfTest::Running, _) | (SelfTest::Passed(_), Trust::Loading) => html! {
            <Alert tone={Tone::Note} title={language.say(Gate::Starting)} testid="starting" />
        },
        (SelfTest::Passed(_), Trust::Missing(_)) => no_card(
            language.say(Gate::CardMissing),
            language.say(Gate::CardNext),
            "trust-card-missing",
        ),
        (SelfTest::Passed(_), Trust::Malformed(error)) => no_card(
            language.say(CardTrouble(error)),
            language.say(Gate::CardNext),
            "trust-card-malformed",
        ),
        (SelfTest::Passed(_), Trust::Ready(card)) => props.content.emit(card.clone()),
    }
}

fn no_card(title: AttrValue, next: AttrValue, testid: &'static str) -> Html {
    html! {
        <Alert tone={Tone::Unsure} {title} {testid}>
            <p>{ next }</p>
            <CardInput />
        </Alert>
    }
}

/// Lets the visitor choose a trust card from a file.
#[component]
pub fn CardInput() -> Html {
    let language = use_language();
    let session = use_session().dispatcher();
    let onchange = Callback::from(move |event: Event| {
        let session = session.clone();
        let input = event
            .target()
            .and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        if let Some(file) = input.and_then(|i| i.files()).and_then(|f| f.get(0)) {
            yew::platform::spawn_local(async move {
                let card = services::trust_card::from_file(&file).await;
                session.dispatch(SessionChange::CardRead(card));
            });
        }
    });
    let label = language.say(Both::from(Gate::ChooseCard));
    html! {
        <div class="buttons">
            <label class="button small file-button">
                { label }
                <input class="unseen" type="file" accept=".json,application/json" {onchange} data-testid="trust-card-file" />
            </label>
        </div>
    }
}
