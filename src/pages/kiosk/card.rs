//! The card: by camera, by a photo, by typing. None of it passes through this module; it goes to the worker that casts.

use super::Screen;
use crate::components::{Alert, Icon, IconName, Tone, use_language};
use crate::services::kiosk::{Secrets, look_through, photo, typed};
use crate::state::kiosk::{Kiosk, KioskChange, ScanTrouble};
use crate::text::{KioskText as Text, Language, ScanTroubleText};
use caster::RightFault;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlVideoElement};
use yew::prelude::*;

/// The screen.
pub fn scanning(language: Language, screen: &Screen<'_>, trouble: Option<ScanTrouble>) -> Html {
    html! {
        <div class="kiosk-card" data-testid="kiosk-card">
            <h1 class="kiosk-title" tabindex="-1">{ language.say(Text::CardTitle) }</h1>
            <p class="kiosk-lead">{ language.say(Text::CardText) }</p>
            <div class="kiosk-scan">
                <Eye secrets={screen.secrets.clone()} tell={screen.kiosk.dispatcher()} />
                <div class="stack">
                    <div aria-live="assertive" data-trouble={trouble.map(name)} data-testid="kiosk-scan">
                        { for trouble.map(|trouble| html! {
                            <Alert tone={Tone::Bad} title={language.say(ScanTroubleText(trouble))} testid="kiosk-scan-trouble" />
                        }) }
                    </div>
                    <OtherWays secrets={screen.secrets.clone()} tell={screen.kiosk.dispatcher()} open={trouble.is_some()} />
                </div>
            </div>
        </div>
    }
}

fn name(trouble: ScanTrouble) -> &'static str {
    match trouble {
        ScanTrouble::Card(_) => "card",
        ScanTrouble::Camera(_) => "camera",
        ScanTrouble::Empty => "empty",
    }
}

#[derive(Clone, PartialEq, Properties)]
struct WayProps {
    secrets: Secrets,
    tell: UseReducerDispatcher<Kiosk>,
    #[prop_or_default]
    open: bool,
}

/// The camera's picture, on while it is shown.
#[component]
fn Eye(props: &WayProps) -> Html {
    let video = use_node_ref();
    {
        let (video, props) = (video.clone(), props.clone());
        use_effect_with((), move |()| {
            let on = Rc::new(Cell::new(true));
            let looking = on.clone();
            yew::platform::spawn_local(async move {
                let Some(video) = video.cast::<HtmlVideoElement>() else {
                    return;
                };
                if let Err(fault) = look_through(props.secrets, video, looking).await {
                    let trouble = ScanTrouble::Camera(fault);
                    props.tell.dispatch(KioskChange::Troubled(trouble));
                }
            });
            move || on.set(false)
        });
    }
    html! { <div class="kiosk-eye"><video ref={video} playsinline=true muted=true aria-hidden="true" data-testid="camera" /></div> }
}

/// For a card that no camera reads, and for whoever does not use one.
#[component]
fn OtherWays(props: &WayProps) -> Html {
    let language = use_language();
    let field = use_node_ref();
    let onsubmit = {
        let (field, props) = (field.clone(), props.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let given = field
                .cast::<HtmlInputElement>()
                .is_some_and(|field| typed(&props.secrets, &field));
            if !given {
                let empty = KioskChange::Troubled(ScanTrouble::Empty);
                props.tell.dispatch(empty);
            }
        })
    };
    html! {
        <details class="kiosk-other" open={props.open} data-testid="kiosk-other-ways">
            <summary>{ language.say(Text::OtherWays) }</summary>
            <form class="stack" {onsubmit}>
                <label for="kiosk-typed">{ language.say(Text::TypeLabel) }</label>
                <input id="kiosk-typed" ref={field} class="input" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false"
                    aria-describedby="kiosk-typed-hint" data-testid="kiosk-typed" />
                <p id="kiosk-typed-hint" class="quiet">{ language.say(Text::TypeHint) }</p>
                <div class="kiosk-actions">
                    <button type="submit" class="button secondary" data-testid="kiosk-typed-go">{ language.say(Text::TypeAction) }</button>
                    { photo_button(language, props) }
                </div>
            </form>
        </details>
    }
}

fn photo_button(language: Language, props: &WayProps) -> Html {
    let props = props.clone();
    let onchange = Callback::from(move |event: Event| {
        let field = event
            .target()
            .and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        let Some((field, file)) = field.and_then(|f| f.files()?.get(0).map(|file| (f, file)))
        else {
            return;
        };
        field.set_value("");
        let props = props.clone();
        yew::platform::spawn_local(async move {
            if !photo(&props.secrets, &file).await {
                let trouble = ScanTrouble::Card(RightFault::NotAPicture);
                props.tell.dispatch(KioskChange::Troubled(trouble));
            }
        });
    });
    html! {
        <label class="button file-button">
            <Icon name={IconName::Picture} />{ language.say(Text::Photo) }
            <input type="file" accept="image/*" class="unseen" {onchange} data-testid="kiosk-photo" />
        </label>
    }
}
