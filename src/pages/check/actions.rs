//! What a voter can do with a report: save a dispute file, ask another node, start over.

use crate::services::{self, download};
use crate::state::hold::Hold;
use crate::state::{CheckChange, CheckState, Run, report_file};
use crate::text::{Language, ReceiptText as Text};
use verifier_core::{Report, Standing, TrustCard};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The buttons below the verdict.
pub fn actions(
    language: Language,
    card: &TrustCard,
    run: &Run,
    report: &Report,
    hold: Option<Hold>,
    state: &UseReducerHandle<CheckState>,
) -> Html {
    let again = {
        let dispatch = state.dispatcher();
        Callback::from(move |_| dispatch.dispatch(CheckChange::Again))
    };
    html! {
        <>
            { for hold.is_none().then(|| dispute(language, run, report)) }
            <div class="buttons">
                { node_choice(language, card, run, state) }
                <button type="button" class="button" onclick={again} data-testid="receipt-again">{ language.say(Text::Again) }</button>
            </div>
        </>
    }
}

fn dispute(language: Language, run: &Run, report: &Report) -> Html {
    if !matches!(report.standing, Some(Standing::Missing)) {
        return html! {};
    }
    let file = report_file::dispute(&run.receipt, report);
    let onclick = Callback::from(move |_| {
        download::save("chamgwan-dispute.json", "application/json", file.as_bytes())
    });
    html! {
        <div class="card stack">
            <p>{ language.say(Text::DisputeText) }</p>
            <button type="button" class="button primary" {onclick} data-testid="save-dispute">{ language.say(Text::Dispute) }</button>
        </div>
    }
}

/// Lets the voter ask another municipality's node about the same receipt.
fn node_choice(
    language: Language,
    card: &TrustCard,
    run: &Run,
    state: &UseReducerHandle<CheckState>,
) -> Html {
    let onchange = {
        let dispatch = state.dispatcher();
        Callback::from(move |event: Event| {
            let select = event
                .target()
                .and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            if let Some(node) = select.and_then(|s| s.value().parse().ok()) {
                dispatch.dispatch(CheckChange::OtherNode(node));
            }
        })
    };
    let options = card.nodes.iter().enumerate().map(|(at, node)| {
        let name = services::node::name(card, node.municipality);
        html! { <option value={at.to_string()} selected={at == run.node}>{ language.say(name) }</option> }
    });
    html! {
        <label class="inline-field">
            <span>{ language.say(Text::AnotherNode) }</span>
            <select class="input" {onchange} data-testid="receipt-node">{ for options }</select>
        </label>
    }
}
