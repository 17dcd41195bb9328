//! What stands in for a page's content while there is no trust card or the self-test failed: nothing is verified without them.

use super::alert::{Alert, Tone};
use super::card_input::CardInput;
use super::header::use_language;
use crate::services::{clock, self_test};
use crate::state::{SelfTest, SessionChange, Trust, use_session};
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
        (SelfTest::Failed(_), _) => refusal(language),
        (SelfTest::Running, _) | (SelfTest::Passed(_), Trust::Loading) => starting(language),
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

#[derive(Clone, PartialEq, Properties)]
pub struct RecountGateProps {
    pub children: Html,
}

/// Shows its children once the workers that recount have passed their test, or says what is in the way.
#[component]
pub fn RecountGate(props: &RecountGateProps) -> Html {
    let language = use_language();
    match use_recount_test() {
        SelfTest::Passed(_) => props.children.clone(),
        SelfTest::Running => starting(language),
        SelfTest::Failed(_) => refusal(language),
    }
}

/// Has the workers' module tested if it was not yet, and says how that stands.
#[hook]
pub fn use_recount_test() -> SelfTest {
    let session = use_session();
    let test = session.recount_test().cloned();
    let dispatch = session.dispatcher();
    use_effect_with(test.is_none(), move |untested| {
        if *untested {
            dispatch.dispatch(SessionChange::RecountTested(SelfTest::Running));
            yew::platform::spawn_local(async move {
                let outcome = self_test::elections().await;
                dispatch.dispatch(SessionChange::RecountTested(outcome));
            });
        }
    });
    test.unwrap_or_default()
}

fn refusal(language: Language) -> Html {
    html! {
        <Alert tone={Tone::Bad} title={language.say(Gate::SelfTestFailed)} testid="self-test-refusal">
            <p>{ language.say(Gate::SelfTestFailedNext) }</p>
        </Alert>
    }
}

fn starting(language: Language) -> Html {
    html! { <Alert tone={Tone::Note} title={language.say(Gate::Starting)} testid="starting" /> }
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
