//! The chain: every header below the anchor, linked by `last_block_id`; and what the state at the anchor says of the batch and the keys.

use super::Blamed;
use crate::encoding;
use crate::finding::SourceFault;
use crate::ids::{AssetId, Hash, HeaderHash, Height, PublicKey, Seconds};
use crate::ledger::rpc::{Blockchain, StateQuery, decode_answer};
use crate::ledger::{TrustedHeader, verify_backwards, verify_state};
use crate::report::CheckId;
use crate::request::{Answer, HEADERS_PER_REQUEST, Request};
use crate::state_key::{self, KeySetSummary, SpentEntry};
use crate::transaction::BATCH_LIMIT;
use std::collections::BTreeMap;
use tendermint::block::Header;

const KEY_SET_LIMIT: usize = 64 * 1024;
const TABLE_LIMIT: usize = BATCH_LIMIT * 64;

/// Headers and state still to come.
#[derive(Clone, Debug)]
pub(super) struct Chaining {
    anchor: TrustedHeader,
    asset: AssetId,
    missing: Vec<Request>,
    headers: BTreeMap<Height, (Header, u64)>,
    values: BTreeMap<String, Option<Vec<u8>>>,
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
        let mut missing = Vec::new();
        let mut to = anchor.height().saturating_sub(1);
        while to >= 1 {
            let from = to.saturating_sub(HEADERS_PER_REQUEST - 1).max(1);
            missing.push(Request::Headers { from, to });
            to = from - 1;
        }
        let height = anchor.height().saturating_sub(1);
        let (municipality, batch) = (asset.municipality, asset.batch);
        for key in state_keys(asset) {
            missing.push(Request::State { key, height });
        }
        missing.push(Request::Batch {
            municipality,
            batch,
        });
        missing.push(Request::Spent {
            municipality,
            batch,
            height,
        });
        Self {
            anchor,
            asset,
            missing,
            headers: BTreeMap::new(),
            values: BTreeMap::new(),
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
            Request::Headers { from, to } => self.take_headers(*from, *to, &bytes),
            Request::State { key, .. } => self.take_state(key, &bytes),
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

    fn take_headers(&mut self, from: Height, to: Height, bytes: &[u8]) -> Result<(), SourceFault> {
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

    fn take_state(&mut self, key: &str, bytes: &[u8]) -> Result<(), SourceFault> {
        let answer = query(bytes)?;
        let missing = || SourceFault::Missing(format!("the proof of {key}"));
        let proof = answer.proof().ok_or_else(missing)?;
        let app_hash = self.anchor.header().app_hash.as_bytes();
        let app_hash = <[u8; 32]>::try_from(app_hash)
            .map_err(|_| SourceFault::Malformed("app_hash is not 32 bytes".into()))?;
        let value = verify_state(Hash(app_hash), key.as_bytes(), proof)?;
        self.values.insert(key.to_string(), value);
        Ok(())
    }

    /// Links the headers downwards from the anchor and opens the state's values.
    fn link(&mut self) -> Result<Chain, Blamed> {
        let mut links = BTreeMap::new();
        let mut sizes = BTreeMap::new();
        let mut trusted = self.anchor.clone();
        links.insert(trusted.height(), trusted.clone());
        for (height, (header, size)) in self.headers.iter().rev() {
            trusted = verify_backwards(&trusted, header.clone()).map_err(|_| {
                let height = *height;
                (CheckId::ReceiptHeader, SourceFault::BrokenChain { height })
            })?;
            links.insert(*height, trusted.clone());
            sizes.insert(*height, *size);
        }
        let state = |fault| (CheckId::ReceiptAsset, fault);
        Ok(Chain {
            links,
            sizes,
            key_set: self.open_key_set().map_err(state)?,
            addresses: self.open_addresses().map_err(state)?,
            spent: self.open_spent().map_err(state)?,
        })
    }

    fn value(&self, key: &str) -> Option<&[u8]> {
        self.values.get(key)?.as_deref()
    }

    fn open_key_set(&self) -> Result<Option<KeySetSummary>, SourceFault> {
        let Some(bytes) = self.value(state_key::KEY_SET) else {
            return Ok(None);
        };
        encoding::decode(bytes, KEY_SET_LIMIT)
            .map(Some)
            .map_err(|e| SourceFault::Malformed(e.to_string()))
    }

    /// The batch's addresses, if they are those that the state commits to; none, if it commits to none.
    fn open_addresses(&self) -> Result<Vec<PublicKey>, SourceFault> {
        let key = state_key::issue(self.asset.municipality, self.asset.batch);
        let Some(committed) = self.value(&key) else {
            return Ok(Vec::new());
        };
        let addresses: Vec<PublicKey> = open_table(&key, &self.addresses)?;
        if state_key::issue_value(&addresses).as_bytes() != committed {
            return Err(SourceFault::StateDiffers { key });
        }
        Ok(addresses)
    }

    fn open_spent(&self) -> Result<Vec<SpentEntry>, SourceFault> {
        let key = state_key::spent(self.asset.municipality, self.asset.batch);
        let Some(committed) = self.value(&key) else {
            return Ok(Vec::new());
        };
        let spent: Vec<SpentEntry> = open_table(&key, &self.spent)?;
        if state_key::spent_value(&spent).as_bytes() != committed {
            return Err(SourceFault::StateDiffers { key });
        }
        Ok(spent)
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

fn query(bytes: &[u8]) -> Result<StateQuery, SourceFault> {
    let answer: StateQuery = decode_answer(bytes)?;
    if answer.code != 0 {
        return Err(SourceFault::Missing(answer.log));
    }
    Ok(answer)
}

fn open_table<T: borsh::BorshSerialize + borsh::BorshDeserialize>(
    key: &str,
    bytes: &[u8],
) -> Result<Vec<T>, SourceFault> {
    encoding::decode(bytes, TABLE_LIMIT).map_err(|_| SourceFault::StateDiffers {
        key: key.to_string(),
    })
}
