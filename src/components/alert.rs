//! A sentence that stands out: what is wrong, what is not certain, what is good to know.

use super::icon::{Icon, IconName};
use yew::prelude::*;

/// How a sentence is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Bad,
    Unsure,
    Note,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Good => "good-alert",
            Self::Bad => "bad-alert",
            Self::Unsure => "unsure-alert",
            Self::Note => "note-alert",
        }
    }

    /// The class that colours an icon or badge.
    pub fn colour(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Unsure => "unsure",
            Self::Note => "note",
        }
    }

    /// The icon that goes with it.
    pub fn icon(self) -> IconName {
        match self {
            Self::Good => IconName::Tick,
            Self::Bad => IconName::Cross,
            Self::Unsure => IconName::Question,
            Self::Note => IconName::Information,
        }
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct AlertProps {
    pub tone: Tone,
    pub title: AttrValue,
    pub testid: AttrValue,
    #[prop_or_default]
    pub children: Html,
}

/// A sentence in a box; read out at once where something is wrong.
#[component]
pub fn Alert(props: &AlertProps) -> Html {
    let role = match props.tone {
        Tone::Bad => "alert",
        Tone::Good | Tone::Unsure | Tone::Note => "status",
    };
    html! {
        <div class={classes!("alert", props.tone.class())} {role} data-testid={&props.testid}>
            <span class={props.tone.colour()}><Icon name={props.tone.icon()} /></span>
            <div>
                <strong>{ &props.title }</strong>
                { props.children.clone() }
            </div>
        </div>
    }
}
