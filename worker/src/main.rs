//! The module that runs in a Web Worker.

#[cfg(target_arch = "wasm32")]
mod scope;

fn main() {
    #[cfg(target_arch = "wasm32")]
    scope::serve();
}
