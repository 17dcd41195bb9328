//! The chain: every header below the anchor, linked by `last_block_id`; and what the state at the anchor says of the batch and the keys.

use super::Blamed;
use crate::finding::SourceFault;
use crate::header_chain::{HeaderChain, Links};
use crate::ids::{AssetId, HeaderHash, Height, PublicKey, Seconds};
use crate::ledger::TrustedHeader;
use crate::report::CheckId;
use crate::request::{Answer, Request};
use crate::state_key::{self, KeySetSummary, SpentEntry};
use crate::state_values::{StateValues, query};
use std::collections::BTreeMap;
use tendermint::block::Header;

const KEY_SET_LIMIT: usize = 64 * 1024;

/// Headers and state still to come.
#[derive(Clone, Debug)]
pub(super) struct Chaining {
    asset: AssetId,
    missing: Vec<Request>,
    headers: HeaderChain,
    state: StateValues,
    addresses: Vec<u8>,
    spent: Vec<u8>,
}

/// Headers 1 up to the anchor, all of them trusted, with the state at the anchor.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// By height; the anchor is the last.
    links: BTreeMap<Height, TrustedHeader>,
    /// What the source says of the number of transactions in each block. Nothing rests on it but the choice of a range.
    pub sizes: BTreeMap<Height, u64>,
    pub key_set: Option<KeySetSummary>,
    /// The addresses of the asset's batch.
    pub addresses: Vec<PublicKey>,
    /// The spent assets of its batch.
    pub spent: Vec<SpentEntry>,
}

impl Chaining {
    pub fn new(anchor: TrustedHeader, asset: AssetId) -> Self {
        let headers = HeaderChain::below(anchor.clone());
        let state = StateValues::under(anchor);
        let mut missing = headers.requests(1);
        let (municipality, batch) = (asset.municipality, asset.batch);
        missing.extend(state_keys(asset).map(|key| state.request(key)));
        missing.push(Request::Batch {
            municipality,
            batch,
        });
        missing.push(Request::Spent {
            municipality,
            batch,
            height: state.height(),
        });
        Self {
            asset,
            missing,
            headers,
            state,
            addresses: Vec::new(),
            spent: Vec::new(),
        }
    }

    pub fn needs(&self) -> Vec<Request> {
        self.missing.clone()
    }

    pub fn supply(&mut self, request: &Request, answer: Answer) -> Result<Option<Chain>, Blamed> {
        let id = match request {
            Request::Headers { .. } => CheckId::ReceiptHeader,
            _ => CheckId::ReceiptAsset,
        };
        self.take(request, answer).map_err(|fault| (id, fault))?;
        self.missing.retain(|other| other != request);
        if self.missing.is_empty() {
            self.link().map(Some)
        } else {
            Ok(None)
        }
    }

    fn take(&mut self, request: &Request, answer: Answer) -> Result<(), SourceFault> {
        let bytes = answer?;
        match request {
            Request::Headers { from, to } => self.headers.take(*from, *to, &bytes),
            Request::State { key, .. } => self.state.take(key, &bytes),
            Request::Batch { .. } => {
                self.addresses = query(&bytes)?.value;
                Ok(())
            }
            Request::Spent { .. } => {
                self.spent = query(&bytes)?.value;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Links the headers downwards from the anchor and opens the state's values.
    fn link(&self) -> Result<Chain, Blamed> {
        let header = |fault| (CheckId::ReceiptHeader, fault);
        let state = |fault| (CheckId::ReceiptAsset, fault);
        let Links { headers, sizes } = self.headers.link().map_err(header)?;
        let (municipality, batch) = (self.asset.municipality, self.asset.batch);
        let values = &self.state;
        let addresses = values.open_addresses(municipality, batch, &self.addresses);
        let spent = values.open_spent(municipality, batch, &self.spent);
        Ok(Chain {
            links: headers,
            sizes,
            key_set: values
                .open(state_key::KEY_SET, KEY_SET_LIMIT)
                .map_err(state)?,
            addresses: addresses.map_err(state)?,
            spent: spent.map_err(state)?,
        })
    }
}

impl Chain {
    /// The number of headers.
    pub fn headers(&self) -> u64 {
        u64::try_from(self.links.len()).unwrap_or(u64::MAX)
    }

    pub fn header(&self, height: Height) -> Option<&Header> {
        self.links.get(&height).map(TrustedHeader::header)
    }

    pub fn place(&self, height: Height) -> Option<(Height, HeaderHash, Seconds)> {
        self.links.get(&height).map(super::place)
    }

    /// Time of the last block whose contents are known to be under the anchor.
    pub fn last_time(&self) -> Seconds {
        let last = self.links.values().rev().nth(1);
        last.map_or(0, |header| super::place(header).2)
    }
}

fn state_keys(asset: AssetId) -> [String; 3] {
    [
        state_key::KEY_SET.to_string(),
        state_key::issue(asset.municipality, asset.batch),
        state_key::spent(asset.municipality, asset.batch),
    ]
}
