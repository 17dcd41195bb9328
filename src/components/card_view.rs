//! The trust card: its fingerprint to compare with a printed one, its age, and what it says.

use super::card_compare::CardCompare;
use super::card_input::CardInput;
use super::header::use_language;
use super::icon::{Icon, IconName};
use super::identifier::Identifier;
use super::qr::Qr;
use crate::services::{clock, document};
use crate::text::{CardText as Text, DateTime, Home, Language, Rough, TimeLeft, grouped};
use std::rc::Rc;
use verifier_core::{CardAge, TrustCard};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct CardViewProps {
    pub card: Rc<TrustCard>,
}

/// The card as it can be printed and compared.
#[component]
pub fn CardView(props: &CardViewProps) -> Html {
    let language = use_language();
    let card = &props.card;
    let print = Callback::from(|_| document::print_card());
    html! {
        <section class="card trust-card" data-testid="trust-card">
            <div class="trust-card-words stack">
                <h2>{ language.say(Text::Title) }</h2>
                <p class="print-only"><b>{ language.say(&card.contract.title) }</b></p>
                <p class="quiet no-print">{ language.say(Text::Lead) }</p>
                <p class="fingerprint"><span class="small quiet">{ language.say(Text::Short) }</span><code data-testid="trust-card-short">{ card.short_fingerprint() }</code></p>
                { age(language, card) }
                <div class="buttons">
                    <button type="button" class="button small" onclick={print} data-testid="trust-card-print"><Icon name={IconName::Print} size={20} />{ language.say(Text::Print) }</button>
                </div>
            </div>
            <Qr text={card.fingerprint_code()} label={language.say(Text::QrAlt)} testid="trust-card-qr" />
            <div class="trust-card-more stack">
                <CardCompare card={card.clone()} />
                { details(language, card) }
            </div>
        </section>
    }
}

fn age(language: Language, card: &TrustCard) -> Html {
    let age = card.age(clock::now());
    let (state, old) = match age {
        CardAge::Timeless => ("timeless", None),
        CardAge::Within { age, .. } => ("within", Some(age)),
        CardAge::Expired { age, .. } => ("expired", Some(age)),
    };
    let old = old.map(|age| language.say(Rough(age)));
    let class = (state == "expired").then_some("unsure");
    html! {
        <dl class="facts" data-testid="trust-card-age" data-state={state}>
            { for old.map(|old| html! { <div><dt>{ language.say(Text::Age) }</dt><dd>{ old }</dd></div> }) }
            <div><dt>{ language.say(Text::Left) }</dt><dd {class}>{ language.say(TimeLeft(age)) }</dd></div>
        </dl>
    }
}

fn details(language: Language, card: &TrustCard) -> Html {
    let base = card.final_header.unwrap_or(card.trusted);
    html! {
        <details class="card-details">
            <summary>{ language.say(Text::More) }</summary>
            <div class="stack">
                <dl class="pairs">
                    <dt>{ language.say(Home::ChainId) }</dt><dd><code>{ &card.chain_id }</code></dd>
                    <dt>{ language.say(Home::ContractId) }</dt><dd><Identifier value={card.contract_id().to_string()} testid="contract-id" /></dd>
                    <dt>{ language.say(Text::TrustedBlock) }</dt><dd>{ grouped(base.height) }{ " · " }{ language.say(DateTime::of(base.time)) }<br /><Identifier value={base.hash.to_string()} /></dd>
                    <dt>{ language.say(Home::CardFingerprint) }</dt><dd><Identifier value={card.fingerprint().to_string()} testid="trust-card-fingerprint" /></dd>
                </dl>
                <CardInput />
            </div>
        </details>
    }
}
