//! The portal: a page that checks a voter's receipt and recounts an election, in the visitor's own browser.
//!
//! `pages` and `components` draw; `state` holds what they draw and changes by pure reducers; `services` is the only part that touches
//! the network, files, camera, clock and storage; `text` holds every sentence that a person reads, in both languages. What is true
//! about a ballot or an election is decided in `verifier-core` alone.

mod app;
mod components;
mod pages;
mod route;
mod services;
mod state;
mod text;

/// Draws the page.
pub fn start() {
    yew::Renderer::<app::App>::with_root(services::document::root()).render();
}
