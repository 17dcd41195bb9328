//! The same work for a page, which measures with its own clock.

use crate::Ballots;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// Ballots in a browser.
#[wasm_bindgen]
pub struct PageBallots(Ballots);

#[wasm_bindgen]
impl PageBallots {
    /// Casts `count` ballots of each kind for `candidates` candidates.
    #[wasm_bindgen(constructor)]
    pub fn new(candidates: usize, count: usize) -> Result<PageBallots, JsError> {
        Ballots::cast(candidates, count, count)
            .map(Self)
            .map_err(|error| JsError::new(&error.to_string()))
    }

    /// How many of ours hold, checked in batches.
    pub fn check_in_batches(&self) -> usize {
        self.0.check_in_batches()
    }

    /// How many of ours hold, checked one by one.
    pub fn check_one_by_one(&self) -> usize {
        self.0.check_one_by_one()
    }

    /// How many of the peer's hold.
    pub fn check_peer(&self) -> usize {
        self.0.check_peer()
    }
}
