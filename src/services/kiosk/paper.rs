//! The ballot paper: radio buttons, the value of each its candidate's number from 0. What is marked goes to the worker as it is; this module's memory
//! never holds which one.

use super::Secrets;
use js_sys::Reflect;
use web_sys::HtmlElement;

/// Gives the worker what is marked on the paper. Gives whether anything is.
pub fn hand_in(secrets: &Secrets, paper: &HtmlElement) -> bool {
    let marked = paper.query_selector(":checked").ok().flatten();
    let value = marked.and_then(|button| Reflect::get(&button, &"value".into()).ok());
    let Some(value) = value.filter(|value| value.is_string()) else {
        return false;
    };
    secrets.with(|caster| caster.choose(&value)).is_some()
}
