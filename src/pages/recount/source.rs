//! Where the data comes from: a municipality's node, another address, or a folder.

use crate::components::{Alert, Icon, IconName, Tone, use_language};
use crate::services::files::{self, NamedFile};
use crate::services::node;
use crate::services::source::Source;
use crate::text::{Language, RecountText as Text};
use std::rc::Rc;
use verifier_core::TrustCard;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct SourceChoiceProps {
    pub card: Rc<TrustCard>,
    pub start: Callback<Source>,
}

/// Two cards side by side: from a node, from a folder.
#[component]
pub fn SourceChoice(props: &SourceChoiceProps) -> Html {
    let language = use_language();
    let trouble = use_state_eq(|| None::<Text>);
    html! {
        <section class="stack" aria-labelledby="source">
            <h2 id="source" class="unseen">{ language.say(Text::SourceTitle) }</h2>
            { for trouble.map(|trouble| html! { <Alert tone={Tone::Bad} title={language.say(trouble)} testid="source-trouble" /> }) }
            <div class="columns">
                <NodeForm card={props.card.clone()} start={props.start.clone()} trouble={trouble.clone()} />
                <FolderForm start={props.start.clone()} {trouble} />
            </div>
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct NodeFormProps {
    card: Rc<TrustCard>,
    start: Callback<Source>,
    trouble: UseStateHandle<Option<Text>>,
}

#[component]
fn NodeForm(props: &NodeFormProps) -> Html {
    let language = use_language();
    let (select, address) = (use_node_ref(), use_node_ref());
    let onsubmit = {
        let (props, select, address) = (props.clone(), select.clone(), address.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let typed = address
                .cast::<HtmlInputElement>()
                .map(|i| i.value())
                .unwrap_or_default();
            let chosen = select
                .cast::<HtmlSelectElement>()
                .map(|s| s.value())
                .unwrap_or_default();
            let url = if typed.trim().is_empty() {
                chosen
            } else {
                typed.trim().to_owned()
            };
            if node::is_address(&url) {
                props.trouble.set(None);
                props.start.emit(Source::Node(url));
            } else {
                props.trouble.set(Some(Text::BadAddress));
            }
        })
    };
    let options = props.card.nodes.iter().enumerate().map(|(at, n)| {
        let name = language.say(node::name(&props.card, n.municipality));
        html! { <option value={n.url.clone()} selected={at == 0}>{ name }</option> }
    });
    html! {
        <form class="card stack" {onsubmit}>
            <h3>{ language.say(Text::FromNode) }</h3>
            <div class="field">
                <p class="hint" id="node-hint">{ language.say(Text::FromNodeHint) }</p>
                <select class="input" ref={select} aria-label={language.say(Text::FromNode)} aria-describedby="node-hint" data-testid="recount-node">
                    { for options }
                </select>
            </div>
            <details>
                <summary>{ language.say(Text::OtherAddress) }</summary>
                <input class="input" type="url" ref={address} placeholder="https://" aria-label={language.say(Text::OtherAddress)} data-testid="recount-address" />
            </details>
            <button type="submit" class="button primary" data-testid="recount-start">{ language.say(Text::Start) }</button>
        </form>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FolderFormProps {
    start: Callback<Source>,
    trouble: UseStateHandle<Option<Text>>,
}

#[component]
fn FolderForm(props: &FolderFormProps) -> Html {
    let language = use_language();
    let over = use_state_eq(|| false);
    let begin = {
        let props = props.clone();
        Callback::from(move |files: Vec<NamedFile>| match Source::folder(files) {
            Some(source) => {
                props.trouble.set(None);
                props.start.emit(source);
            }
            None => props.trouble.set(Some(Text::NoFolder)),
        })
    };
    let hover = |entered: bool| {
        let over = over.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(entered);
        })
    };
    let ondrop = {
        let (over, begin) = (over.clone(), begin.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            if let Some(data) = event.data_transfer() {
                let (begin, dropped) = (begin.clone(), files::dropped(&data));
                yew::platform::spawn_local(async move { begin.emit(dropped.await) });
            }
        })
    };
    html! {
        <div class="card stack">
            <h3>{ language.say(Text::FromFolder) }</h3>
            <div class={classes!("drop", "tall", over.then_some("over"))} {ondrop} ondragover={hover(true)} ondragleave={hover(false)} data-testid="recount-drop">
                <p>{ language.say(Text::FolderHint) }</p>
                <div class="buttons">{ folder_button(language, begin) }</div>
            </div>
        </div>
    }
}

fn folder_button(language: Language, begin: Callback<Vec<NamedFile>>) -> Html {
    let onchange = Callback::from(move |event: Event| {
        let input = event
            .target()
            .and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        if let Some(list) = input.and_then(|i| i.files()) {
            begin.emit(files::chosen(&list));
        }
    });
    html! {
        <label class="button file-button">
            <Icon name={IconName::Folder} />{ language.say(Text::ChooseFolder) }
            <input class="unseen" type="file" webkitdirectory=true multiple=true {onchange} data-testid="recount-folder" />
        </label>
    }
}
