//! The mark: four characters, by keys on the screen, by a keyboard, or drawn.

use crate::components::use_language;
use crate::services::kiosk::Secrets;
use crate::state::kiosk::{Kiosk, KioskChange, MARK};
use crate::text::{KioskText as Text, Language};
use caster::{MARK_LETTERS, ToCaster};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct MarkingProps {
    pub mark: Vec<u8>,
    pub tell: UseReducerDispatcher<Kiosk>,
    pub secrets: Secrets,
}

/// The screen.
#[component]
pub fn Marking(props: &MarkingProps) -> Html {
    let language = use_language();
    let draw = {
        let secrets = props.secrets.clone();
        Callback::from(move |_: MouseEvent| secrets.tell(&ToCaster::DrawMark))
    };
    let on = |change: KioskChange| {
        let tell = props.tell.clone();
        Callback::from(move |_: MouseEvent| tell.dispatch(change.clone()))
    };
    let is_whole = props.mark.len() == MARK;
    html! {
        <div class="kiosk-mark" onkeydown={typing(props)} data-testid="kiosk-mark">
            <h1 class="kiosk-title" tabindex="-1">{ language.say(Text::MarkTitle) }</h1>
            <p class="kiosk-lead">{ language.say(Text::MarkText) }</p>
            { boxes(language, &props.mark) }
            <div class="kiosk-keys" role="group" aria-label={language.say(Text::MarkKeys)}>
                { for MARK_LETTERS.iter().map(|letter| key(*letter, is_whole, on(KioskChange::Letter(*letter)))) }
            </div>
            <div class="kiosk-actions">
                <button type="button" class="button" onclick={on(KioskChange::Back)} data-testid="kiosk-back">{ language.say(Text::Back) }</button>
                <button type="button" class="button" disabled={props.mark.is_empty()} onclick={on(KioskChange::Erase)} data-testid="kiosk-erase">{ language.say(Text::Erase) }</button>
                <button type="button" class="button secondary" onclick={draw} data-testid="kiosk-draw">{ language.say(Text::DrawMark) }</button>
                <button type="button" class="button primary" disabled={!is_whole} onclick={on(KioskChange::Mark)} data-testid="kiosk-mark-done">{ language.say(Text::MarkDone) }</button>
            </div>
        </div>
    }
}

fn boxes(language: Language, mark: &[u8]) -> Html {
    let places = (0..MARK).map(|at| mark.get(at).map(|letter| char::from(*letter)));
    let spoken: String = places
        .clone()
        .flatten()
        .flat_map(|letter| [letter, ' '])
        .collect();
    html! {
        <p class="kiosk-boxes" data-testid="kiosk-boxes">
            <span class="unseen" role="status">{ language.say(Text::MarkBoxes) }{ ": " }{ spoken.trim() }</span>
            { for places.map(|letter| html! { <b class={classes!(letter.is_some().then_some("filled"))} aria-hidden="true">{ letter.unwrap_or('·') }</b> }) }
        </p>
    }
}

fn key(letter: u8, disabled: bool, onclick: Callback<MouseEvent>) -> Html {
    let letter = char::from(letter);
    html! { <button type="button" class="kiosk-key" {disabled} {onclick} data-testid={format!("kiosk-key-{letter}")}>{ letter }</button> }
}

/// Keys of a keyboard do what those on the screen do.
fn typing(props: &MarkingProps) -> Callback<KeyboardEvent> {
    let tell = props.tell.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let key = event.key().to_ascii_uppercase();
        match key.as_bytes() {
            [letter] if MARK_LETTERS.contains(letter) => {
                tell.dispatch(KioskChange::Letter(*letter));
            }
            _ if key == "BACKSPACE" => tell.dispatch(KioskChange::Erase),
            _ => {}
        }
    })
}
