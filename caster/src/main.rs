//! The module that runs in the Web Worker of one voter.

#[cfg(target_arch = "wasm32")]
mod desk;
#[cfg(target_arch = "wasm32")]
mod keeper;
#[cfg(target_arch = "wasm32")]
mod locker;
#[cfg(target_arch = "wasm32")]
mod sight;

fn main() {
    #[cfg(target_arch = "wasm32")]
    desk::serve();
}
