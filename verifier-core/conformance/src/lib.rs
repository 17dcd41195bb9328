//! Test vectors that others made, for tests only.

/// Path below the vectors' folder, and content, of every JSON file in it; empty if `CONFORMANCE_VECTORS` was unset when this was
/// built.
pub static VECTORS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/vectors.rs"));

/// The file at `path`.
pub fn vector(path: &str) -> Option<&'static str> {
    VECTORS
        .iter()
        .find(|(name, _)| *name == path)
        .map(|(_, content)| *content)
}

/// The files in `folder`.
pub fn folder(folder: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    VECTORS
        .iter()
        .copied()
        .filter(move |(name, _)| name.starts_with(folder))
}

/// Whether a test has nothing to run on, and says so.
pub fn skipped(test: &str) -> bool {
    if VECTORS.is_empty() {
        say(&format!(
            "{test}: skipped, CONFORMANCE_VECTORS was unset when this was built"
        ));
    }
    VECTORS.is_empty()
}

fn say(sentence: &str) {
    #[cfg(target_arch = "wasm32")]
    wasm_bindgen_test::console_log!("{sentence}");
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("{sentence}");
}
