//! The ways in for a receipt: text, a file or photo chosen or dropped, the camera.

use super::alert::{Alert, Tone};
use super::header::use_language;
use super::icon::{Icon, IconName};
use super::scanner::Scanner;
use crate::services::receipt_file::{self, FileContent};
use crate::state::Trouble;
use crate::state::qr_code::QrFault;
use crate::text::{Both, Language, ReceiptText as Text, RightsText};
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// What the form asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AsksFor {
    #[default]
    Receipt,
    /// A receipt, a roll slip or the number of a right.
    Right,
}

#[derive(Clone, PartialEq, Properties)]
pub struct ReceiptInputProps {
    #[prop_or_default]
    pub asks_for: AsksFor,
    /// What was entered last.
    pub text: AttrValue,
    pub trouble: Option<Trouble>,
    pub given: Callback<String>,
    pub troubled: Callback<Trouble>,
    /// Takes a file with proofs, where one is asked for.
    #[prop_or_default]
    pub filed: Option<Callback<Vec<u8>>>,
}

/// The form.
#[component]
pub fn ReceiptInput(props: &ReceiptInputProps) -> Html {
    let language = use_language();
    let field = use_node_ref();
    let over = use_state_eq(|| false);
    let scanning = use_state_eq(|| false);
    let on_file = file_reader(props);
    let hover = |entered: bool| {
        let over = over.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(entered);
        })
    };
    let ondrop = {
        let (over, on_file) = (over.clone(), on_file.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            let file = event
                .data_transfer()
                .and_then(|d| d.files())
                .and_then(|f| f.get(0));
            file.into_iter().for_each(|file| on_file.emit(file));
        })
    };
    let [.., drop, _] = words(props.asks_for);
    html! {
        <div class="card stack" {ondrop} ondragover={hover(true)} ondragleave={hover(false)} data-testid="receipt-drop">
            { text_form(language, props, field) }
            { trouble(language, props.trouble.as_ref()) }
            <div class={classes!("drop", over.then_some("over"))}>
                <p>{ language.say(drop) }</p>
                <div class="buttons">
                    { file_button(language, on_file) }
                    { camera_button(language, &scanning) }
                </div>
            </div>
            { scanner(props, &scanning) }
        </div>
    }
}

/// Label, hint, example, where to drop a file, and the button.
fn words(asks_for: AsksFor) -> [Both; 5] {
    match asks_for {
        AsksFor::Receipt => [
            Text::Label,
            Text::Hint,
            Text::Example,
            Text::Drop,
            Text::Action,
        ]
        .map(Both::from),
        AsksFor::Right => [
            RightsText::Label,
            RightsText::Hint,
            RightsText::Example,
            RightsText::Drop,
            RightsText::Action,
        ]
        .map(Both::from),
    }
}

fn text_form(language: Language, props: &ReceiptInputProps, field: NodeRef) -> Html {
    let onsubmit = {
        let (given, field) = (props.given.clone(), field.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = field.cast::<HtmlTextAreaElement>().map(|f| f.value());
            given.emit(text.unwrap_or_default());
        })
    };
    let refused = matches!(props.trouble, Some(Trouble::Receipt(_) | Trouble::Ask(_)));
    let [label, hint, example, _, action] = words(props.asks_for);
    html! {
        <form class="stack" {onsubmit}>
            <div class="field">
                <label for="receipt">{ language.say(label) }</label>
                <p class="hint" id="receipt-hint">{ language.say(hint) }</p>
                <textarea id="receipt" class="input" ref={field} defaultvalue={&props.text} rows="4" spellcheck="false" autocomplete="off"
                    placeholder={language.say(example)} aria-describedby="receipt-hint receipt-trouble"
                    aria-invalid={refused.then_some("true")} data-testid="receipt-text" />
            </div>
            <button type="submit" class="button primary" data-testid="receipt-check">{ language.say(action) }</button>
        </form>
    }
}

fn trouble(language: Language, trouble: Option<&Trouble>) -> Html {
    let alert = trouble.map(|trouble| html! { <Alert tone={Tone::Bad} title={language.say(trouble)} testid="receipt-trouble" /> });
    html! { <div id="receipt-trouble">{ alert }</div> }
}

fn file_button(language: Language, on_file: Callback<File>) -> Html {
    let onchange = Callback::from(move |event: Event| {
        let input = event
            .target()
            .and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else {
            return;
        };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            on_file.emit(file);
        }
        input.set_value(""); // so that choosing the same file again is noticed
    });
    html! {
        <label class="button file-button">
            <Icon name={IconName::Picture} />{ language.say(Text::ChooseFile) }
            <input class="unseen" type="file" accept="image/*,.txt,text/plain,.json,application/json" {onchange} data-testid="receipt-file" />
        </label>
    }
}

fn camera_button(language: Language, scanning: &UseStateHandle<bool>) -> Html {
    let onclick = {
        let scanning = scanning.clone();
        Callback::from(move |_| scanning.set(!*scanning))
    };
    let label = if **scanning {
        Text::CameraStop
    } else {
        Text::Camera
    };
    html! {
        <button type="button" class="button" aria-pressed={scanning.to_string()} {onclick} data-testid="receipt-camera">
            <Icon name={IconName::Camera} />{ language.say(label) }
        </button>
    }
}

fn scanner(props: &ReceiptInputProps, scanning: &UseStateHandle<bool>) -> Html {
    if !**scanning {
        return html! {};
    }
    let found = {
        let (scanning, given) = (scanning.clone(), props.given.clone());
        Callback::from(move |text| {
            scanning.set(false);
            given.emit(text);
        })
    };
    let failed = {
        let (scanning, troubled) = (scanning.clone(), props.troubled.clone());
        Callback::from(move |fault| {
            scanning.set(false);
            troubled.emit(Trouble::Camera(fault));
        })
    };
    html! { <Scanner {found} {failed} /> }
}

fn file_reader(props: &ReceiptInputProps) -> Callback<File> {
    let (given, troubled) = (props.given.clone(), props.troubled.clone());
    let filed = props.filed.clone();
    Callback::from(move |file: File| {
        let (given, filed, troubled) = (given.clone(), filed.clone(), troubled.clone());
        yew::platform::spawn_local(async move {
            match (receipt_file::read(&file).await, filed) {
                (Ok(FileContent::Text(text)), _) => given.emit(text),
                (Ok(FileContent::Filed(bytes)), Some(filed)) => filed.emit(bytes),
                (Ok(FileContent::Filed(_)), None) => {
                    troubled.emit(Trouble::Picture(QrFault::NotAPicture));
                }
                (Err(fault), _) => troubled.emit(Trouble::Picture(fault)),
            }
        });
    })
}
