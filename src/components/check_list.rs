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
    /// What an expert wants to see of a check: names and values.
    #[prop_or_default]
    pub evidence: Rc<[Evidence]>,
}

/// One name and value that belongs to a check.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    pub check: CheckId,
    pub name: AttrValue,
    pub value: AttrValue,
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
            Some(row) => done_row(language, row, &props.evidence),
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

fn done_row(language: Language, row: &Row, evidence: &[Evidence]) -> Html {
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
                { details(language, row.id, evidence) }
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
    let count = (row.count > 0 && counts_things(row.id))
        .then(|| language.say(CheckCount(row.id, row.count)));
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

/// Whether a check's number says something: a receipt has one ballot, one promise and so on.
fn counts_things(id: CheckId) -> bool {
    match id {
        CheckId::ReceiptForm
        | CheckId::ReceiptElection
        | CheckId::ReceiptPromise
        | CheckId::ReceiptBallot
        | CheckId::ReceiptProof
        | CheckId::ReceiptAsset
        | CheckId::ReceiptOutcome
        | CheckId::StateHeader
        | CheckId::StateRules => false,
        CheckId::ReceiptHeader
        | CheckId::ReceiptBlocks
        | CheckId::RecountHeaders
        | CheckId::RecountBlocks
        | CheckId::RecountKeys
        | CheckId::RecountRoll
        | CheckId::RecountTurnout
        | CheckId::RecountOutcomes
        | CheckId::RecountBallots
        | CheckId::RecountAssets
        | CheckId::RecountBallotsTurnout
        | CheckId::RecountSums
        | CheckId::RecountShares
        | CheckId::RecountTotals
        | CheckId::StateValues
        | CheckId::StateLists => true,
    }
}

fn details(language: Language, id: CheckId, evidence: &[Evidence]) -> Html {
    let mut pairs = evidence.iter().filter(|e| e.check == id).peekable();
    if pairs.peek().is_none() {
        return html! {};
    }
    html! {
        <details data-testid={format!("details-{}", id.as_str())}>
            <summary>{ language.say(ReceiptText::Details) }</summary>
            <dl class="pairs">
                { for pairs.map(|pair| html! { <><dt>{ &pair.name }</dt><dd class="evidence">{ &pair.value }</dd></> }) }
            </dl>
        </details>
    }
}
