//! Two municipalities sign what they cannot see.

use super::{Screen, shell};
use crate::components::{Icon, IconName};
use crate::services::node;
use crate::text::{Both, Language, PhoneText as Text, SignsText};
use caster::Kept;
use verifier_core::countersigner;
use yew::prelude::*;

/// The screen.
pub fn signing(language: Language, screen: &Screen<'_>) -> Html {
    let phone = screen.phone;
    let home = phone.home().unwrap_or_default();
    let count = screen.card.contract.municipalities.len();
    let next = countersigner(home, count).unwrap_or(home);
    let half = matches!(phone.kept(), Some(Kept::HalfSigned { .. }));
    let steps: [(Both, bool, bool); 3] = [
        (Text::StepKnown.into(), true, false),
        (SignsText(node::name(screen.card, home)).into(), half, !half),
        (SignsText(node::name(screen.card, next)).into(), false, half),
    ];
    let stands_still = phone.trouble.is_some();
    html! {
        <div class="vote-signing" data-testid="vote-signing">
            <h1 class="kiosk-title" tabindex="-1">{ language.say(Text::SigningTitle) }</h1>
            <p class="kiosk-lead">{ language.say(Text::SigningLead) }</p>
            { shell::trouble(language, screen) }
            <div role="status"><ol class="vote-steps">{ for steps.into_iter().map(|(text, done, current)| step(language, text, done, current && !stands_still)) }</ol></div>
            { for stands_still.then(|| html! { <div class="kiosk-actions">{ shell::again(language, screen) }</div> }) }
        </div>
    }
}

/// The screen while the slip of whoever wants nothing else is asked for.
pub fn slip(language: Language, screen: &Screen<'_>) -> Html {
    if screen.phone.trouble.is_none() {
        return shell::waiting(language, Text::Asking.into(), None);
    }
    html! {
        <div class="vote-signing" data-testid="vote-signing">
            <h1 class="kiosk-title" tabindex="-1">{ language.say(Text::SlipTitle) }</h1>
            { shell::trouble(language, screen) }
            <div class="kiosk-actions">{ shell::again(language, screen) }</div>
        </div>
    }
}

fn step(language: Language, text: Both, done: bool, current: bool) -> Html {
    let icon = match (done, current) {
        (true, _) => html! { <span class="good"><Icon name={IconName::Tick} size={32} /></span> },
        (false, true) => html! { <Icon name={IconName::Turning} size={32} /> },
        (false, false) => html! { <span class="dot" aria-hidden="true"></span> },
    };
    html! { <li aria-current={current.then_some("step")}>{ icon }<span>{ language.say(text) }</span></li> }
}
