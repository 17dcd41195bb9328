//! The page's own address: only the part after `#`, which never reaches a web server.

use crate::route::Route;
use gloo::events::EventListener;
use gloo::utils::window;

/// The page with the kiosk's module, as scripts/pack-page names it.
const KIOSK: &str = "kiosk.html";

/// The fragment, with its `#`, or nothing.
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Calls `changed` with every new fragment until the returned function is called.
pub fn on_change(changed: impl Fn(String) + 'static) -> impl FnOnce() {
    let listener = EventListener::new(&window(), "hashchange", move |_| changed(fragment()));
    move || drop(listener)
}

/// The page's address without its fragment, for building links that a voter can keep: the kiosk's are no links to a kiosk.
pub fn without_fragment() -> String {
    let href = window().location().href().unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    page.strip_suffix(KIOSK).unwrap_or(page).to_owned()
}

/// Goes to the page whose module holds this route, with all that stands after `#`; the way back does not lead here again.
pub fn open_elsewhere(route: &Route) {
    let page = if route.casts() { KIOSK } else { "" };
    let there = format!("./{page}{}", fragment());
    // A browser refuses only what is no address.
    let _ = window().location().replace(&there);
}
