//! The way to a page that another module holds.

use crate::route::Route;
use crate::services::address;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct ElsewhereProps {
    pub route: Route,
}

/// Leaves for it.
#[component]
pub fn Elsewhere(props: &ElsewhereProps) -> Html {
    let route = props.route.clone();
    use_effect_with((), move |()| address::open_elsewhere(&route));
    html! {}
}
