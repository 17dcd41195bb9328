//! What one node has told so far.

use crate::finding::SourceFault;
use crate::ids::{HeaderHash, Height};
use crate::ledger::header_hash;
use std::collections::BTreeMap;
use tendermint::block::signed_header::SignedHeader;

/// The oldest and newest blocks that a node says it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    pub earliest: Height,
    pub latest: Height,
}

/// A header with a valid commit.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub hash: HeaderHash,
    pub signed: SignedHeader,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub reach: Option<Reach>,
    /// Headers with a valid commit, and nothing else.
    pub headers: BTreeMap<Height, Shown>,
    /// What it did wrong. It is not asked again, but what it told before with a valid commit stays told.
    pub fault: Option<SourceFault>,
}

impl Told {
    pub fn is_unheard(&self) -> bool {
        self.reach.is_none() && self.fault.is_none()
    }

    /// How far it goes, unless it is at fault.
    pub fn sound_reach(&self) -> Option<Reach> {
        self.reach.filter(|_| self.fault.is_none())
    }

    pub fn take(&mut self, signed: SignedHeader) {
        let hash = header_hash(&signed.header);
        let height = signed.header.height.value();
        self.headers.insert(height, Shown { hash, signed });
    }

    pub fn hash(&self, height: Height) -> Option<HeaderHash> {
        Some(self.headers.get(&height)?.hash)
    }

    pub fn signed(&self, height: Height) -> Option<SignedHeader> {
        Some(self.headers.get(&height)?.signed.clone())
    }

    /// Heights and hashes told, lowest first.
    pub fn hashes(&self) -> impl Iterator<Item = (Height, HeaderHash)> + '_ {
        self.headers
            .iter()
            .map(|(height, shown)| (*height, shown.hash))
    }

    /// Whether it says that it has this header and has not shown it yet.
    pub fn owes(&self, height: Height) -> bool {
        self.sound_reach().is_some_and(|reach| {
            (reach.earliest..=reach.latest).contains(&height) && !self.headers.contains_key(&height)
        })
    }
}
