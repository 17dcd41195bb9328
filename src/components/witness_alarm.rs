//! What stands above everything else on every page once the nodes have shown two ledgers.

use super::alert::{Alert, Tone};
use super::header::use_language;
use crate::route::Route;
use crate::state::hold::Hold;
use crate::state::use_session;
use crate::text::{HoldMeaning, HoldTitle, WatchText};
use verifier_core::Consensus;
use yew::prelude::*;

/// The alarm, while there is one.
#[component]
pub fn WitnessAlarm() -> Html {
    let language = use_language();
    let session = use_session();
    let Some(found) = session.watch().alarm() else {
        return html! {};
    };
    let hold = match found.agreement.consensus() {
        Consensus::Rewritten => Hold::Rewritten,
        Consensus::Conflict | Consensus::TooFew { .. } | Consensus::Enough => Hold::Conflict,
    };
    html! {
        <div class="inner witness-alarm">
            <Alert tone={Tone::Bad} title={language.say(HoldTitle(hold))} testid="witness-alarm">
                <p>{ language.say(HoldMeaning(hold)) }</p>
                <p>{ language.say(WatchText::AlarmNext) }{ " " }<a href={Route::Nodes.href()}>{ language.say(WatchText::See) }</a></p>
            </Alert>
        </div>
    }
}
