//! The ballot paper: one candidate in the contract's order, and the question whether it is the right one. Which one is marked is known to the paper on the
//! screen, and to the worker that is given it.

use super::Screen;
use crate::services::kiosk::hand_in;
use crate::state::kiosk::KioskChange;
use crate::text::{Both, KioskText as Text, Language};
use verifier_core::Name;
use web_sys::HtmlElement;
use yew::prelude::*;

/// What is asked about the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    Choosing { is_marked: bool },
    Reviewing,
}

/// The screen. Both questions are asked about one paper, so that it keeps its mark.
pub fn paper(language: Language, screen: &Screen<'_>, asked: Paper) -> Html {
    let is_review = asked == Paper::Reviewing;
    let (name, title, text) = match asked {
        Paper::Choosing { .. } => ("kiosk-choose", Text::ChooseTitle, Text::ChooseText),
        Paper::Reviewing => ("kiosk-review", Text::ReviewTitle, Text::ReviewText),
    };
    let candidates = (0..).zip(&screen.card.contract.candidates);
    html! {
        <div class={name} data-testid={name}>
            <h1 class="kiosk-title" id="kiosk-choose-title" tabindex="-1">{ language.say(title) }</h1>
            <p class="kiosk-lead">{ language.say(text) }</p>
            <div ref={screen.paper} class={classes!("kiosk-candidates", is_review.then_some("reviewed"))} role="radiogroup"
                aria-labelledby="kiosk-choose-title" onchange={screen.on(KioskChange::Choose)} data-testid="kiosk-paper">
                { for candidates.map(|(at, name)| candidate(language, at, name)) }
            </div>
            <div class="kiosk-actions">{ actions(language, screen, asked) }</div>
        </div>
    }
}

fn candidate(language: Language, at: u16, name: &Name) -> Html {
    html! {
        <label class="kiosk-candidate">
            <input type="radio" name="kiosk-candidate" value={at.to_string()} data-testid={format!("kiosk-candidate-{at}")} />
            <b class="number">{ at.saturating_add(1) }</b>
            <span>{ language.say(Both::from(name)) }</span>
        </label>
    }
}

fn actions(language: Language, screen: &Screen<'_>, asked: Paper) -> Html {
    match asked {
        Paper::Choosing { is_marked } => html! {
            <button type="button" class="button primary" disabled={!is_marked} onclick={screen.on(KioskChange::Review)} data-testid="kiosk-next">
                { language.say(Text::Next) }
            </button>
        },
        Paper::Reviewing => html! {
            <>
                <button type="button" class="button" onclick={screen.on(KioskChange::Back)} data-testid="kiosk-back">{ language.say(Text::ReviewNo) }</button>
                <button type="button" class="button primary" onclick={confirm(screen)} data-testid="kiosk-confirm">{ language.say(Text::ReviewYes) }</button>
            </>
        },
    }
}

fn confirm(screen: &Screen<'_>) -> Callback<MouseEvent> {
    let (paper, secrets) = (screen.paper.clone(), screen.secrets.clone());
    let tell = screen.kiosk.dispatcher();
    Callback::from(move |_| {
        let paper = paper.cast::<HtmlElement>();
        if paper.is_some_and(|paper| hand_in(&secrets, &paper)) {
            tell.dispatch(KioskChange::Confirm);
        }
    })
}
