//! Nobody is there: what the kiosk is for, and whether it is ready.

use super::Screen;
use crate::components::{Alert, Icon, IconName, Tone};
use crate::services::clock;
use crate::state::kiosk::{KioskChange, Readiness};
use crate::text::{Both, Hours, KioskText as Text, Language, ReadinessText};
use yew::prelude::*;

/// The screen.
pub fn idle(language: Language, screen: &Screen<'_>) -> Html {
    let contract = &screen.card.contract;
    let hours = Hours::at(contract, clock::now());
    let title = match hours {
        None => Text::Welcome,
        Some(Hours::Opens(_)) => Text::NotOpenYet,
        Some(Hours::Closed(_)) => Text::IsClosed,
    };
    let ready = hours.is_none() && screen.readiness.keys().is_some();
    html! {
        <div class="kiosk-idle" data-testid="kiosk-idle">
            <p class="kiosk-election">{ language.say(Both::from(&contract.title)) }</p>
            <h1 class="kiosk-title" tabindex="-1">{ language.say(title) }</h1>
            <p class="kiosk-lead">{ hours.map_or_else(|| language.say(Text::WelcomeText), |hours| language.say(hours)) }</p>
            <div class="kiosk-actions">
                <button type="button" class="button primary kiosk-start" disabled={!ready} onclick={screen.on(KioskChange::Begin)} data-testid="kiosk-start">
                    <Icon name={IconName::Ballot} size={40} />{ language.say(Text::Start) }
                </button>
            </div>
            { for hours.is_none().then(|| readiness(language, screen.readiness)) }
        </div>
    }
}

fn readiness(language: Language, readiness: &Readiness) -> Html {
    let tone = match readiness {
        Readiness::Ready(_) => Tone::Good,
        Readiness::Reading(_) | Readiness::Early => Tone::Note,
        Readiness::Faulted(_) => Tone::Unsure,
        Readiness::NoKeys => Tone::Bad,
    };
    html! { <Alert {tone} title={language.say(ReadinessText(readiness))} testid="kiosk-readiness" /> }
}
