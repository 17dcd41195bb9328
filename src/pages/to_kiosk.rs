//! The way to the kiosk, which has a module of its own.

use crate::services::address;
use yew::prelude::*;

/// Leaves this page for the kiosk's.
#[component]
pub fn ToKiosk() -> Html {
    use_effect_with((), |()| address::open_kiosk());
    html! {}
}
