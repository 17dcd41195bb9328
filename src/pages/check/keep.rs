//! Keeping a receipt: its QR code, its text and a link that leads back here.

use crate::components::{Identifier, Qr, use_language};
use crate::services::{address, document};
use crate::text::{Language, ReceiptText as Text};
use verifier_core::Receipt;
use yew::prelude::*;

/// The card with QR code, text and link.
pub fn keep(language: Language, receipt: &Receipt) -> Html {
    let link = format!(
        "{}#/check?r={}",
        address::without_fragment(),
        receipt.to_text()
    );
    html! {
        <section class="card keep no-print">
            <div>
                <h2>{ language.say(Text::Keep) }</h2>
                <p class="quiet">{ language.say(Text::KeepText) }</p>
                <details>
                    <summary>{ language.say(Text::ReceiptCode) }</summary>
                    <Identifier value={receipt.to_text()} testid="receipt-code" />
                </details>
                <CopyButton text={link} />
            </div>
            <Qr text={receipt.to_text()} label={language.say(Text::QrAlt)} testid="receipt-qr" />
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CopyButtonProps {
    text: AttrValue,
}

/// Copies a text and says so.
#[component]
fn CopyButton(props: &CopyButtonProps) -> Html {
    let language = use_language();
    let copied = use_state_eq(|| false);
    let onclick = {
        let (copied, text) = (copied.clone(), props.text.clone());
        Callback::from(move |_| {
            document::copy(&text);
            copied.set(true);
        })
    };
    html! {
        <div class="buttons">
            <button type="button" class="button small" {onclick} data-testid="copy-link">{ language.say(Text::CopyLink) }</button>
            <span class="small quiet" role="status">{ copied.then(|| language.say(Text::Copied)) }</span>
        </div>
    }
}
