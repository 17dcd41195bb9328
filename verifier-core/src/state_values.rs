//! Values of the state under one trusted header: each proven to be there, or proven to be absent.
//!
//! Lists are too long for the tree. It holds their hash, and a list that a source gives is taken only if it has that hash.

use crate::encoding;
use crate::finding::SourceFault;
use crate::ids::{Hash, Height, MunicipalityIndex, PublicKey};
use crate::ledger::rpc::{StateQuery, decode_answer};
use crate::ledger::{TrustedHeader, verify_state};
use crate::request::Request;
use crate::state_key::{self, SpentEntry, SpoiledEntry};
use crate::transaction::BATCH_LIMIT;
use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

/// Up to 16 spoiled ballots of 34 bytes for each right are the longest list.
const TABLE_LIMIT: usize = BATCH_LIMIT * 16 * 34 + 4;

/// The state after the block before a trusted header, as far as it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct StateValues {
    anchor: TrustedHeader,
    values: BTreeMap<String, Option<Vec<u8>>>,
}

impl StateValues {
    /// The state under this header's `app_hash`; nothing of it is known yet.
    pub fn under(anchor: TrustedHeader) -> Self {
        Self {
            anchor,
            values: BTreeMap::new(),
        }
    }

    /// The header that everything here rests on.
    pub fn anchor(&self) -> &TrustedHeader {
        &self.anchor
    }

    /// The block after which the state is as it is here: the one before the header.
    pub fn height(&self) -> Height {
        self.anchor.height().saturating_sub(1)
    }

    /// The question for a key.
    pub fn request(&self, key: String) -> Request {
        let height = self.height();
        Request::State { key, height }
    }

    /// Takes a node's answer about a key, if its proof holds.
    ///
    /// # Errors
    /// If there is no proof, or it proves something else.
    pub fn take(&mut self, key: &str, bytes: &[u8]) -> Result<(), SourceFault> {
        let answer = query(bytes)?;
        let missing = || SourceFault::Missing(format!("the proof of {key}"));
        let proof = answer.proof().ok_or_else(missing)?;
        self.prove(key, proof)
    }

    /// Takes a proof about a key, if it holds.
    ///
    /// # Errors
    /// If it proves something else.
    pub fn prove(&mut self, key: &str, proof: &[u8]) -> Result<(), SourceFault> {
        let app_hash = self.anchor.header().app_hash.as_bytes();
        let app_hash = <[u8; 32]>::try_from(app_hash)
            .map_err(|_| SourceFault::Malformed("app_hash is not 32 bytes".into()))?;
        let value = verify_state(Hash(app_hash), key.as_bytes(), proof)?;
        self.values.insert(key.to_string(), value);
        Ok(())
    }

    /// What is known of a key: not asked, proven absent, or its value.
    pub fn known(&self, key: &str) -> Option<Option<&[u8]>> {
        self.values.get(key).map(Option::as_deref)
    }

    /// The value of a key that was asked for, if there is one.
    pub fn value(&self, key: &str) -> Option<&[u8]> {
        self.known(key).flatten()
    }

    /// How many keys are known.
    pub fn count(&self) -> u64 {
        u64::try_from(self.values.len()).unwrap_or(u64::MAX)
    }

    /// The value of a key, decoded; `None` if the state has none.
    ///
    /// # Errors
    /// If the state's value is not of this type, which a ledger that keeps its own rules never writes.
    pub fn open<T: BorshSerialize + BorshDeserialize>(
        &self,
        key: &str,
        limit: usize,
    ) -> Result<Option<T>, SourceFault> {
        let Some(bytes) = self.value(key) else {
            return Ok(None);
        };
        encoding::decode(bytes, limit)
            .map(Some)
            .map_err(|e| SourceFault::Malformed(e.to_string()))
    }

    /// The batch's addresses, if they are those that the state commits to; none, if it commits to none.
    pub fn open_addresses(
        &self,
        municipality: MunicipalityIndex,
        batch: u16,
        list: &[u8],
    ) -> Result<Vec<PublicKey>, SourceFault> {
        let key = state_key::issue(municipality, batch);
        self.open_list(key, list, |addresses: &Vec<PublicKey>| {
            state_key::issue_value(addresses)
        })
    }

    /// The batch's spent assets, likewise.
    pub fn open_spent(
        &self,
        municipality: MunicipalityIndex,
        batch: u16,
        list: &[u8],
    ) -> Result<Vec<SpentEntry>, SourceFault> {
        let key = state_key::spent(municipality, batch);
        self.open_list(key, list, |spent: &Vec<SpentEntry>| {
            state_key::spent_value(spent)
        })
    }

    /// The batch's spoiled ballots, likewise.
    pub fn open_spoiled(
        &self,
        municipality: MunicipalityIndex,
        batch: u16,
        list: &[u8],
    ) -> Result<Vec<SpoiledEntry>, SourceFault> {
        let key = state_key::spoiled(municipality, batch);
        self.open_list(key, list, |spoiled: &Vec<SpoiledEntry>| {
            state_key::spoiled_value(spoiled)
        })
    }

    fn open_list<T: BorshSerialize + BorshDeserialize>(
        &self,
        key: String,
        list: &[u8],
        value: impl Fn(&Vec<T>) -> Hash,
    ) -> Result<Vec<T>, SourceFault> {
        let Some(committed) = self.value(&key) else {
            return Ok(Vec::new());
        };
        match encoding::decode::<Vec<T>>(list, TABLE_LIMIT) {
            Ok(entries) if value(&entries).as_bytes() == committed => Ok(entries),
            _ => Err(SourceFault::StateDiffers { key }),
        }
    }
}

/// A node's answer about the state, unless it says that it has none.
pub(crate) fn query(bytes: &[u8]) -> Result<StateQuery, SourceFault> {
    let answer: StateQuery = decode_answer(bytes)?;
    if answer.code != 0 {
        return Err(SourceFault::Missing(answer.log));
    }
    Ok(answer)
}
