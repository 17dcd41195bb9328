//! What this device remembers of the ledger.

use crate::components::{Identifier, use_language};
use crate::services::{header_store, kept};
use crate::state::{SessionChange, use_session};
use crate::text::{DateTime, NodesText as Text, grouped};
use std::rc::Rc;
use verifier_core::TrustCard;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct KeptProps {
    pub card: Rc<TrustCard>,
}

/// The header kept, and a button that forgets it.
#[component]
pub fn Kept(props: &KeptProps) -> Html {
    let language = use_language();
    let session = use_session();
    let forget = {
        let (card, session) = (props.card.clone(), session.dispatcher());
        Callback::from(move |_| {
            kept::forget(&card);
            session.dispatch(SessionChange::Forgotten);
            yew::platform::spawn_local(header_store::forget());
        })
    };
    let content = match kept::known(&props.card) {
        Some(anchor) => html! {
            <>
                <p data-testid="kept-anchor">{ grouped(anchor.height) }{ " · " }{ language.say(DateTime::of(anchor.time)) }<br /><Identifier value={anchor.hash.to_string()} /></p>
                <div class="buttons"><button type="button" class="button" onclick={forget} data-testid="forget">{ language.say(Text::Forget) }</button></div>
            </>
        },
        None => html! { <p data-testid="nothing-kept">{ language.say(Text::NothingKept) }</p> },
    };
    html! {
        <section class="card plain stack">
            <h2>{ language.say(Text::Kept) }</h2>
            <p class="small quiet">{ language.say(Text::KeptText) }</p>
            { content }
        </section>
    }
}
