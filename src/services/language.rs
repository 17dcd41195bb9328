//! The reader's language: remembered from the last visit, or the browser's.

use super::storage;
use crate::text::Language;
use gloo::utils::window;

const KEY: &str = "chamgwan.language";

/// The language chosen before, or else the browser's.
pub fn remembered() -> Language {
    let tag = storage::get(KEY).or_else(|| window().navigator().language());
    tag.map_or(Language::default(), |tag| Language::of_tag(&tag))
}

/// Keeps the choice for the next visit, where the browser lets pages keep something.
pub fn remember(language: Language) {
    storage::set(KEY, language.tag());
}
