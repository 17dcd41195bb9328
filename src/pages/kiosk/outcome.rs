//! What comes of it: waiting, a refusal, a ballot on its way, and what is done when no municipality answers.

use super::decide::code_card;
use super::{Screen, receipt};
use crate::components::{Icon, IconName};
use crate::services::node;
use crate::state::kiosk::{Delivery, KioskChange, Parcel, Refusal};
use crate::text::{
    Both, HoldMeaning, KioskText as Text, Language, RefusalText, WordText, holds_at,
};
use verifier_core::{TrackingCode, short_code};
use yew::prelude::*;

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    Looking,
    Encrypting,
    Signing,
}

/// A screen to wait at.
pub fn working(language: Language, work: Work) -> Html {
    let (title, text) = match work {
        Work::Looking => (Text::Looking, Some(Text::LookingText)),
        Work::Encrypting => (Text::Encrypting, Some(Text::EncryptingText)),
        Work::Signing => (Text::Signing, None),
    };
    waiting(language, title, text)
}

fn waiting(language: Language, title: Text, text: Option<Text>) -> Html {
    html! {
        <div class="kiosk-waiting" role="status" data-testid="kiosk-waiting">
            <Icon name={IconName::Turning} size={72} />
            <h1 class="kiosk-title" tabindex="-1">{ language.say(title) }</h1>
            { for text.map(|text| html! { <p class="kiosk-lead">{ language.say(text) }</p> }) }
        </div>
    }
}

/// There is no voting.
pub fn refused(language: Language, screen: &Screen<'_>, refusal: Refusal) -> Html {
    let next: Both = match refusal {
        Refusal::Used { .. } => Text::UsedNext.into(),
        Refusal::Held(hold) => HoldMeaning(hold).into(),
        _ => Text::RefusedNext.into(),
    };
    html! {
        <div class="kiosk-refused" role="alert" data-testid="kiosk-refused" data-refusal={name(refusal)}>
            <span class="bad"><Icon name={IconName::Cross} size={72} /></span>
            <h1 class="kiosk-title" tabindex="-1">{ language.say(RefusalText(refusal)) }</h1>
            { for used_by(refusal).map(|(code, height)| used(language, &code, height)) }
            <p class="kiosk-lead">{ language.say(next) }</p>
            <div class="kiosk-actions">
                <button type="button" class="button primary" onclick={screen.on(KioskChange::Leave)} data-testid="kiosk-to-start">{ language.say(Text::ToStart) }</button>
            </div>
        </div>
    }
}

fn used_by(refusal: Refusal) -> Option<(TrackingCode, u64)> {
    match refusal {
        Refusal::Used { code, height } => Some((code, height)),
        _ => None,
    }
}

fn used(language: Language, code: &TrackingCode, height: u64) -> Html {
    html! {
        <div class="kiosk-code">
            <p class="kiosk-short-code" data-testid="kiosk-code">{ short_code(code) }</p>
            <p class="quiet">{ language.say(crate::text::in_block(height)) }</p>
            <code data-testid="tracking-code">{ code.to_string() }</code>
        </div>
    }
}

fn name(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotIssued => "not-issued",
        Refusal::Used { .. } => "used",
        Refusal::TooEarly => "too-early",
        Refusal::Closed => "closed",
        Refusal::Unverified => "unverified",
        Refusal::Held(_) => "held",
        Refusal::Stalled => "stalled",
        Refusal::ByLedger(_) => "by-ledger",
        Refusal::Broke => "broke",
    }
}

/// A ballot or a Spoil that was signed.
pub fn sending(language: Language, screen: &Screen<'_>, parcel: &Parcel) -> Html {
    let text = Some(Text::SendingText);
    match parcel.delivery() {
        Delivery::Asking => waiting(language, Text::Sending, text),
        Delivery::LookingFor => waiting(language, Text::LookingFor, text),
        Delivery::Pausing => waiting(language, Text::Pausing, text),
        Delivery::Undecided(known) => undecided(language, screen, parcel, *known),
        Delivery::Taken(_) | Delivery::Recorded(_) => match &parcel.opening {
            Some(opening) => receipt::opened(language, screen, parcel, opening),
            None => receipt::done(language, screen, parcel),
        },
    }
}

fn undecided(
    language: Language,
    screen: &Screen<'_>,
    parcel: &Parcel,
    known: Option<(u64, u64)>,
) -> Html {
    html! {
        <div class="kiosk-undecided" role="alert" data-testid="kiosk-undecided">
            <span class="unsure"><Icon name={IconName::Question} size={72} /></span>
            <h1 class="kiosk-title" tabindex="-1">{ language.say(Text::UndecidedTitle) }</h1>
            <p class="kiosk-lead">{ language.say(Text::UndecidedText) }</p>
            { code_card(language, parcel.mark, &parcel.code()) }
            { for known.map(|(height, time)| html! { <p class="quiet">{ language.say(holds_at(height, time)) }</p> }) }
            { answers(language, screen, parcel) }
            <div class="kiosk-actions">
                <button type="button" class="button" onclick={screen.on(KioskChange::Leave)} data-testid="kiosk-to-start">{ language.say(Text::ToStart) }</button>
                <button type="button" class="button primary" onclick={screen.on(KioskChange::Again)} data-testid="kiosk-again">{ language.say(Text::TryAgain) }</button>
            </div>
        </div>
    }
}

/// What each municipality said that was asked.
pub fn answers(language: Language, screen: &Screen<'_>, parcel: &Parcel) -> Html {
    let said = parcel.said.iter().filter_map(|said| {
        let node = screen.card.nodes.get(said.node)?;
        let word = said.word.as_ref().map(|word| Both::from(WordText(word)));
        Some((node.municipality, word.unwrap_or(Text::Answering.into())))
    });
    html! {
        <details class="kiosk-answers no-print">
            <summary>{ language.say(Text::WhatTheySaid) }</summary>
            <dl class="pairs" data-testid="kiosk-answers">
                { for said.map(|(municipality, word)| html! {
                    <><dt>{ language.say(node::name(screen.card, municipality)) }</dt><dd>{ language.say(word) }</dd></>
                }) }
            </dl>
        </details>
    }
}
