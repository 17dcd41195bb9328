//! The page's own address: only the part after `#`, which never reaches a web server.

use gloo::events::EventListener;
use gloo::utils::window;

/// The fragment, with its `#`, or nothing.
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Calls `changed` with every new fragment until the returned function is called.
pub fn on_change(changed: impl Fn(String) + 'static) -> impl FnOnce() {
    let listener = EventListener::new(&window(), "hashchange", move |_| changed(fragment()));
    move || drop(listener)
}

/// The page's address without its fragment, for building links that a voter can keep.
pub fn without_fragment() -> String {
    let href = window().location().href().unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}
