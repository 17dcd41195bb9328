//! A challenged ballot: what the device had put in, what the voter has to compare, and whether it can ever be counted.

use crate::components::{Alert, Identifier, Tone, use_language};
use crate::services;
use crate::state::opening::{OpeningView, SpoilStanding};
use crate::state::use_session;
use crate::text::{
    Both, Language, OpeningText as Text, OpeningTrouble, ReadinessText, ReceiptText, SpoilText,
};
use std::cell::Cell;
use std::rc::Rc;
use verifier_core::{ChallengedBallot, OpeningError, TrustCard, short_code};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct OpeningDeskProps {
    pub card: Rc<TrustCard>,
    pub text: AttrValue,
    pub again: Callback<()>,
}

/// Checks the opening and shows what comes of it.
#[component]
pub fn OpeningDesk(props: &OpeningDeskProps) -> Html {
    let language = use_language();
    let view = use_opening(props);
    let again = props.again.reform(|_: MouseEvent| ());
    html! {
        <div class="stack" data-testid="opening">
            { for view.as_ref().map(|view| show(language, &props.card, view)) }
            <div class="buttons">
                <button type="button" class="button" onclick={again} data-testid="opening-again">{ language.say(Text::Again) }</button>
            </div>
        </div>
    }
}

#[hook]
fn use_opening(props: &OpeningDeskProps) -> Option<OpeningView> {
    let view = use_state_eq(|| None);
    let watch = use_session().watch().clone();
    {
        let view = view.clone();
        use_effect_with(props.clone(), move |props| {
            let on = Rc::new(Cell::new(true));
            let (card, text, alive) = (props.card.clone(), props.text.clone(), on.clone());
            let tell = {
                let on = on.clone();
                move |next| {
                    if on.get() {
                        view.set(Some(next));
                    }
                }
            };
            yew::platform::spawn_local(async move {
                services::opening::check(card, &text, watch, alive, tell).await;
            });
            move || on.set(false)
        });
    }
    (*view).clone()
}

fn show(language: Language, card: &TrustCard, view: &OpeningView) -> Html {
    match view {
        OpeningView::Reading(readiness) => html! {
            <Alert tone={Tone::Note} title={language.say(Text::Reading)} testid="opening-reading">
                <p>{ language.say(ReadinessText(readiness)) }</p>
            </Alert>
        },
        OpeningView::Faulty(error) => faulty(language, error),
        OpeningView::Opened { ballot, spoil } => opened(language, card, ballot, *spoil),
    }
}

/// A mistyped text is the reader's; one that opens nothing may be the device's lie.
fn faulty(language: Language, error: &OpeningError) -> Html {
    let (title, text): (Both, Option<Both>) = match error {
        OpeningError::OpensNothing
        | OpeningError::InvalidElement { .. }
        | OpeningError::WrongShape { .. }
        | OpeningError::UnprintableMark { .. }
        | OpeningError::UnknownCandidate { .. } => {
            (Text::Faulty.into(), Some(OpeningTrouble(error).into()))
        }
        _ => (OpeningTrouble(error).into(), None),
    };
    html! {
        <Alert tone={Tone::Bad} title={language.say(title)} testid="opening-faulty">
            { for text.map(|text| html! { <><p>{ language.say(text) }</p><p>{ language.say(Text::FaultyNext) }</p></> }) }
        </Alert>
    }
}

fn opened(
    language: Language,
    card: &TrustCard,
    ballot: &ChallengedBallot,
    spoil: SpoilStanding,
) -> Html {
    let candidates = &card.contract.candidates;
    let name = candidates.get(usize::from(ballot.choice)).map(Both::from);
    html! {
        <>
            <section class="card opened-choice" data-testid="opening-choice" data-choice={ballot.choice.to_string()}>
                <h2 tabindex="-1" class="verdict-title">{ language.say(Text::Encrypted) }</h2>
                <p class="opened-name"><b class="number">{ ballot.choice.saturating_add(1) }</b>{ " " }{ for name.map(|name| language.say(name)) }</p>
            </section>
            <section class="card plain stack">
                <h2>{ language.say(Text::Compare) }</h2>
                <p>{ language.say(Text::CompareCode) }</p>
                <p class="kiosk-short-code" data-testid="opening-code">{ short_code(&ballot.code) }</p>
                <dl class="pairs">
                    <dt>{ language.say(ReceiptText::TrackingCode) }</dt><dd><Identifier value={ballot.code.to_string()} testid="tracking-code" /></dd>
                    <dt>{ language.say(ReceiptText::Mark) }</dt><dd>{ String::from_utf8_lossy(&ballot.mark).into_owned() }</dd>
                    <dt>{ language.say(ReceiptText::Asset) }</dt><dd>{ ballot.asset.to_string() }</dd>
                </dl>
                <p>{ language.say(Text::CompareChoice) }</p>
            </section>
            <Alert tone={spoil_tone(spoil)} title={language.say(Text::Never)} testid="opening-spoil">
                <p data-spoil={spoil_name(spoil)}>{ language.say(SpoilText(spoil)) }</p>
            </Alert>
        </>
    }
}

fn spoil_tone(spoil: SpoilStanding) -> Tone {
    match spoil {
        SpoilStanding::Looking => Tone::Note,
        SpoilStanding::Recorded => Tone::Good,
        SpoilStanding::Absent | SpoilStanding::Unknown => Tone::Unsure,
    }
}

fn spoil_name(spoil: SpoilStanding) -> &'static str {
    match spoil {
        SpoilStanding::Looking => "looking",
        SpoilStanding::Recorded => "recorded",
        SpoilStanding::Absent => "absent",
        SpoilStanding::Unknown => "unknown",
    }
}
