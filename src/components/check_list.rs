//! Checks one below the other: a sentence for the voter, details for the expert. A tick stands only beside a check that passed.

use super::alert::Tone;
use super::header::use_language;
use super::icon::{Icon, IconName};
use crate::state::row::{Row, RowOutcome};
use crate::text::{CheckCount, CheckMeaning, CheckName, Language, OutcomeWord, ReceiptText};
use std::rc::Rc;
use verifier_core::CheckId;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct CheckListProps {
    /// The checks that are done.
    pub rows: Rc<[Row]>,
    /// All checks that will be done, in order.
    pub expected: Rc<[CheckId]>,
    /// Whether more are to come.
    pub running: bool,
}

/// The list; while it runs, the first check that is not done yet is marked as being worked on.
#[component]
pub fn CheckList(props: &CheckListProps) -> Html {
    let language = use_language();
    let mut first_open = props.running;
    let rows = props
        .expected
        .iter()
        .map(|id| match props.rows.iter().find(|row| row.id == *id) {
            Some(row) => done_row(language, row),
            None => open_row(language, *id, core::mem::take(&mut first_open)),
        });
    html! { <ol class="checks" data-testid="checks">{ for rows }</ol> }
}

fn open_row(language: Language, id: CheckId, working: bool) -> Html {
    let icon = if working {
        IconName::Turning
    } else {
        IconName::Waiting
    };
    let state = if working { "running" } else { "waiting" };
    html! {
        <li class="check-row waiting" data-testid={format!("check-{}", id.as_str())} data-outcome={state}>
            <span class="check-icon"><Icon name={icon} size={26} /></span>
            <div><h3>{ language.say(CheckName(id)) }</h3></div>
        </li>
    }
}

fn done_row(language: Language, row: &Row) -> Html {
    let (tone, state) = match row.outcome {
        RowOutcome::Passed => (Tone::Good, "passed"),
        RowOutcome::Failed => (Tone::Bad, "failed"),
        RowOutcome::Unknown => (Tone::Unsure, "unknown"),
    };
    let id = row.id.as_str();
    html! {
        <li class={classes!("check-row", "appearing", state)} data-testid={format!("check-{id}")} data-outcome={state}>
            <span class={classes!("check-icon", tone.colour())}><Icon name={tone.icon()} size={26} /></span>
            <div>
                <h3>
                    { language.say(CheckName(row.id)) }{ " " }
                    <span class={classes!("badge", tone.colour())}>{ language.say(OutcomeWord(row.outcome)) }</span>
                </h3>
                { reasons(language, row) }
                <p class="small quiet">{ language.say(CheckMeaning(row.id)) }</p>
                { facts(language, row) }
            </div>
        </li>
    }
}

fn reasons(language: Language, row: &Row) -> Html {
    if row.reasons.is_empty() {
        return html! {};
    }
    html! {
        <ul class="reasons" data-testid={format!("reasons-{}", row.id.as_str())}>
            { for row.reasons.iter().map(|reason| html! { <li>{ language.say(reason) }</li> }) }
        </ul>
    }
}

fn facts(language: Language, row: &Row) -> Html {
    let id = row.id.as_str();
    let count = (row.count > 0).then(|| language.say(CheckCount(row.id, row.count)));
    let said = row
        .reasons
        .iter()
        .filter_map(|reason| reason.technical.clone());
    html! {
        <p class="check-facts">
            { for count.map(|count| html! { <span class="number" data-testid={format!("count-{id}")} data-count={row.count.to_string()}>{ count }</span> }) }
            <code title={language.say(ReceiptText::CheckId)}>{ id }</code>
            { for said.map(|said| html! { <code class="said">{ said }</code> }) }
        </p>
    }
}
