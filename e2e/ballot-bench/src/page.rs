//! The same work for a page, which measures with its own clock.

use crate::{Ballots, PeerBallots};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// Ballots in a browser.
#[wasm_bindgen]
pub struct PageBallots {
    ours: Ballots,
    peers: PeerBallots,
}

#[wasm_bindgen]
impl PageBallots {
    /// Takes ballots of ours, cast before, and casts `peers` of the peer's.
    #[wasm_bindgen(constructor)]
    pub fn new(candidates: usize, bytes: &[u8], peers: usize) -> Result<PageBallots, JsError> {
        let ours = Ballots::read(candidates, bytes);
        Ok(Self {
            ours: ours.map_err(|error| JsError::new(&error.to_string()))?,
            peers: PeerBallots::cast(candidates, peers),
        })
    }

    /// How many of ours there are.
    pub fn count(&self) -> usize {
        self.ours.count()
    }

    /// How many of ours hold, checked in batches.
    pub fn batched(&self) -> usize {
        self.ours.check_in_batches()
    }

    /// How many of ours hold, checked in batches with decompression hints.
    pub fn hinted(&self) -> usize {
        self.ours.check_with_hints()
    }

    /// How many of the peer's hold.
    pub fn peers(&self) -> usize {
        self.peers.check()
    }
}
