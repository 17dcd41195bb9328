//! Headers below a trusted one, each named by the next as its `last_block_id`.

use crate::finding::SourceFault;
use crate::ids::Height;
use crate::ledger::rpc::{Blockchain, decode_answer};
use crate::ledger::{TrustedHeader, verify_backwards};
use crate::request::{HEADERS_PER_REQUEST, Request};
use std::collections::BTreeMap;
use tendermint::block::Header;

/// Headers still to come, and those that came, not yet linked.
#[derive(Clone, Debug)]
pub(crate) struct HeaderChain {
    anchor: TrustedHeader,
    headers: BTreeMap<Height, (Header, u64)>,
}

/// Headers that all hang from the anchor, which is the last.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    pub headers: BTreeMap<Height, TrustedHeader>,
    /// What the source says of the number of transactions in each block. Nothing rests on it but the choice of a range.
    pub sizes: BTreeMap<Height, u64>,
}

impl HeaderChain {
    /// The headers below `anchor`.
    pub fn below(anchor: TrustedHeader) -> Self {
        Self {
            anchor,
            headers: BTreeMap::new(),
        }
    }

    /// The questions for the headers from `first` on, at most so many headers each, the highest first.
    pub fn requests(&self, first: Height) -> Vec<Request> {
        let (first, mut requests) = (first.max(1), Vec::new());
        let mut to = self.anchor.height().saturating_sub(1);
        while to >= first {
            let from = to.saturating_sub(HEADERS_PER_REQUEST - 1).max(first);
            requests.push(Request::Headers { from, to });
            to = from - 1;
        }
        requests
    }

    /// Takes the answer to one of them.
    ///
    /// # Errors
    /// If a header of the range is missing.
    pub fn take(&mut self, from: Height, to: Height, bytes: &[u8]) -> Result<(), SourceFault> {
        let answer: Blockchain = decode_answer(bytes)?;
        for meta in answer.block_metas {
            let height = meta.header.height.value();
            if (from..=to).contains(&height) {
                self.headers.insert(height, (meta.header, meta.num_txs));
            }
        }
        match (from..=to).find(|height| !self.headers.contains_key(height)) {
            Some(height) => Err(SourceFault::Missing(format!("header {height}"))),
            None => Ok(()),
        }
    }

    /// Links the headers downwards from the anchor.
    ///
    /// # Errors
    /// If one is not the parent of the one above it.
    pub fn link(&self) -> Result<Links, SourceFault> {
        let (mut headers, mut sizes) = (BTreeMap::new(), BTreeMap::new());
        let mut trusted = self.anchor.clone();
        headers.insert(trusted.height(), trusted.clone());
        for (height, (header, size)) in self.headers.iter().rev() {
            let height = *height;
            trusted = verify_backwards(&trusted, header.clone())
                .map_err(|_| SourceFault::BrokenChain { height })?;
            headers.insert(height, trusted.clone());
            sizes.insert(height, *size);
        }
        Ok(Links { headers, sizes })
    }
}
