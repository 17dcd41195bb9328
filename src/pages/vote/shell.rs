//! The frame of the screens on the way to a right, and what several of them share.

use crate::components::{Alert, Brand, Icon, IconName, Tone, use_language};
use crate::services::node;
use crate::state::phone::{PhoneChange, Trouble};
use crate::text::{Both, Language, Layout, PhoneText as Text, TroubleText};
use yew::prelude::*;

use super::Screen;

#[derive(Clone, PartialEq, Properties)]
pub struct ShellProps {
    pub switch: Callback<()>,
    pub children: Html,
}

/// The frame.
#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let language = use_language();
    html! {
        <div class="kiosk vote" data-testid="vote">
            <header class="kiosk-bar no-print">
                <Brand />
                <div class="kiosk-controls">
                    <button type="button" class="kiosk-control" lang={language.other().tag()} onclick={props.switch.reform(|_| ())} data-testid="language-switch">
                        <Icon name={IconName::Language} />{ language.say(Layout::OtherLanguage) }
                    </button>
                </div>
            </header>
            <section class="kiosk-content">{ props.children.clone() }</section>
        </div>
    }
}

/// A screen to wait at.
pub fn waiting(language: Language, title: Both, text: Option<Both>) -> Html {
    html! {
        <div class="kiosk-waiting" role="status" data-testid="vote-waiting">
            <Icon name={IconName::Turning} size={72} />
            <h1 class="kiosk-title" tabindex="-1">{ language.say(title) }</h1>
            { for text.map(|text| html! { <p class="kiosk-lead">{ language.say(text) }</p> }) }
        </div>
    }
}

/// What stands in the way, if anything: said as soon as it is there.
pub fn trouble(language: Language, screen: &Screen<'_>) -> Html {
    let card = screen.card;
    let said = screen.phone.trouble.as_ref().map(|trouble| {
        let of = match trouble {
            Trouble::Refused(of, _) | Trouble::NotSigned(of) => Some(node::name(card, *of)),
            Trouble::Missing(_) | Trouble::AskedElsewhere => None,
        };
        let sentence = TroubleText(trouble, of);
        html! { <Alert tone={Tone::Bad} title={language.say(sentence)} testid="vote-trouble" /> }
    });
    html! { <div aria-live="assertive" data-trouble={screen.phone.trouble.as_ref().map(name)} data-testid="vote-troubles">{ for said }</div> }
}

/// A button to ask again, where nothing is asked by itself.
pub fn again(language: Language, screen: &Screen<'_>) -> Html {
    html! {
        <button type="button" class="button primary" onclick={screen.on(PhoneChange::Again)} data-testid="vote-again">{ language.say(Text::Again) }</button>
    }
}

fn name(trouble: &Trouble) -> &'static str {
    use crate::state::phone::Refusal;
    match trouble {
        Trouble::Missing(_) => "missing",
        Trouble::NotSigned(_) => "not-signed",
        Trouble::AskedElsewhere => "asked-elsewhere",
        Trouble::Refused(_, refusal) => match refusal {
            Refusal::Malformed(_) => "malformed",
            Refusal::TooMany(_) => "too-many",
            Refusal::Locked(_) => "locked",
            Refusal::Closed => "closed",
            Refusal::WrongCode { .. } => "wrong-code",
            Refusal::CodeOver => "code-over",
            Refusal::TokenOver => "token-over",
            Refusal::OtherBlinded => "other-blinded",
            Refusal::Unsignable => "unsignable",
            Refusal::WrongAuthorisation => "wrong-authorisation",
            Refusal::Broken => "broken",
            Refusal::Silent(_) => "silent",
            Refusal::Nonsense => "nonsense",
        },
    }
}
