//! The code that only the phone on the roll receives.

use super::{Screen, shell, who};
use crate::state::phone::{Field, Identity, PhoneChange};
use crate::text::{Language, MinutesLeft, PhoneText as Text};
use verifier_core::Seconds;
use yew::prelude::*;

/// The screen. `until` is when the code ends.
pub fn code(language: Language, screen: &Screen<'_>, until: Seconds) -> Html {
    let phone = screen.phone;
    let left = until.saturating_sub(phone.now);
    let busy = !matches!(phone.identity, Identity::CodeSent { .. });
    let onsubmit = {
        let tell = phone.dispatcher();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tell.dispatch(PhoneChange::Confirm);
        })
    };
    html! {
        <div class="vote-code" data-testid="vote-code-screen">
            <h1 class="kiosk-title" tabindex="-1">{ language.say(Text::CodeTitle) }</h1>
            <p class="kiosk-lead">{ language.say(Text::CodeLead) }</p>
            { shell::trouble(language, screen) }
            <form class="stack" {onsubmit} novalidate=true>
                { who::field(language, screen, Field::Code) }
                <p role="timer" data-testid="vote-left">{ language.say(MinutesLeft(left)) }</p>
                <div class="kiosk-actions">
                    <button type="button" class="button" onclick={screen.on(PhoneChange::Back)} data-testid="vote-back">{ language.say(Text::OtherData) }</button>
                    <button type="button" class="button secondary" disabled={busy} onclick={screen.on(PhoneChange::Identify)} data-testid="vote-resend">{ language.say(Text::Resend) }</button>
                    <button type="submit" class="button primary" disabled={busy || left == 0} data-testid="vote-confirm">
                        { language.say(if busy { Text::Asking } else { Text::Confirm }) }
                    </button>
                </div>
            </form>
        </div>
    }
}
