//! What a voter can do with a report: save a dispute file, ask another node, start over.

use super::dispute::DisputeDesk;
use crate::services;
use crate::state::hold::Hold;
use crate::state::{CheckChange, CheckState, Run};
use crate::text::{Language, ReceiptText as Text};
use std::rc::Rc;
use verifier_core::{Report, Standing, TrustCard};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The buttons below the verdict.
pub fn actions(
    language: Language,
    card: &Rc<TrustCard>,
    run: &Run,
    report: &Report,
    hold: Option<Hold>,
    state: &UseReducerHandle<CheckState>,
) -> Html {
    let missing = matches!(report.standing, Some(Standing::Missing));
    let disputed = hold.is_none() && missing;
    let again = {
        let dispatch = state.dispatcher();
        Callback::from(move |_| dispatch.dispatch(CheckChange::Again))
    };
    html! {
        <>
            { for disputed.then(|| html! { <DisputeDesk key={run.number} card={card.clone()} run={run.clone()} /> }) }
            <div class="buttons">
                { node_choice(language, card, run, state) }
                <button type="button" class="button" onclick={again} data-testid="receipt-again">{ language.say(Text::Again) }</button>
            </div>
        </>
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
