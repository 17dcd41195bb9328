//! What is proven and what is not: the table of threats, the words used, and what happens to a visitor's data.

use crate::components::{PageHead, use_language};
use crate::text::{About as Text, Cell, Language, Protection, Threat};
use yew::prelude::*;

/// The page.
#[component]
pub fn About() -> Html {
    let language = use_language();
    html! {
        <div class="inner" data-testid="page-about">
            <PageHead title={language.say(Text::Title)} lead={language.say(Text::Lead)} />
            <section aria-labelledby="threats">
                <h2 id="threats" class="unseen">{ language.say(Text::TableTitle) }</h2>
                { threats(language) }
            </section>
            <section class="section">
                <h2>{ language.say(Text::TermsTitle) }</h2>
                { terms(language) }
            </section>
            <section class="section">
                <h2>{ language.say(Text::PrivacyTitle) }</h2>
                { privacy(language) }
            </section>
        </div>
    }
}

fn threats(language: Language) -> Html {
    let head = [Text::Who, Text::Tries, Text::Answer, Text::Protection];
    html! {
        <table class="table stacks" data-testid="threats">
            <thead>
                <tr>{ for head.map(|name| html! { <th scope="col">{ language.say(name) }</th> }) }</tr>
            </thead>
            <tbody>{ for Threat::ALL.map(|threat| row(language, threat)) }</tbody>
        </table>
    }
}

fn row(language: Language, threat: Threat) -> Html {
    let cell = |cell| language.say(threat.cell(cell));
    let protection = threat.protection();
    html! {
        <tr>
            <th scope="row">{ cell(Cell::Who) }</th>
            <td>{ cell(Cell::Tries) }</td>
            <td>{ cell(Cell::Answer) }</td>
            <td><span class={classes!("badge", colour(protection))}>{ language.say(protection) }</span></td>
        </tr>
    }
}

fn colour(protection: Protection) -> &'static str {
    match protection {
        Protection::Stopped | Protection::Shown => "good",
        Protection::Partly => "unsure",
        Protection::NotStopped => "bad",
    }
}

fn terms(language: Language) -> Html {
    let terms = [
        (Text::TermLedger, Text::TermLedgerText),
        (Text::TermReceipt, Text::TermReceiptText),
        (Text::TermCard, Text::TermCardText),
        (Text::TermCount, Text::TermCountText),
    ];
    html! {
        <dl class="terms">
            { for terms.map(|(name, text)| html! { <div><dt>{ language.say(name) }</dt><dd>{ language.say(text) }</dd></div> }) }
        </dl>
    }
}

fn privacy(language: Language) -> Html {
    let points = [
        Text::PrivacyReceipt,
        Text::PrivacyLookup,
        Text::PrivacyNothingKept,
    ];
    html! { <ul class="bullets">{ for points.map(|point| html! { <li>{ language.say(point) }</li> }) }</ul> }
}
