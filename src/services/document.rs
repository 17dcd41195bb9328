//! The document: where the page is drawn, its title and language, and the reader's focus.

use super::clock;
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The attribute that says which part of the page goes on paper.
const PRINT: &str = "data-print";

/// The element that the page is drawn into.
pub fn root() -> Element {
    let root = document().get_element_by_id("portal");
    if let Some(root) = &root {
        root.set_inner_html(""); // the sentence that stood there while the program loaded
    }
    root.unwrap_or_else(|| gloo::utils::body().into())
}

/// Whether somebody may be looking at the page.
pub fn is_visible() -> bool {
    !document().hidden()
}

/// Names the window and tells its language.
pub fn set_title(title: &str, language: &str) {
    document().set_title(title);
    if let Some(html) = document().document_element() {
        html.set_attribute("lang", language).ok();
    }
}

/// Moves the reader to the content, past the menu.
pub fn focus_main() {
    focus("main");
}

/// Moves the reader to the heading of the page that is about to be drawn.
pub fn focus_heading_soon() {
    clock::after(0, || {
        gloo::utils::window().scroll_to_with_x_and_y(0.0, 0.0);
        focus("h1");
    });
}

/// Moves the reader to the first element that `selector` names, once it is drawn.
pub fn focus_soon(selector: &'static str) {
    clock::after(0, move || focus(selector));
}

/// Loads the page again.
pub fn reload() {
    gloo::utils::window().location().reload().ok();
}

/// Opens the browser's print dialogue.
pub fn print() {
    gloo::utils::window().print().ok();
}

/// Opens the print dialogue for nothing but the trust card.
pub fn print_card() {
    print_only("card");
}

/// What a receipt is printed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// A4.
    Sheet,
    /// The roll of a receipt printer, 80 mm wide.
    Roll,
}

/// Opens the print dialogue for nothing but the receipt's slip.
pub fn print_receipt(paper: Paper) {
    print_only(match paper {
        Paper::Sheet => "receipt-a4",
        Paper::Roll => "receipt-80mm",
    });
}

fn print_only(part: &str) {
    let Some(html) = document().document_element() else {
        return;
    };
    html.set_attribute(PRINT, part).ok();
    print(); // waits until the visitor is done
    html.remove_attribute(PRINT).ok();
}

/// The element that holds everything on the page.
pub fn body() -> Element {
    gloo::utils::body().into()
}

fn focus(selector: &str) {
    let element = document().query_selector(selector).ok().flatten();
    if let Some(element) = element.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        element.focus().ok();
    }
}

/// Puts a text on the clipboard, where the browser allows it.
pub fn copy(text: &str) {
    drop(
        gloo::utils::window()
            .navigator()
            .clipboard()
            .write_text(text),
    );
}

/// What the build wrote into the page under this name.
pub fn build_note(name: &str) -> Option<String> {
    let selector = format!("meta[name='{name}']");
    let note = document().query_selector(&selector).ok().flatten()?;
    note.get_attribute("content")
}
