//! The ways in for a receipt: text, a file or photo chosen or dropped, the camera.

use super::header::use_language;
use super::icon::{Icon, IconName};
use crate::services::camera::{self, Camera, CameraFault};
use crate::services::{files, picture};
use crate::state::{CheckChange, Trouble};
use crate::text::{Language, ReceiptText as Text};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, HtmlInputElement, HtmlTextAreaElement, HtmlVideoElement};
use yew::prelude::*;

/// A receipt's text file is never larger.
const TEXT_FILE_LIMIT: usize = 64 * 1024;

#[derive(Clone, PartialEq, Properties)]
pub struct ReceiptInputProps {
    pub text: AttrValue,
    /// Whether the text was refused; the reason stands below.
    pub refused: bool,
    pub change: Callback<CheckChange>,
}

/// The form.
#[component]
pub fn ReceiptInput(props: &ReceiptInputProps) -> Html {
    let language = use_language();
    let over = use_state_eq(|| false);
    let camera = use_state(|| None::<Rc<Camera>>);
    let field = use_node_ref();
    let submit = {
        let (change, field) = (props.change.clone(), field.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = field.cast::<HtmlTextAreaElement>().map(|f| f.value());
            change.emit(CheckChange::Given(text.unwrap_or_default()));
        })
    };
    html! {
        <form class="card stack receipt-input" onsubmit={submit} {..drop_handlers(&over, &props.change)}>
            <div class="field">
                <label for="receipt">{ language.say(Text::Label) }</label>
                <p class="hint" id="receipt-hint">{ language.say(Text::Hint) }</p>
                <textarea id="receipt" class="input" ref={field} value={&props.text} rows="4" spellcheck="false" autocomplete="off" autocapitalize="characters"
                    placeholder={language.say(Text::Example)} aria-describedby="receipt-hint receipt-trouble"
                    aria-invalid={props.refused.to_string()} data-testid="receipt-text" />
            </div>
        </form>
    }
}
