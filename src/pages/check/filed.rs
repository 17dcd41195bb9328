//! A file with proofs that was given instead of a receipt: what it shows by the trust card alone.

use crate::components::{Icon, Tone, held_back, use_language};
use crate::state::filed::Filed;
use crate::state::hold::hold;
use crate::state::watch::Watch;
use crate::text::{Both, FiledHeadline, FiledMeaning, ReceiptText as Text};
use std::rc::Rc;
use verifier_core::{TrustCard, Verdict};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct FiledViewProps {
    pub card: Rc<TrustCard>,
    pub filed: Rc<Filed>,
    pub watch: Watch,
    pub again: Callback<MouseEvent>,
}

/// Headline and meaning. Beside two ledgers nothing is said; how many nodes answer does not matter, for none was asked.
#[component]
pub fn FiledView(props: &FiledViewProps) -> Html {
    let language = use_language();
    let (filed, contract) = (props.filed.as_ref(), &props.card.contract);
    let alarm = hold(&props.card, &props.watch, None, Verdict::Inconclusive);
    let (word, (tone, headline, meaning)) = match alarm {
        Some(alarm) => ("none", held_back(alarm)),
        None => {
            let (word, tone) = kind(filed);
            let headline: Both = FiledHeadline(filed, contract).into();
            (word, (tone, headline, FiledMeaning(filed, contract).into()))
        }
    };
    html! {
        <div class="stack">
            <section class={classes!("verdict", tone.colour())} data-testid="filed" data-filed={word}>
                <div class="verdict-head">
                    <span class={tone.colour()}><Icon name={tone.icon()} size={44} /></span>
                    <div>
                        <h2 tabindex="-1" class="verdict-title" data-testid="verdict-title">{ language.say(headline) }</h2>
                        <p>{ language.say(meaning) }</p>
                    </div>
                </div>
            </section>
            <div class="buttons">
                <button type="button" class="button" onclick={&props.again} data-testid="receipt-again">{ language.say(Text::Again) }</button>
            </div>
        </div>
    }
}

fn kind(filed: &Filed) -> (&'static str, Tone) {
    match filed {
        Filed::Proof(Ok(ballot)) if ballot.counted => ("counted", Tone::Good),
        Filed::Proof(Ok(_)) => ("recorded", Tone::Good),
        Filed::Proof(Err(_)) => ("no-proof", Tone::Bad),
        Filed::Dispute(Ok(_)) => ("broken", Tone::Note),
        Filed::Dispute(Err(_)) => ("no-dispute", Tone::Unsure),
        Filed::Unreadable(..) => ("unreadable", Tone::Unsure),
    }
}
