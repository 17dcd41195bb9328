//! Holding another trust card's QR code beside the card on the page.

use super::alert::{Alert, Tone};
use super::card_input::CardInput;
use super::header::use_language;
use super::icon::{Icon, IconName};
use super::scanner::Scanner;
use crate::services::picture;
use crate::state::card_code::{Scanned, compare};
use crate::state::{CameraFault, Trouble};
use crate::text::{CardText as Text, Comparison, Language};
use std::rc::Rc;
use verifier_core::TrustCard;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct CardCompareProps {
    /// The card on the page.
    pub card: Rc<TrustCard>,
}

/// Camera and picture, and what they said.
#[component]
pub fn CardCompare(props: &CardCompareProps) -> Html {
    let language = use_language();
    let scanning = use_state_eq(|| false);
    let found = use_state_eq(|| None::<Result<String, Trouble>>);
    let onclick = {
        let (scanning, found) = (scanning.clone(), found.clone());
        Callback::from(move |_| {
            found.set(None);
            scanning.set(!*scanning);
        })
    };
    let label = if *scanning {
        Text::CompareStop
    } else {
        Text::CompareScan
    };
    html! {
        <div class="stack no-print">
            <h3>{ language.say(Text::Compare) }</h3>
            <div class="buttons">
                <button type="button" class="button small" aria-pressed={scanning.to_string()} {onclick} data-testid="card-scan">
                    <Icon name={IconName::Camera} size={20} />{ language.say(label) }
                </button>
                { picture_button(language, &found) }
            </div>
            { scanner(&scanning, &found) }
            { result(language, &props.card, found.as_ref()) }
        </div>
    }
}

type Found = UseStateHandle<Option<Result<String, Trouble>>>;

fn picture_button(language: Language, found: &Found) -> Html {
    let found = found.clone();
    let onchange = Callback::from(move |event: Event| {
        let input = event
            .target()
            .and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else {
            return;
        };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            let found = found.clone();
            yew::platform::spawn_local(async move {
                let read = picture::read_file(&file).await;
                found.set(Some(read.map_err(Trouble::Picture)));
            });
        }
        input.set_value(""); // so that choosing the same file again is noticed
    });
    html! {
        <label class="button small file-button">
            <Icon name={IconName::Picture} size={20} />{ language.say(Text::ComparePicture) }
            <input class="unseen" type="file" accept="image/*" {onchange} data-testid="card-picture" />
        </label>
    }
}

fn scanner(scanning: &UseStateHandle<bool>, found: &Found) -> Html {
    if !**scanning {
        return html! {};
    }
    let done = |scanning: &UseStateHandle<bool>, found: &Found| {
        let (scanning, found) = (scanning.clone(), found.clone());
        move |read: Result<String, Trouble>| {
            scanning.set(false);
            found.set(Some(read));
        }
    };
    let (seen, failed) = (done(scanning, found), done(scanning, found));
    let failed = Callback::from(move |fault: CameraFault| failed(Err(Trouble::Camera(fault))));
    html! { <Scanner found={Callback::from(move |text| seen(Ok(text)))} {failed} /> }
}

fn result(language: Language, card: &TrustCard, found: Option<&Result<String, Trouble>>) -> Html {
    match found {
        None => html! {},
        Some(Err(trouble)) => {
            html! { <Alert tone={Tone::Unsure} title={language.say(trouble)} testid="card-trouble" /> }
        }
        Some(Ok(text)) => compared(language, &compare(card, text)),
    }
}

fn compared(language: Language, scanned: &Scanned) -> Html {
    let (tone, testid) = match scanned {
        Scanned::Same => (Tone::Good, "card-same"),
        Scanned::Other(_) => (Tone::Bad, "card-other"),
        Scanned::Address(_) => (Tone::Note, "card-address"),
        Scanned::NoCard => (Tone::Unsure, "card-none"),
    };
    let input = match scanned {
        Scanned::Address(address) => html! { <CardInput address={address.clone()} /> },
        Scanned::Same | Scanned::Other(_) | Scanned::NoCard => html! {},
    };
    html! { <Alert {tone} title={language.say(Comparison(scanned))} {testid}>{ input }</Alert> }
}
