//! What the voter takes along: a receipt, or the opening of a challenged ballot.

use super::decide::code_card;
use super::outcome::answers;
use super::{Screen, Way};
use crate::components::{Icon, IconName, Identifier, Qr};
use crate::services::{address, document, download, node};
use crate::state::kiosk::{Delivery, KioskChange, Parcel};
use crate::text::{Both, DateTime, KioskText as Text, Language, PhoneText, ReceiptText};
use verifier_core::{Promise, Receipt};
use yew::prelude::*;

/// The ballot is cast.
pub fn done(language: Language, screen: &Screen<'_>, parcel: &Parcel) -> Html {
    let promise = match parcel.delivery() {
        Delivery::Taken(Some(promise)) => Some(promise),
        _ => None,
    };
    let (title, text) = match promise {
        Some(_) => (Text::DoneTitle, Text::DoneText),
        None => (Text::RecordedTitle, Text::RecordedText),
    };
    html! {
        <div class="kiosk-done" data-testid="kiosk-done">
            <h1 class="kiosk-title" tabindex="-1"><span class="good"><Icon name={IconName::Tick} size={40} /></span>{ language.say(title) }</h1>
            <p class="kiosk-lead">{ language.say(text) }</p>
            <div class="kiosk-slip">
                { for promise.map(|promise| slip(language, screen, parcel, promise)) }
                { code_card(language, parcel.mark, &parcel.code()) }
            </div>
            { answers(language, screen, parcel) }
            <div class="kiosk-actions">
                { match (screen.way, promise) {
                    (Way::Card, _) => print_button(language),
                    (_, Some(promise)) => take_along(language, &receipt(screen, parcel, promise)),
                    (_, None) => html! {},
                } }
                <button type="button" class="button primary" onclick={screen.on(KioskChange::Leave)} data-testid="kiosk-finish">{ language.say(Text::Finish) }</button>
            </div>
        </div>
    }
}

/// The receipt's code, text and promise.
fn slip(language: Language, screen: &Screen<'_>, parcel: &Parcel, promise: &Promise) -> Html {
    let card = screen.card;
    let text = receipt(screen, parcel, promise);
    let keep: Both = match screen.way {
        Way::Card => Text::KeepText.into(),
        Way::Kept | Way::Used(_) => PhoneText::KeepReceipt.into(),
    };
    html! {
        <div class="kiosk-receipt">
            <Qr text={text.clone()} label={language.say(Text::ReceiptQr)} testid="receipt-qr" />
            <div class="stack">
                <p>{ language.say(keep) }</p>
                <dl class="kiosk-facts">
                    <div><dt>{ language.say(ReceiptText::Municipality) }</dt><dd>{ language.say(node::name(card, promise.municipality)) }</dd></div>
                    <div><dt>{ language.say(ReceiptText::Deadline) }</dt><dd>{ language.say(DateTime::of(promise.deadline)) }</dd></div>
                </dl>
                <details>
                    <summary>{ language.say(ReceiptText::ReceiptCode) }</summary>
                    <Identifier value={text} testid="receipt-code" />
                </details>
            </div>
        </div>
    }
}

fn receipt(screen: &Screen<'_>, parcel: &Parcel, promise: &Promise) -> String {
    let card = screen.card;
    let receipt = Receipt::new(
        card.chain_id.clone(),
        card.genesis,
        card.contract_id(),
        parcel.asset,
        parcel.code(),
        None,
        parcel.mark,
        promise.clone(),
    );
    receipt.to_text()
}

/// On a phone a receipt is kept as a file, and checked by a link.
fn take_along(language: Language, receipt: &str) -> Html {
    let link = format!("{}#/check?r={receipt}", address::without_fragment());
    let text = receipt.to_owned();
    let save = Callback::from(move |_: MouseEvent| {
        download::save("chamgwan-receipt.txt", "text/plain", text.as_bytes());
    });
    html! {
        <>
            <a class="button secondary" href={link} target="_blank" rel="noopener" data-testid="vote-check">{ language.say(PhoneText::CheckReceipt) }</a>
            <button type="button" class="button secondary" onclick={save} data-testid="save-receipt"><Icon name={IconName::Download} />{ language.say(PhoneText::SaveReceipt) }</button>
        </>
    }
}

fn print_button(language: Language) -> Html {
    let onclick = Callback::from(|_: MouseEvent| document::print());
    html! {
        <button type="button" class="button secondary" {onclick} data-testid="kiosk-print">
            <Icon name={IconName::Print} />{ language.say(Text::Print) }
        </button>
    }
}

/// The ballot was challenged: it will never be cast.
pub fn opened(language: Language, screen: &Screen<'_>, parcel: &Parcel, opening: &str) -> Html {
    let text = AttrValue::from(opening.to_owned());
    let save = {
        let text = text.clone();
        Callback::from(move |_: MouseEvent| {
            download::save("chamgwan-opening.txt", "text/plain", text.as_bytes());
        })
    };
    html! {
        <div class="kiosk-done" data-testid="kiosk-opened">
            <h1 class="kiosk-title" tabindex="-1">{ language.say(Text::OpenedTitle) }</h1>
            <p class="kiosk-lead">{ language.say(Text::OpenedText) }</p>
            <div class="kiosk-slip">
                <div class="kiosk-receipt">
                    <Qr text={text.clone()} label={language.say(Text::OpeningQr)} testid="opening-qr" />
                    <div class="stack">
                        <p>{ language.say(Text::OpenedHow) }</p>
                        <details>
                            <summary>{ language.say(ReceiptText::ReceiptCode) }</summary>
                            <Identifier value={text} testid="opening-code" />
                        </details>
                    </div>
                </div>
                { code_card(language, parcel.mark, &parcel.code()) }
            </div>
            { answers(language, screen, parcel) }
            <div class="kiosk-actions">
                { print_button(language) }
                <button type="button" class="button secondary" onclick={save} data-testid="save-opening"><Icon name={IconName::Download} />{ language.say(Text::SaveOpening) }</button>
                <button type="button" class="button" onclick={screen.on(KioskChange::Leave)} data-testid="kiosk-finish">{ language.say(Text::ToStart) }</button>
                <button type="button" class="button primary" onclick={screen.on(KioskChange::Begin)} data-testid="kiosk-vote-now">{ language.say(Text::VoteNow) }</button>
            </div>
        </div>
    }
}
