//! The tracking code, and what the voter decides once it is known: to cast the ballot, or to test the device with it.

use super::Screen;
use crate::components::{Icon, IconName, Identifier};
use crate::state::kiosk::{KioskChange, MARK};
use crate::text::{KioskText as Text, Language};
use verifier_core::{TrackingCode, short_code};
use yew::prelude::*;

/// The screen.
pub fn deciding(
    language: Language,
    screen: &Screen<'_>,
    mark: [u8; MARK],
    code: TrackingCode,
) -> Html {
    html! {
        <div class="kiosk-decide" data-testid="kiosk-decide">
            <h1 class="kiosk-title" tabindex="-1">{ language.say(Text::DecideTitle) }</h1>
            { code_card(language, mark, &code) }
            <p class="kiosk-lead">{ language.say(Text::DecideText) }</p>
            <div class="kiosk-choices">
                <button type="button" class="kiosk-choice primary" onclick={screen.on(KioskChange::Cast)} data-testid="kiosk-cast">
                    <Icon name={IconName::Ballot} size={40} />
                    <strong>{ language.say(Text::Cast) }</strong><span>{ language.say(Text::CastText) }</span>
                </button>
                <button type="button" class="kiosk-choice" onclick={screen.on(KioskChange::Challenge)} data-testid="kiosk-challenge">
                    <Icon name={IconName::Question} size={40} />
                    <strong>{ language.say(Text::Challenge) }</strong><span>{ language.say(Text::ChallengeText) }</span>
                </button>
            </div>
        </div>
    }
}

/// The code in the form that people compare, the whole of it, and the mark.
pub fn code_card(language: Language, mark: [u8; MARK], code: &TrackingCode) -> Html {
    html! {
        <div class="kiosk-code" role="group" aria-label={language.say(Text::DecideTitle)}>
            <p class="kiosk-short-code" data-testid="kiosk-code">{ short_code(code) }</p>
            <dl class="kiosk-facts">
                <div><dt>{ language.say(Text::WholeCode) }</dt><dd><Identifier value={code.to_string()} testid="tracking-code" /></dd></div>
                <div><dt>{ language.say(Text::YourMark) }</dt><dd><b data-testid="kiosk-own-mark">{ String::from_utf8_lossy(&mark).into_owned() }</b></dd></div>
            </dl>
        </div>
    }
}
