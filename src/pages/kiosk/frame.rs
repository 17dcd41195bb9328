//! The frame of every screen: where the voter stands, how the screen looks, a way out, and the question whether anybody is still there.

use crate::components::{Brand, Icon, IconName, use_language};
use crate::state::kiosk::{Kiosk, KioskChange, Step};
use crate::text::{Both, ForgetsIn, KioskText as Text, Language, Layout, PhoneText};

use super::Way;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct FrameProps {
    pub kiosk: UseReducerHandle<Kiosk>,
    pub way: Way,
    pub switch: Callback<()>,
    pub children: Html,
}

/// How the screen looks. Each voter begins with the usual look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    contrast: bool,
    larger: bool,
}

/// The frame.
#[component]
pub fn Frame(props: &FrameProps) -> Html {
    let language = use_language();
    let look = use_state_eq(Look::default);
    let kiosk = &props.kiosk;
    {
        let look = look.clone();
        let is_idle = matches!(kiosk.step(), Step::Idle);
        use_effect_with(is_idle, move |is_idle| {
            if *is_idle {
                look.set(Look::default());
            }
        });
    }
    let touched = |tell: UseReducerDispatcher<Kiosk>| move || tell.dispatch(KioskChange::Touched);
    let (pointer, key) = (touched(kiosk.dispatcher()), touched(kiosk.dispatcher()));
    let contrast = look.contrast.then_some("high");
    let text = look.larger.then_some("large");
    html! {
        <div class="kiosk" data-contrast={contrast} data-text={text} data-stage={stage(kiosk.step())} data-testid="kiosk"
            onpointerdown={move |_| pointer()} onkeydown={move |_| key()}>
            <header class="kiosk-bar no-print">
                <Brand />
                { controls(language, &look, props) }
            </header>
            { steps(language, &props.way, kiosk.step()) }
            <section class="kiosk-content">{ props.children.clone() }</section>
            { warning(language, kiosk) }
        </div>
    }
}

fn controls(language: Language, look: &UseStateHandle<Look>, props: &FrameProps) -> Html {
    let set = |next: Look| {
        let look = look.clone();
        move |_| look.set(next)
    };
    let contrast = set(Look {
        contrast: !look.contrast,
        ..**look
    });
    let larger = set(Look {
        larger: !look.larger,
        ..**look
    });
    html! {
        <div class="kiosk-controls" role="group" aria-label={language.say(Text::Controls)}>
            <button type="button" class="kiosk-control" lang={language.other().tag()} onclick={props.switch.reform(|_| ())} data-testid="language-switch">
                <Icon name={IconName::Language} />{ language.say(Layout::OtherLanguage) }
            </button>
            <button type="button" class="kiosk-control" aria-pressed={look.contrast.to_string()} onclick={contrast} data-testid="kiosk-contrast">
                { language.say(Text::Contrast) }
            </button>
            <button type="button" class="kiosk-control" aria-pressed={look.larger.to_string()} onclick={larger} data-testid="kiosk-larger">
                { language.say(Text::Larger) }
            </button>
            { quit(language, &props.kiosk) }
        </div>
    }
}

/// A way out from every screen that has something to lose.
fn quit(language: Language, kiosk: &UseReducerHandle<Kiosk>) -> Html {
    if !kiosk.step().has_secrets() {
        return html! {};
    }
    let tell = kiosk.dispatcher();
    let onclick = move |_| tell.dispatch(KioskChange::Leave);
    html! { <button type="button" class="kiosk-control" {onclick} data-testid="kiosk-quit">{ language.say(Text::Quit) }</button> }
}

/// The number of the step among those that a voter counts, and a name for each screen.
fn place(step: &Step) -> Option<usize> {
    match step {
        Step::Idle | Step::Refused(_) => None,
        Step::Scanning(_) | Step::Looking(_) => Some(0),
        Step::Choosing { .. } | Step::Reviewing { .. } => Some(1),
        Step::Marking { .. } => Some(2),
        Step::Encrypting { .. } | Step::Deciding { .. } => Some(3),
        Step::Signing { .. } | Step::Opening { .. } | Step::Sending(_) => Some(4),
    }
}

/// A name for each screen.
pub fn stage(step: &Step) -> &'static str {
    match step {
        Step::Idle => "idle",
        Step::Scanning(_) => "card",
        Step::Looking(_) => "looking",
        Step::Refused(_) => "refused",
        Step::Choosing { .. } => "choose",
        Step::Reviewing { .. } => "review",
        Step::Marking { .. } => "mark",
        Step::Encrypting { .. } => "encrypting",
        Step::Deciding { .. } => "decide",
        Step::Signing { .. } => "signing",
        Step::Opening { .. } => "opening",
        Step::Sending(parcel) if parcel.is_on_its_way() => "sending",
        Step::Sending(_) => "done",
    }
}

fn steps(language: Language, way: &Way, step: &Step) -> Html {
    let Some(current) = place(step) else {
        return html! {};
    };
    let first = match way {
        Way::Card => Both::from(Text::StepCard),
        Way::Kept | Way::Used(_) => PhoneText::StepRight.into(),
    };
    let names = [
        first,
        Text::StepChoice.into(),
        Text::StepMark.into(),
        Text::StepCode.into(),
        Text::StepReceipt.into(),
    ];
    let item = |(at, name): (usize, Both)| {
        let class = match at.cmp(&current) {
            core::cmp::Ordering::Less => "done",
            core::cmp::Ordering::Equal => "current",
            core::cmp::Ordering::Greater => "",
        };
        let is_current = (at == current).then_some("step");
        html! { <li {class} aria-current={is_current}><b>{ at + 1 }</b><span>{ language.say(name) }</span></li> }
    };
    html! {
        <nav class="kiosk-steps no-print" aria-label={language.say(Text::Steps)}><ol>{ for names.into_iter().enumerate().map(item) }</ol></nav>
    }
}

fn warning(language: Language, kiosk: &UseReducerHandle<Kiosk>) -> Html {
    let Some(seconds) = kiosk.warning() else {
        return html! {};
    };
    let tell = kiosk.dispatcher();
    let leave = move |_| tell.dispatch(KioskChange::Leave);
    html! {
        <div class="kiosk-warning" role="alertdialog" aria-modal="true" aria-labelledby="kiosk-warning-title" data-testid="kiosk-warning">
            <div class="card stack">
                <h2 id="kiosk-warning-title">{ language.say(Text::WarningTitle) }</h2>
                <p>{ language.say(ForgetsIn(seconds)) }</p>
                <div class="kiosk-actions">
                    // Whatever is touched counts as going on.
                    <button type="button" class="button primary" data-testid="kiosk-go-on">{ language.say(Text::WarningMore) }</button>
                    <button type="button" class="button" onclick={leave} data-testid="kiosk-end">{ language.say(Text::WarningEnd) }</button>
                </div>
            </div>
        </div>
    }
}
