//! The frame and what all pages share: the language, the trust card, the self-test and the page on show.

use crate::components::{Footer, Header, Masthead, SkipLink, WitnessAlarm, WitnessStatus};
use crate::pages;
use crate::route::Route;
use crate::services;
use crate::state::{Session, SessionChange};
use crate::text::{Language, Layout, PageName};
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// The whole page.
#[component]
pub fn App() -> Html {
    let language = use_state(services::language::remembered);
    let route = use_route();
    let session = use_reducer(Session::default);
    use_start(session.dispatcher());
    use_watch(&session);
    use_title(*language, &route);
    let switch = {
        let language = language.clone();
        Callback::from(move |()| {
            let other = language.other();
            services::language::remember(other);
            language.set(other);
        })
    };
    html! {
        <ContextProvider<Language> context={*language}>
            <ContextProvider<UseReducerHandle<Session>> context={session}>
                { if cfg!(feature = "kiosk") || route.casts() { alone(&route, switch) } else { framed(&route, switch) } }
            </ContextProvider<UseReducerHandle<Session>>>
        </ContextProvider<Language>>
    }
}

/// The page with everything around it.
fn framed(route: &Route, switch: Callback<()>) -> Html {
    html! {
        <>
            <SkipLink />
            <Masthead />
            <Header route={route.clone()} {switch} />
            <WitnessStatus />
            <main id="main" tabindex="-1"><WitnessAlarm />{ page(route) }</main>
            <Footer />
        </>
    }
}

/// Whoever votes has the whole screen, with a switch of languages of its own.
fn alone(route: &Route, switch: Callback<()>) -> Html {
    let content = match route {
        Route::Kiosk if cfg!(feature = "kiosk") => html! { <pages::Kiosk {switch} /> },
        Route::Vote if cfg!(feature = "kiosk") => html! { <pages::Vote {switch} /> },
        route => html! { <pages::Elsewhere route={route.clone()} /> },
    };
    html! { <main id="main" tabindex="-1"><WitnessAlarm />{ content }</main> }
}

fn page(route: &Route) -> Html {
    match route {
        Route::Home => html! { <pages::Home /> },
        Route::Check(receipt) => html! { <pages::Check receipt={receipt.clone()} /> },
        Route::Rights => html! { <pages::Rights /> },
        Route::Live => html! { <pages::Live /> },
        Route::Recount => html! { <pages::Recount /> },
        Route::Nodes => html! { <pages::Nodes /> },
        Route::SelfTest => html! { <pages::SelfTest /> },
        Route::About => html! { <pages::About /> },
        Route::Kiosk | Route::Vote => html! { <pages::Elsewhere route={route.clone()} /> },
        Route::Unknown => html! { <pages::Unknown /> },
    }
}

/// The page that the address names; moves the reader's focus to its heading when that changes.
#[hook]
fn use_route() -> Route {
    let route = use_state(|| Route::parse(&services::address::fragment()));
    {
        let route = route.clone();
        use_effect_with((), move |()| {
            let shown = core::cell::RefCell::new((*route).clone());
            services::address::on_change(move |fragment| {
                let next = Route::parse(&fragment);
                if !next.is_same_page(&shown.borrow()) {
                    services::document::focus_heading_soon();
                }
                shown.replace(next.clone());
                route.set(next);
            })
        });
    }
    (*route).clone()
}

/// Loads the trust card and runs the self-test, once.
#[hook]
fn use_start(session: UseReducerDispatcher<Session>) {
    use_effect_with((), move |()| {
        let (test, build) = (session.clone(), session.clone());
        yew::platform::spawn_local(async move {
            let card = services::trust_card::beside_the_page().await;
            session.dispatch(SessionChange::CardRead(card));
        });
        yew::platform::spawn_local(async move {
            let result = services::self_test::receipts().await;
            test.dispatch(SessionChange::SelfTested(result));
        });
        yew::platform::spawn_local(async move {
            let files = services::build::check().await;
            build.dispatch(SessionChange::BuildRead(files));
        });
    });
}

/// Compares the nodes as soon as there is a card, whenever somebody asks, and again and again while the tab is looked at.
#[hook]
fn use_watch(session: &UseReducerHandle<Session>) {
    let dispatch = session.dispatcher();
    let wanted = (session.card().cloned(), session.watch().round());
    use_effect_with(wanted, move |(card, _)| {
        let on = Rc::new(Cell::new(true));
        if let Some(card) = card.clone() {
            yew::platform::spawn_local(services::survey::watch(card, on.clone(), move |change| {
                dispatch.dispatch(change);
            }));
        }
        move || on.set(false)
    });
}

#[hook]
fn use_title(language: Language, route: &Route) {
    use_effect_with((language, route.clone()), |(language, route)| {
        let page = language.say(PageName(route));
        let brand = language.say(Layout::Brand);
        services::document::set_title(&format!("{page} | {brand}"), language.tag());
    });
}
