//! My voting right: two questions to the ledger's state, each answered with proofs or not at all.

use crate::components::{
    AsksFor, CheckList, GatedPage, Icon, Identifier, ReceiptInput, Tone, held_back, use_language,
    verdict_word,
};
use crate::services::node::{self, some_node};
use crate::services::{self, document};
use crate::state::hold::{Hold, hold, shown};
use crate::state::rights::{Answered, Asked, Inquiry, RightsChange, RightsState};
use crate::state::row::Row;
use crate::state::watch::Watch;
use crate::state::{Session, SessionChange, use_session};
use crate::text::{
    AnswerHeadline, AnswerMeaning, Both, Language, ReceiptText, RightsText as Text, grouped,
    holds_at, row,
};
use std::rc::Rc;
use verifier_core::{Check, CheckId, CheckOutcome, Doubt, StateAnswer, TrustCard, Verdict};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The page.
#[component]
pub fn Rights() -> Html {
    let language = use_language();
    let content = Callback::from(|card: Rc<TrustCard>| html! { <Desk {card} /> });
    html! { <GatedPage title={language.say(Text::Title)} lead={language.say(Text::Lead)} testid="page-rights" {content} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct DeskProps {
    card: Rc<TrustCard>,
}

/// Where questions are asked, once there is a trust card.
#[component]
fn Desk(props: &DeskProps) -> Html {
    let language = use_language();
    let session = use_session();
    let state = use_reducer(RightsState::default);
    let card = &props.card;
    use_inquiry(card, &state, &session);
    match &*state {
        RightsState::Waiting { text, trouble } => {
            let given = {
                let (dispatch, card) = (state.dispatcher(), card.clone());
                Callback::from(move |text| {
                    dispatch.dispatch(RightsChange::Given {
                        text,
                        node: some_node(card.nodes.len()),
                        card: card.clone(),
                    })
                })
            };
            let troubled = {
                let dispatch = state.dispatcher();
                Callback::from(move |trouble| dispatch.dispatch(RightsChange::Troubled(trouble)))
            };
            html! {
                <div class="stack">
                    { questions(language) }
                    <ReceiptInput asks_for={AsksFor::Right} text={text.clone()} trouble={trouble.clone()} {given} {troubled} />
                    <p class="small quiet">{ language.say(Text::PrivacyNote) }</p>
                </div>
            }
        }
        RightsState::Running { inquiry, checks } => html! {
            <div class="stack" data-testid="rights-running">
                <h2 tabindex="-1" class="verdict-title">{ language.say(Text::Running) }</h2>
                { check_list(card, checks, true) }
                { facts(language, card, inquiry, None) }
            </div>
        },
        RightsState::Done { inquiry, answered } => {
            let hold = held(card, session.watch(), answered);
            // An answer that is held back is not shown in any part of the page.
            let given = hold.is_none().then_some(answered);
            html! {
                <div class="stack" data-testid="rights-done">
                    { answer(language, inquiry, answered, hold) }
                    { actions(language, card, inquiry, &state) }
                    { facts(language, card, inquiry, given) }
                    { for given.map(|answered| limits(language, answered)) }
                    <h2 class="section-title">{ language.say(ReceiptText::Checks) }</h2>
                    { check_list(card, &answered.checks, false) }
                </div>
            }
        }
    }
}

fn questions(language: Language) -> Html {
    let pairs = [
        (Text::UsedQuestion, Text::UsedHow),
        (Text::NameQuestion, Text::NameHow),
    ];
    html! {
        <div class="columns">
            { for pairs.map(|(question, how)| html! {
                <section class="card plain"><h2>{ language.say(question) }</h2><p>{ language.say(how) }</p></section>
            }) }
        </div>
    }
}

/// Why the answer is not given although it was proven.
fn held(card: &TrustCard, watch: &Watch, answered: &Answered) -> Option<Hold> {
    let agreement = answered.found.as_ref().map(|found| &found.agreement);
    hold(card, watch, agreement, answered.verdict)
}

/// Carries out each question that the state names, once.
#[hook]
fn use_inquiry(
    card: &Rc<TrustCard>,
    state: &UseReducerHandle<RightsState>,
    session: &UseReducerHandle<Session>,
) {
    let (dispatch, session) = (state.dispatcher(), session.dispatcher());
    let card = card.clone();
    use_effect_with(state.inquiry().cloned(), move |inquiry| {
        let Some(inquiry) = inquiry.clone() else {
            return;
        };
        document::focus_soon(".verdict-title");
        yew::platform::spawn_local(async move {
            let number = inquiry.number;
            let progress = {
                let dispatch = dispatch.clone();
                move |checks: &[Check]| {
                    let checks = Rc::from(checks);
                    dispatch.dispatch(RightsChange::Progressed { number, checks });
                }
            };
            let question = inquiry.asked.question();
            let answered =
                services::state_check::run(&card, question, inquiry.node, progress).await;
            if let Some(found) = answered.found.clone() {
                session.dispatch(SessionChange::Surveyed(found));
            }
            let answered = Rc::new(answered);
            dispatch.dispatch(RightsChange::Finished { number, answered });
            document::focus_soon(".verdict-title");
        });
    });
}

/// How an answer is meant: what nobody need worry about, what the person may know better, and what should not be.
fn tone(asked: &Asked, answer: &StateAnswer) -> Tone {
    match (answer, asked) {
        (StateAnswer::SpentBy { code, .. }, Asked::Receipt { code: own, .. }) if code != own => {
            Tone::Bad
        }
        (StateAnswer::SpentBy { .. }, Asked::Receipt { .. })
        | (StateAnswer::NameNotOnList { .. }, _) => Tone::Good,
        (StateAnswer::Unspent { .. }, Asked::Receipt { .. }) => Tone::Unsure,
        (StateAnswer::Unspent { .. }, _) => Tone::Good,
        (
            StateAnswer::SpentBy { .. }
            | StateAnswer::NoSuchRight
            | StateAnswer::NameOnList { .. }
            | StateAnswer::Spoiled { .. }
            | StateAnswer::NotSpoiled { .. }
            | StateAnswer::NameRecorded { .. }
            | StateAnswer::Numbers(_),
            _,
        ) => Tone::Note,
    }
}

fn word(answer: &StateAnswer) -> &'static str {
    match answer {
        StateAnswer::Unspent { .. } => "unspent",
        StateAnswer::SpentBy { .. } => "spent",
        StateAnswer::NoSuchRight => "no-such-right",
        StateAnswer::NameOnList { .. } | StateAnswer::NameRecorded { .. } => "on-list",
        StateAnswer::NameNotOnList { .. } => "not-on-list",
        StateAnswer::Spoiled { .. } => "spoiled",
        StateAnswer::NotSpoiled { .. } => "not-spoiled",
        StateAnswer::Numbers(_) => "numbers",
    }
}

fn answer(language: Language, inquiry: &Inquiry, answered: &Answered, hold: Option<Hold>) -> Html {
    let asked = &inquiry.asked;
    let (tone, headline, meaning, word): (_, Both, Both, _) =
        match (shown(answered.verdict, hold), &answered.answer) {
            (Verdict::Accepted, Some(answer)) => (
                tone(asked, answer),
                AnswerHeadline(asked, answer).into(),
                AnswerMeaning(asked, answer).into(),
                word(answer),
            ),
            (Verdict::Rejected, _) => (
                Tone::Bad,
                Text::Contradiction.into(),
                ReceiptText::RejectedText.into(),
                "none",
            ),
            (Verdict::Accepted | Verdict::Inconclusive, _) => (
                Tone::Unsure,
                ReceiptText::Inconclusive.into(),
                Text::InconclusiveText.into(),
                "none",
            ),
        };
    let (tone, headline, meaning) = hold.map_or((tone, headline, meaning), held_back);
    let verdict = verdict_word(shown(answered.verdict, hold));
    html! {
        <section class={classes!("verdict", tone.colour())} data-testid="verdict" data-verdict={verdict}>
            <div class="verdict-head" data-testid="state-answer" data-answer={word}>
                <span class={tone.colour()}><Icon name={tone.icon()} size={44} /></span>
                <div>
                    <h2 tabindex="-1" class="verdict-title" data-testid="verdict-title">{ language.say(headline) }</h2>
                    <p>{ language.say(meaning) }</p>
                </div>
            </div>
        </section>
    }
}

fn limits(language: Language, answered: &Answered) -> Html {
    let points: &[Text] = match &answered.answer {
        Some(StateAnswer::NameNotOnList { .. }) => &[Text::LimitName, Text::LimitSlip],
        Some(StateAnswer::NameOnList { .. } | StateAnswer::NameRecorded { .. }) => {
            &[Text::LimitSlip]
        }
        Some(_) => &[Text::LimitUsed],
        None => return html! {},
    };
    html! {
        <section class="card">
            <h2>{ language.say(Text::LimitTitle) }</h2>
            <ul class="bullets">{ for points.iter().map(|point| html! { <li>{ language.say(*point) }</li> }) }</ul>
        </section>
    }
}

/// What was asked, of whom, and the answer's particulars.
fn facts(
    language: Language,
    card: &TrustCard,
    inquiry: &Inquiry,
    answered: Option<&Rc<Answered>>,
) -> Html {
    let source = card.nodes.get(inquiry.node);
    let source = source.map(|node| node::name(card, node.municipality));
    let plain = |text: String| html! { { text } };
    let mut pairs: Vec<(Both, Html)> = Vec::new();
    let answer = answered.and_then(|answered| answered.answer.as_ref());
    if let (Some((height, _, time)), Some(_)) = (answered.and_then(|a| a.anchor), answer) {
        let holds = language.say(holds_at(height, time));
        pairs.push((
            Text::HoldsAt.into(),
            html! { <span data-testid="holds-at" data-height={height.saturating_sub(1).to_string()}>{ holds }</span> },
        ));
    }
    let municipality = node::name(card, inquiry.asked.municipality());
    pairs.push((
        Text::Municipality.into(),
        plain(language.say(municipality).to_string()),
    ));
    if let Asked::Entry(slip) = &*inquiry.asked {
        pairs.push((Text::Entry.into(), plain(slip.entry.clone())));
    }
    pairs.extend(particulars(answer));
    if let Asked::Receipt { code, .. } = &*inquiry.asked {
        pairs.push((
            Text::YourCode.into(),
            html! { <Identifier value={code.to_string()} /> },
        ));
    }
    if let Some(source) = source {
        pairs.push((
            ReceiptText::Source.into(),
            html! { <span data-testid="receipt-source">{ language.say(source) }</span> },
        ));
    }
    html! {
        <section class="card plain">
            <dl class="pairs">
                { for pairs.into_iter().map(|(name, value)| html! { <><dt>{ language.say(name) }</dt><dd>{ value }</dd></> }) }
            </dl>
        </section>
    }
}

fn particulars(answer: Option<&StateAnswer>) -> Vec<(Both, Html)> {
    let plain = |name: Text, text: String| (Both::from(name), html! { { text } });
    match answer {
        Some(StateAnswer::Unspent { asset }) => vec![plain(Text::Right, asset.to_string())],
        Some(StateAnswer::SpentBy {
            asset,
            code,
            height,
        }) => vec![
            plain(Text::Right, asset.to_string()),
            (
                Text::UsedBy.into(),
                html! { <Identifier value={code.to_string()} testid="spent-by" /> },
            ),
            plain(Text::UsedIn, grouped(*height)),
        ],
        Some(StateAnswer::NameOnList { batch, height }) => vec![
            plain(Text::Batch, batch.to_string()),
            plain(Text::UsedIn, grouped(*height)),
        ],
        Some(StateAnswer::NameRecorded { record, height }) => vec![
            plain(Text::Record, record.to_string()),
            plain(Text::UsedIn, grouped(*height)),
        ],
        Some(StateAnswer::NameNotOnList { rights }) => {
            vec![plain(Text::RightsIssued, grouped((*rights).into()))]
        }
        Some(
            StateAnswer::NoSuchRight
            | StateAnswer::Spoiled { .. }
            | StateAnswer::NotSpoiled { .. }
            | StateAnswer::Numbers(_),
        )
        | None => Vec::new(),
    }
}

/// Another node for the same question; or another question.
fn actions(
    language: Language,
    card: &TrustCard,
    inquiry: &Inquiry,
    state: &UseReducerHandle<RightsState>,
) -> Html {
    let onchange = {
        let dispatch = state.dispatcher();
        Callback::from(move |event: Event| {
            let select = event.target();
            let select = select.and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            if let Some(node) = select.and_then(|s| s.value().parse().ok()) {
                dispatch.dispatch(RightsChange::OtherNode(node));
            }
        })
    };
    let again = {
        let dispatch = state.dispatcher();
        Callback::from(move |_| dispatch.dispatch(RightsChange::Again))
    };
    let options = card.nodes.iter().enumerate().map(|(at, address)| {
        let name = node::name(card, address.municipality);
        html! { <option value={at.to_string()} selected={at == inquiry.node}>{ language.say(name) }</option> }
    });
    html! {
        <div class="buttons">
            <label class="inline-field">
                <span>{ language.say(ReceiptText::AnotherNode) }</span>
                <select class="input" {onchange} data-testid="receipt-node">{ for options }</select>
            </label>
            <button type="button" class="button" onclick={again} data-testid="receipt-again">{ language.say(Text::Again) }</button>
        </div>
    }
}

fn check_list(card: &TrustCard, checks: &[Check], running: bool) -> Html {
    let open = CheckOutcome::Unknown(Doubt::NotReached);
    let done = checks
        .iter()
        .filter(|check| !running || check.outcome != open);
    let rows: Rc<[Row]> = done.map(|check| row(check, card)).collect();
    let expected: Rc<[CheckId]> = CheckId::of_state().collect();
    html! { <div aria-live="polite"><CheckList {rows} {expected} {running} /></div> }
}
