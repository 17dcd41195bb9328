//! The clock, asked once where a verification needs the present time as an argument.

use gloo::timers::future::TimeoutFuture;
use js_sys::Date;
use verifier_core::Seconds;

/// Seconds since 1970 by this device's clock.
pub fn now() -> Seconds {
    whole(Date::now() / 1000.0)
}

/// Milliseconds since the page was opened, for rates and time left; no verification sees them.
pub fn milliseconds() -> u64 {
    let performance = js_sys::Reflect::get(&js_sys::global(), &"performance".into());
    let elapsed = performance
        .ok()
        .and_then(|p| wasm_bindgen::JsCast::dyn_into::<web_sys::Performance>(p).ok())
        .map_or_else(Date::now, |p| p.now());
    whole(elapsed)
}

/// Calls `then` after so many milliseconds; 0 is once the page has drawn what is known so far.
pub fn after(milliseconds: u32, then: impl FnOnce() + 'static) {
    yew::platform::spawn_local(async move {
        TimeoutFuture::new(milliseconds).await;
        then();
    });
}

/// When the page was opened, in microseconds: a name for this tab that hardly another one has.
pub fn opened() -> u64 {
    let performance = gloo::utils::window().performance();
    whole(performance.map_or_else(Date::now, |p| p.time_origin()) * 1000.0)
}

/// A non-negative number without its fraction; 0 for anything else.
pub fn whole(number: f64) -> u64 {
    format!("{:.0}", number.floor()).parse().unwrap_or(0)
}
