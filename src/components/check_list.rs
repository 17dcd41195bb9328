//! Checks one below the other: a sentence for the voter, details for the expert. A tick stands only beside a check that passed.

use super::alert::Tone;
use super::header::use_language;
use super::icon::{Icon, IconName};
use crate::text::{
    Both, CheckCount, CheckMeaning, CheckName, DoubtText, FindingText, Language, OutcomeWord,
    ReceiptText, technical,
};
use std::rc::Rc;
use verifier_core::{Check, CheckId, CheckOutcome, Doubt, TrustCard};
use yew::prelude::*;

/// At most this many reasons are written out; a ledger full of bad ballots has thousands.
const REASONS_SHOWN: usize = 20;

/// Something to say about a check, with its name and value.
pub type Detail = (AttrValue, AttrValue);

#[derive(Clone, PartialEq, Properties)]
pub struct CheckListProps {
    pub card: Rc<TrustCard>,
    /// The checks that are done.
    pub checks: Rc<[Check]>,
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
    let rows = props.expected.iter().map(|id| {
        let done = props.checks.iter().find(|check| check.id == *id);
        match done {
            Some(check) => done_row(language, check, &props.card),
            None => open_row(language, *id, core::mem::take(&mut first_open)),
        }
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

fn done_row(language: Language, check: &Check, card: &TrustCard) -> Html {
    let (tone, state) = match &check.outcome {
        CheckOutcome::Passed => (Tone::Good, "passed"),
        CheckOutcome::Failed(_) => (Tone::Bad, "failed"),
        CheckOutcome::Unknown(_) => (Tone::Unsure, "unknown"),
    };
    html! {
        <li class={classes!("check-row", "appearing", state)} data-testid={format!("check-{}", check.id.as_str())} data-outcome={state}>
            <span class={classes!("check-icon", tone.colour())}><Icon name={tone.icon()} size={26} /></span>
            <div>
                <h3>
                    { language.say(CheckName(check.id)) }{ " " }
                    <span class={classes!("badge", tone.colour())}>{ language.say(OutcomeWord(&check.outcome)) }</span>
                </h3>
                { reasons(language, check, card) }
                <p class="small quiet">{ language.say(CheckMeaning(check.id)) }</p>
                { details(language, check) }
            </div>
        </li>
    }
}

fn reasons(language: Language, check: &Check, card: &TrustCard) -> Html {
    let sentences: Vec<Both> = match &check.outcome {
        CheckOutcome::Passed => return html! {},
        CheckOutcome::Failed(findings) => findings
            .iter()
            .take(REASONS_SHOWN)
            .map(|finding| FindingText(finding, &card.contract).into())
            .collect(),
        CheckOutcome::Unknown(doubt) => vec![DoubtText(doubt).into()],
    };
    html! {
        <ul class="reasons" data-testid={format!("reasons-{}", check.id.as_str())}>
            { for sentences.into_iter().map(|sentence| html! { <li>{ language.say(sentence) }</li> }) }
        </ul>
    }
}

fn details(language: Language, check: &Check) -> Html {
    let count = (check.count > 0).then(|| language.say(CheckCount(check.id, check.count)));
    let said = match &check.outcome {
        CheckOutcome::Unknown(Doubt::Source(fault)) => technical(fault).map(str::to_owned),
        _ => None,
    };
    html! {
        <p class="check-facts">
            { for count.map(|count| html! { <span class="number" data-testid={format!("count-{}", check.id.as_str())}>{ count }</span> }) }
            <code title={language.say(ReceiptText::CheckId)}>{ check.id.as_str() }</code>
            { for said.map(|said| html! { <code>{ said }</code> }) }
        </p>
    }
}
