//! The reader's language: remembered from the last visit, or the browser's.

use crate::text::Language;
use gloo::utils::window;
use web_sys::Storage;

const KEY: &str = "chamgwan.language";

/// The language chosen before, or else the browser's.
pub fn remembered() -> Language {
    let kept = storage().and_then(|s| s.get_item(KEY).ok().flatten());
    let tag = kept.or_else(|| window().navigator().language());
    tag.map_or(Language::default(), |tag| Language::of_tag(&tag))
}

/// Keeps the choice for the next visit, where the browser lets pages keep something.
pub fn remember(language: Language) {
    if let Some(storage) = storage() {
        storage.set_item(KEY, language.tag()).ok();
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
