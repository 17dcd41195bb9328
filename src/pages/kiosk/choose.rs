//! The choice: one candidate in the contract's order, and the question whether it is the right one.

use super::Screen;
use crate::state::kiosk::KioskChange;
use crate::text::{Both, KioskText as Text, Language};
use verifier_core::Name;
use yew::prelude::*;

/// The list of candidates.
pub fn choosing(language: Language, screen: &Screen<'_>, chosen: Option<u16>) -> Html {
    let candidates = (0..).zip(&screen.card.contract.candidates);
    html! {
        <div class="kiosk-choose" data-testid="kiosk-choose">
            <h1 class="kiosk-title" id="kiosk-choose-title" tabindex="-1">{ language.say(Text::ChooseTitle) }</h1>
            <p class="kiosk-lead">{ language.say(Text::ChooseText) }</p>
            <div class="kiosk-candidates" role="radiogroup" aria-labelledby="kiosk-choose-title">
                { for candidates.map(|(at, name)| candidate(language, screen, at, name, chosen == Some(at))) }
            </div>
            <div class="kiosk-actions">
                <button type="button" class="button primary" disabled={chosen.is_none()} onclick={screen.on(KioskChange::Review)} data-testid="kiosk-next">
                    { language.say(Text::Next) }
                </button>
            </div>
        </div>
    }
}

fn candidate(
    language: Language,
    screen: &Screen<'_>,
    at: u16,
    name: &Name,
    is_chosen: bool,
) -> Html {
    let onchange = screen.on(KioskChange::Choose(at));
    html! {
        <label class={classes!("kiosk-candidate", is_chosen.then_some("chosen"))}>
            <input type="radio" name="kiosk-candidate" checked={is_chosen} {onchange} data-testid={format!("kiosk-candidate-{at}")} />
            <b class="number">{ at.saturating_add(1) }</b>
            <span>{ language.say(Both::from(name)) }</span>
        </label>
    }
}

/// The choice alone.
pub fn reviewing(language: Language, screen: &Screen<'_>, chosen: u16) -> Html {
    let candidates = &screen.card.contract.candidates;
    let name = candidates.get(usize::from(chosen)).map(Both::from);
    html! {
        <div class="kiosk-review" data-testid="kiosk-review">
            <h1 class="kiosk-title" tabindex="-1">{ language.say(Text::ReviewTitle) }</h1>
            <p class="kiosk-chosen" data-testid="kiosk-chosen">
                <span class="quiet">{ language.say(Text::Number) }{ " " }<b class="number">{ chosen.saturating_add(1) }</b></span>
                <strong>{ for name.map(|name| language.say(name)) }</strong>
            </p>
            <p class="kiosk-lead">{ language.say(Text::ReviewText) }</p>
            <div class="kiosk-actions">
                <button type="button" class="button" onclick={screen.on(KioskChange::Back)} data-testid="kiosk-back">{ language.say(Text::ReviewNo) }</button>
                <button type="button" class="button primary" onclick={screen.on(KioskChange::Confirm)} data-testid="kiosk-confirm">{ language.say(Text::ReviewYes) }</button>
            </div>
        </div>
    }
}
