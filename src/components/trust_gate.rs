//! What stands in for a page's content while there is no trust card or the self-test failed: nothing is verified without them.

use super::alert::{Alert, Tone};
use super::card_input::CardInput;
use super::header::use_language;
use crate::services::clock;
use crate::state::{SelfTest, Trust, use_session};
use crate::text::{CardText, CardTrouble, Gate, Language};
use std::rc::Rc;
use verifier_core::{CardAge, TrustCard};
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
        (SelfTest::Passed(_), Trust::Ready(card)) => html! {
            <>
                { expired(language, card) }
                { props.content.emit(card.clone()) }
            </>
        },
    }
}

/// What is checked all the same ends inconclusive; the visitor learns it before.
fn expired(language: Language, card: &TrustCard) -> Html {
    if !matches!(card.age(clock::now()), CardAge::Expired { .. }) {
        return html! {};
    }
    html! {
        <Alert tone={Tone::Unsure} title={language.say(CardText::ExpiredTitle)} testid="trust-card-expired">
            <p>{ language.say(CardText::ExpiredNext) }</p>
            <CardInput />
        </Alert>
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
