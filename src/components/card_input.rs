//! The ways in for a trust card: a file, or an address.

use super::header::use_language;
use crate::services::{node, trust_card};
use crate::state::{SessionChange, use_session};
use crate::text::{CardText, Gate};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct CardInputProps {
    /// An address that a QR code held.
    #[prop_or_default]
    pub address: AttrValue,
}

/// Lets the visitor choose a trust card's file or give its address. Whoever makes the page's card makes its answers, so nothing but
/// the visitor's own act changes it.
#[component]
pub fn CardInput(props: &CardInputProps) -> Html {
    let language = use_language();
    let session = use_session().dispatcher();
    let address = use_node_ref();
    let onchange = {
        let session = session.clone();
        Callback::from(move |event: Event| {
            let session = session.clone();
            let input = event
                .target()
                .and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            if let Some(file) = input.and_then(|i| i.files()).and_then(|f| f.get(0)) {
                yew::platform::spawn_local(async move {
                    session.dispatch(SessionChange::CardRead(trust_card::from_file(&file).await));
                });
            }
        })
    };
    let onsubmit = {
        let address = address.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let session = session.clone();
            let url = address
                .cast::<HtmlInputElement>()
                .map(|field| field.value());
            let url = url.unwrap_or_default().trim().to_owned();
            if node::is_address(&url) {
                yew::platform::spawn_local(async move {
                    session.dispatch(SessionChange::CardRead(
                        trust_card::from_address(&url).await,
                    ));
                });
            }
        })
    };
    html! {
        <div class="stack card-input no-print">
            <div class="buttons">
                <label class="button small file-button">
                    { language.say(Gate::ChooseCard) }
                    <input class="unseen" type="file" accept=".json,application/json" {onchange} data-testid="trust-card-file" />
                </label>
            </div>
            <form {onsubmit}>
                <label class="inline-field">
                    <span>{ language.say(CardText::Url) }</span>
                    <input class="input" type="text" inputmode="url" ref={address} defaultvalue={&props.address} key={props.address.to_string()}
                        placeholder="https://" required=true pattern="https?://.+" autocomplete="off" spellcheck="false" data-testid="trust-card-address" />
                </label>
                <button type="submit" class="button small" data-testid="trust-card-fetch">{ language.say(CardText::UrlAction) }</button>
            </form>
            <p class="small quiet">{ language.say(CardText::UrlHint) }</p>
        </div>
    }
}
