//! How many nodes must agree before a result is accepted.

use crate::components::{Alert, Tone, use_language};
use crate::services::setting;
use crate::state::{SessionChange, use_session};
use crate::text::NodesText as Text;
use std::rc::Rc;
use verifier_core::{TrustCard, default_required};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct RequiredProps {
    pub card: Rc<TrustCard>,
}

/// The setting, with a warning where it is lower than recommended.
#[component]
pub fn Required(props: &RequiredProps) -> Html {
    let language = use_language();
    let session = use_session();
    let card = &props.card;
    let nodes = card.nodes.len();
    let usual = default_required(nodes, card.contract.municipalities.len());
    let chosen = use_state_eq(|| setting::required(card));
    let required = chosen.unwrap_or(usual).clamp(1, nodes.max(1));
    let choose = {
        let (chosen, card, session) = (chosen.clone(), card.clone(), session.dispatcher());
        move |number: Option<usize>| {
            setting::require(&card, number);
            chosen.set(number);
            session.dispatch(SessionChange::AskAgain);
        }
    };
    let onchange = {
        let choose = choose.clone();
        Callback::from(move |event: Event| {
            let field = event
                .target()
                .and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            let number = field.and_then(|field| field.value().parse::<usize>().ok());
            if let Some(number) = number.filter(|n| (1..=nodes).contains(n)) {
                choose(Some(number).filter(|n| *n != usual));
            }
        })
    };
    let reset = Callback::from(move |_| choose(None));
    html! {
        <section class="card plain stack">
            <h2><label for="required">{ language.say(Text::Setting) }</label></h2>
            <p class="small quiet" id="required-hint">{ language.say(Text::SettingHint) }</p>
            <div class="buttons">
                <input id="required" class="input number" type="number" min="1" max={nodes.to_string()} value={required.to_string()} {onchange}
                    aria-describedby="required-hint" data-testid="required" />
                { for (required != usual).then(|| html! { <button type="button" class="button" onclick={reset} data-testid="required-default">{ language.say(Text::SettingDefault(usual)) }</button> }) }
            </div>
            { for (required < usual).then(|| html! { <Alert tone={Tone::Unsure} title={language.say(Text::SettingLow)} testid="required-low" /> }) }
        </section>
    }
}
