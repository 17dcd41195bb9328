//! Skip link, masthead, and the header with brand, menu and language switch.

use super::icon::{Icon, IconName};
use crate::route::Route;
use crate::services;
use crate::text::{Language, Layout, PageName};
use yew::prelude::*;

/// The first thing that the keyboard reaches: past the menu to the content.
#[component]
pub fn SkipLink() -> Html {
    let language = use_language();
    let onclick = Callback::from(|event: MouseEvent| {
        event.prevent_default(); // the fragment names a page, not a place in it
        services::document::focus_main();
    });
    html! { <a class="skip-link" href="#main" {onclick} data-testid="skip-link">{ language.say(Layout::SkipLink) }</a> }
}

/// The strip above the header that says where verification happens.
#[component]
pub fn Masthead() -> Html {
    let language = use_language();
    html! {
        <aside class="masthead" aria-label={language.say(Layout::MastheadLabel)}>
            <div class="inner">
                <Icon name={IconName::Lock} size={16} />
                <p>{ language.say(Layout::Masthead) }</p>
            </div>
        </aside>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct HeaderProps {
    pub route: Route,
    pub switch: Callback<()>,
}

/// Brand, menu and language switch.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let language = use_language();
    let open = use_state_eq(|| false);
    {
        let open = open.clone();
        use_effect_with(props.route.clone(), move |_| open.set(false));
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |_| open.set(!*open))
    };
    let switch = props.switch.reform(|_| ());
    let menu = if *open {
        Layout::CloseMenu
    } else {
        Layout::Menu
    };
    html! {
        <header class="header">
            <div class="inner">
                <Brand />
                <button type="button" class="header-button language" lang={language.other().tag()} onclick={switch} data-testid="language-switch">
                    <Icon name={IconName::Language} size={18} />{ language.say(Layout::OtherLanguage) }
                </button>
                <button type="button" class="header-button menu-button" aria-expanded={open.to_string()} aria-controls="menu"
                    onclick={toggle} data-testid="menu-button">
                    <Icon name={IconName::Menu} size={18} />{ language.say(menu) }
                </button>
                <nav id="menu" class="nav" aria-label={language.say(Layout::Navigation)} data-open={open.to_string()}>
                    <ul>{ for menu_items().map(|route| menu_link(language, &route, &props.route)) }</ul>
                </nav>
            </div>
        </header>
    }
}

/// The name of the portal, leading to the first page.
#[component]
pub fn Brand() -> Html {
    let language = use_language();
    html! {
        <a class="brand" href={Route::Home.href()}>
            <Icon name={IconName::Brand} size={36} />
            <b>{ language.say(Layout::Brand) }</b>
            <span>{ language.say(Layout::BrandLine) }</span>
        </a>
    }
}

/// The pages that the menu offers, in order.
pub fn menu_items() -> impl Iterator<Item = Route> {
    [
        Route::Check(None),
        Route::Rights,
        Route::Live,
        Route::Recount,
        Route::Nodes,
        Route::About,
    ]
    .into_iter()
}

/// Those that the foot of the page offers: what the menu does, and the self-test, which runs by itself.
pub fn footer_items() -> impl Iterator<Item = Route> {
    menu_items().chain([Route::SelfTest])
}

fn menu_link(language: Language, route: &Route, shown: &Route) -> Html {
    let current = route.is_same_page(shown).then_some("page");
    let testid = format!("nav-{}", route.href().trim_start_matches("#/"));
    html! { <li><a href={route.href()} aria-current={current} data-testid={testid}>{ language.say(PageName(route)) }</a></li> }
}

/// The language of the page.
#[hook]
pub fn use_language() -> Language {
    use_context().unwrap_or_default()
}
