//! What becomes of the progress between visits.

use crate::components::{Alert, Tone, use_language};
use crate::text::{CheckedEarlier, RecountText as Text};
use recount_worker::Keeping;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct KeptNoteProps {
    pub keeping: Option<Keeping>,
    pub anew: Callback<MouseEvent>,
}

/// What was checked earlier in this browser, with a way to check it again; or why nothing is kept.
#[component]
pub fn KeptNote(props: &KeptNoteProps) -> Html {
    let language = use_language();
    match props.keeping {
        Some(Keeping::Kept {
            ballots,
            at: Some(at),
        }) => html! {
            <Alert tone={Tone::Note} title={language.say(CheckedEarlier { ballots, at })} testid="recount-kept">
                <p class="small">{ language.say(Text::KeptNote) }</p>
                <div class="buttons">
                    <button type="button" class="button small" onclick={props.anew.clone()} data-testid="recount-anew">{ language.say(Text::Anew) }</button>
                </div>
            </Alert>
        },
        Some(Keeping::Refused) => html! {
            <Alert tone={Tone::Note} title={language.say(Text::StorageRefused)} testid="recount-not-kept" />
        },
        Some(Keeping::Full) => html! {
            <Alert tone={Tone::Note} title={language.say(Text::StorageFull)} testid="recount-not-kept" />
        },
        Some(Keeping::Kept { at: None, .. }) | None => html! {},
    }
}
