//! The first page: which election, the ways in, what is proven and what is not.

use crate::components::{CardView, Icon, IconName, TrustGate, use_language};
use crate::route::Route;
use crate::services::clock;
use crate::state::{Trust, use_session};
use crate::text::{
    Both, DateTime, Home as Text, Language, LiveText, PageName, RightsText, grouped,
};
use std::rc::Rc;
use verifier_core::TrustCard;
use yew::prelude::*;

/// The page.
#[component]
pub fn Home() -> Html {
    let language = use_language();
    let session = use_session();
    let (title, card) = match session.trust() {
        Trust::Ready(card) => (language.say(&card.contract.title), Some(card)),
        Trust::Loading | Trust::Missing(_) | Trust::Malformed(_) => {
            (language.say(Text::NoElection), None)
        }
    };
    let has_phones = card.is_some_and(|card| !card.registrars.is_empty());
    let election = Callback::from(move |card: Rc<TrustCard>| election(language, &card));
    html! {
        <div data-testid="page-home">
            <div class="hero">
                <div class="inner">
                    <p class="eyebrow">{ language.say(Text::Eyebrow) }</p>
                    <h1 tabindex="-1" data-testid="election-title">{ title }</h1>
                    <p class="lead">{ language.say(Text::Lead) }</p>
                    <TrustGate content={election} />
                </div>
            </div>
            <div class="inner">
                <div class="columns entries">
                    { entry(language, IconName::Ballot, [Text::CheckTitle, Text::CheckText, Text::CheckAction], Route::Check(None), "start-check") }
                    { entry(language, IconName::Ledger, [Text::RecountTitle, Text::RecountText, Text::RecountAction], Route::Recount, "start-recount") }
                    { further(language, RightsText::Title.into(), RightsText::Lead.into(), Route::Rights, "start-rights") }
                    { further(language, LiveText::Title.into(), LiveText::Lead.into(), Route::Live, "start-live") }
                    { for has_phones.then(|| further(language, PageName(&Route::Vote).into(), Text::VoteLead.into(), Route::Vote, "start-vote")) }
                </div>
                <div class="columns section">
                    { points(language, Text::ProvesTitle, PROVEN, "proven") }
                    { points(language, Text::NotTitle, NOT_PROVEN, "not-proven") }
                </div>
                <p class="more"><a href={Route::About.href()}>{ language.say(Text::NotMore) }</a></p>
                { for card.map(|card| html! { <div class="section"><CardView card={card.clone()} /></div> }) }
                <section class="section">
                    <h2>{ language.say(Text::HowTitle) }</h2>
                    <ol class="steps">
                        { for [Text::HowOne, Text::HowTwo, Text::HowThree].map(|step| html! { <li>{ language.say(step) }</li> }) }
                    </ol>
                </section>
            </div>
        </div>
    }
}

const PROVEN: [Text; 4] = [
    Text::ProvesRecorded,
    Text::ProvesCounted,
    Text::ProvesTotals,
    Text::ProvesSame,
];
const NOT_PROVEN: [Text; 4] = [
    Text::NotChoice,
    Text::NotDevice,
    Text::NotRegistrar,
    Text::NotPage,
];

fn election(language: Language, card: &TrustCard) -> Html {
    let contract = &card.contract;
    let number = |n: usize| grouped(u64::try_from(n).unwrap_or(u64::MAX));
    let facts = [
        (Text::State, language.say(state(card))),
        (Text::Opening, language.say(DateTime::of(contract.opening))),
        (Text::Closing, language.say(DateTime::of(contract.closing))),
        (
            Text::Municipalities,
            number(contract.municipalities.len()).into(),
        ),
        (Text::Candidates, number(contract.candidates.len()).into()),
    ];
    html! {
        <dl class="facts" aria-label={language.say(Text::ElectionFacts)}>
            { for facts.map(|(name, value)| html! { <div><dt>{ language.say(name) }</dt><dd>{ value }</dd></div> }) }
        </dl>
    }
}

/// What the clock and the card say; the card alone tells that an election is over.
fn state(card: &TrustCard) -> Text {
    let now = clock::now();
    if card.final_header.is_some() {
        Text::StateFinal
    } else if now < card.contract.opening {
        Text::StateBefore
    } else if now < card.contract.closing {
        Text::StateOpen
    } else {
        Text::StateCounting
    }
}

fn entry(
    language: Language,
    icon: IconName,
    [title, text, action]: [Text; 3],
    route: Route,
    testid: &'static str,
) -> Html {
    html! {
        <section class="entry">
            <span class="entry-icon"><Icon name={icon} size={30} /></span>
            <h2>{ language.say(title) }</h2>
            <p>{ language.say(text) }</p>
            <a class="button primary" href={route.href()} data-testid={testid}>{ language.say(action) }</a>
        </section>
    }
}

/// A smaller way in, beside the two that most visitors come for.
fn further(
    language: Language,
    title: Both,
    lead: Both,
    route: Route,
    testid: &'static str,
) -> Html {
    html! {
        <section class="entry further">
            <h2><a href={route.href()} data-testid={testid}>{ language.say(title) }</a></h2>
            <p>{ language.say(lead) }</p>
        </section>
    }
}

fn points(language: Language, title: Text, points: [Text; 4], class: &'static str) -> Html {
    html! {
        <section class={classes!("card", class)}>
            <h2>{ language.say(title) }</h2>
            <ul class="bullets">{ for points.map(|point| html! { <li>{ language.say(point) }</li> }) }</ul>
        </section>
    }
}
