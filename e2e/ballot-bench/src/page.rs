//! The same work for a page, which measures with its own clock.

use crate::Ballots;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// Ballots in a browser.
#[wasm_bindgen]
pub struct PageBallots(Ballots);

#[wasm_bindgen]
impl PageBallots {
    /// Casts `count` ballots of ours and `peer_count` of the peer's, for `candidates` candidates.
    #[wasm_bindgen(constructor)]
    pub fn new(candidates: usize, count: usize, peer_count: usize) -> Result<PageBallots, JsError> {
        Ballots::cast(candidates, count, peer_count)
            .map(Self)
            .map_err(|error| JsError::new(&error.to_string()))
    }

    /// How many of ours hold, checked in batches.
    pub fn check_in_batches(&self) -> usize {
        self.0.check_in_batches()
    }

    /// How many of ours hold, checked in batches with decompression hints.
    pub fn check_with_hints(&self) -> usize {
        self.0.check_with_hints()
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
