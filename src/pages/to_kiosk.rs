//! The way to where ballots are cast, which has a module of its own.

use crate::route::Route;
use crate::services::address;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct ToKioskProps {
    pub route: Route,
}

/// Leaves this page for the other one.
#[component]
pub fn ToKiosk(props: &ToKioskProps) -> Html {
    let route = props.route.clone();
    use_effect_with((), move |()| address::open_kiosk(&route));
    html! {}
}
