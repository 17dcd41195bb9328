//! Icons, drawn as lines in the colour of the text around them. They are never the only sign of a meaning.

use yew::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconName {
    Brand,
    Ballot,
    Ledger,
    Lock,
    Menu,
    Language,
    Tick,
    Cross,
    Question,
    Turning,
    Waiting,
    Information,
    Camera,
    Picture,
    Folder,
    Download,
    Print,
}

#[derive(Clone, Copy, PartialEq, Properties)]
pub struct IconProps {
    pub name: IconName,
    #[prop_or(24)]
    pub size: u16,
}

/// An icon, hidden from screen readers: the words beside it say the same.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    let size = props.size.to_string();
    let class = matches!(props.name, IconName::Turning).then_some("turning");
    html! {
        <svg width={size.clone()} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false" {class}>
            { strokes(props.name) }
        </svg>
    }
}

fn strokes(name: IconName) -> Html {
    match name {
        IconName::Brand => html! {
            <>
                <path d="M2 12.2C4.6 7.4 8 5.2 12 5.2s7.4 2.2 10 7c-2.6 4.8-6 7-10 7s-7.4-2.2-10-7Z" />
                <path d="m8.2 12.2 2.8 2.9 5.2-5.7" stroke="#256ef4" stroke-width="2.4" />
            </>
        },
        IconName::Ballot => {
            html! { <path d="M4 11h3m10 0h3v9H4v-9m3 3h10M8 14V4h8v10m-5.5-5.5 1.3 1.3 2.4-2.6" /> }
        }
        IconName::Ledger => {
            html! { <path d="M4 5h16v4H4zm0 5.5h16v4H4zM4 16h16v4H4zM7 7h.01M7 12.500h.01M7 18h.01M11 7h6m-6 5.500h6M11 18h6" /> }
        }
        IconName::Lock => html! { <path d="M6 10.500h12V20H6zm2.5 0V8a3.5 3.5 0 0 1 7 0v2.5" /> },
        IconName::Menu => html! { <path d="M4 7h16M4 12h16M4 17h16" /> },
        IconName::Language => {
            html! { <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 0c3 3 3 15 0 18-3-3-3-15 0-18ZM3.5 9h17M3.5 15h17" /> }
        }
        IconName::Tick => {
            html! { <><circle cx="12" cy="12" r="9.5" /><path d="m7.5 12.3 3 3.1 6-6.5" stroke-width="2.2" /></> }
        }
        IconName::Cross => {
            html! { <><circle cx="12" cy="12" r="9.5" /><path d="m8.5 8.5 7 7m0-7-7 7" stroke-width="2.2" /></> }
        }
        IconName::Question => {
            html! { <><circle cx="12" cy="12" r="9.5" /><path d="M9.3 9.300a2.7 2.7 0 1 1 4 2.400c-.9.5-1.3 1-1.3 2M12 16.800v.1" stroke-width="2" /></> }
        }
        IconName::Turning => {
            html! { <><circle cx="12" cy="12" r="9.5" stroke-opacity=".2" /><path d="M12 2.500a9.5 9.5 0 0 1 9.5 9.5" stroke-width="2.2" /></> }
        }
        IconName::Waiting => {
            html! { <circle cx="12" cy="12" r="9.5" stroke-opacity=".35" stroke-dasharray="3 3" /> }
        }
        IconName::Information => {
            html! { <><circle cx="12" cy="12" r="9.5" /><path d="M12 11v6m0-9.500v.1" stroke-width="2.2" /></> }
        }
        IconName::Camera => {
            html! { <><path d="M3 8h4l1.5-2.500h7L17 8h4v11H3z" /><circle cx="12" cy="13" r="3.5" /></> }
        }
        IconName::Picture => {
            html! { <path d="M4 5h16v14H4zm0 11 4.5-4.500L13 16l3-3 4 4M15.5 9h.1" /> }
        }
        IconName::Folder => html! { <path d="M3 6h6l2 2.500h10V19H3z" /> },
        IconName::Download => html! { <path d="M12 4v11m-4-4 4 4 4-4M4 20h16" /> },
        IconName::Print => html! { <path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z" /> },
    }
}
