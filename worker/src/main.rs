//! The module that runs in a Web Worker: the worker that leads, or one that checks, as the page's first message has it.

#[cfg(target_arch = "wasm32")]
mod check;
#[cfg(target_arch = "wasm32")]
mod lead_desk;
#[cfg(target_arch = "wasm32")]
mod scope;
#[cfg(target_arch = "wasm32")]
mod store;

fn main() {
    #[cfg(target_arch = "wasm32")]
    scope::serve();
}
