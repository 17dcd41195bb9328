//! The index: which bundles an archive has. What it says is believed only as far as a recount's plan needs it.

use super::{ARCHIVE_INDEX_LIMIT, ArchiveError, BUNDLE_BLOCKS, BUNDLE_LIMIT};
use crate::hex_text;
use crate::ids::{GenesisHash, Hash, Height};
use serde::{Deserialize, Serialize};

const FORMAT: u16 = 1;

/// `index.json`. Bundles are numbered from 0 and follow each other without gaps from height 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveIndex {
    format: u16,
    pub chain_id: String,
    #[serde(with = "hex_text")]
    pub genesis_hash: GenesisHash,
    pub bundles: Vec<BundleEntry>,
}

/// One bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleEntry {
    pub number: u32,
    /// First and last height.
    pub first: Height,
    pub last: Height,
    /// How many Cast transactions it holds, whatever became of them.
    pub ballots: u32,
    /// The file's size.
    pub bytes: u64,
    /// The file's.
    #[serde(with = "hex_text")]
    pub sha256: Hash,
    /// The file of hints, if there is one.
    pub hints: Option<HintsEntry>,
}

/// A bundle's file of hints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HintsEntry {
    pub bytes: u64,
    #[serde(with = "hex_text")]
    pub sha256: Hash,
}

impl ArchiveIndex {
    /// An index of no bundles.
    pub fn new(chain_id: String, genesis_hash: GenesisHash) -> Self {
        Self {
            format: FORMAT,
            chain_id,
            genesis_hash,
            bundles: Vec::new(),
        }
    }

    /// Reads an index; refuses unknown fields, bundles out of order, and sizes that no bundle has.
    ///
    /// # Errors
    /// If the bytes are no index.
    pub fn parse(bytes: &[u8]) -> Result<Self, ArchiveError> {
        let (actual, limit) = (bytes.len(), ARCHIVE_INDEX_LIMIT);
        if actual > limit {
            return Err(ArchiveError::TooLarge { actual, limit });
        }
        let index: Self =
            serde_json::from_slice(bytes).map_err(|e| ArchiveError::Index(e.to_string()))?;
        if index.format != FORMAT {
            let reason = format!("format {} is not format {FORMAT}", index.format);
            return Err(ArchiveError::Index(reason));
        }
        index.check()?;
        Ok(index)
    }

    /// The file: one line for each bundle.
    pub fn to_json(&self) -> String {
        let bundles: Vec<String> = self.bundles.iter().map(json).collect();
        format!(
            "{{\"format\":{},\"chain_id\":{},\"genesis_hash\":\"{}\",\"bundles\":[\n{}\n]}}\n",
            self.format,
            json(&self.chain_id),
            self.genesis_hash,
            bundles.join(",\n")
        )
    }

    /// The height of the last block.
    pub fn last(&self) -> Option<Height> {
        Some(self.bundles.last()?.last)
    }

    /// How many Cast transactions there are.
    pub fn ballots(&self) -> u64 {
        let ballots = self.bundles.iter().map(|bundle| u64::from(bundle.ballots));
        ballots.sum()
    }

    /// The bundle that holds a height.
    pub fn bundle_of(&self, height: Height) -> Option<&BundleEntry> {
        let at = self.bundles.partition_point(|bundle| bundle.last < height);
        let bundle = self.bundles.get(at)?;
        (bundle.first <= height).then_some(bundle)
    }

    fn check(&self) -> Result<(), ArchiveError> {
        let mut next: Height = 1;
        for (number, bundle) in self.bundles.iter().enumerate() {
            let wrong = |reason| Err(ArchiveError::Entry { number, reason });
            if usize::try_from(bundle.number) != Ok(number) {
                return wrong("its number is not its place");
            }
            if bundle.first != next || bundle.last < bundle.first {
                return wrong("its heights do not follow those before");
            }
            let blocks = bundle.last - bundle.first;
            if usize::try_from(blocks).is_ok_and(|blocks| blocks >= BUNDLE_BLOCKS) {
                return wrong("it has more blocks than a bundle holds");
            }
            let hints = bundle.hints.as_ref().map_or(0, |hints| hints.bytes);
            let limit = u64::try_from(BUNDLE_LIMIT).unwrap_or(u64::MAX);
            if bundle.bytes > limit || hints > limit {
                return wrong("its file is larger than allowed");
            }
            let Some(after) = bundle.last.checked_add(1) else {
                return wrong("there is no height after it");
            };
            next = after;
        }
        Ok(())
    }
}

impl BundleEntry {
    /// Whether the file is the one that the index names.
    ///
    /// # Errors
    /// If size or hash differ.
    pub fn check_bundle(&self, file: &[u8]) -> Result<(), ArchiveError> {
        check_file(file, self.bytes, self.sha256)
    }
}

impl HintsEntry {
    /// Whether the file is the one that the index names.
    ///
    /// # Errors
    /// If size or hash differ.
    pub fn check_hints(&self, file: &[u8]) -> Result<(), ArchiveError> {
        check_file(file, self.bytes, self.sha256)
    }
}

/// Numbers and texts always have a JSON form.
fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn check_file(file: &[u8], bytes: u64, sha256: Hash) -> Result<(), ArchiveError> {
    if u64::try_from(file.len()) == Ok(bytes) && Hash::of(file) == sha256 {
        Ok(())
    } else {
        Err(ArchiveError::OtherBytes)
    }
}
