//! What a casting device must know before it may encrypt: the candidates' keys, rebuilt from authenticated transactions, and which asset was issued to whom.
//!
//! A node that serves its own keys would read the vote. So nothing here is asked for as such: the blocks before opening are read as a recount
//! reads them ([`RecountRun`]), each under its signed header, and the keys follow from the DealKey and KeyReady transactions in them. It fetches nothing
//! itself: [`CastingSetup::needs`] and [`CastingSetup::supply`].

use crate::ballot::{BallotError, BallotKeys};
use crate::finding::SourceFault;
use crate::ids::{AssetId, ContractId, GenesisHash, KeySetId, Point, PublicKey, Seconds};
use crate::recount::RecountProgress;
use crate::recount_run::{Origin, RecountRun};
use crate::request::{Answer, Request};
use crate::trust_card::TrustCard;
use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

/// The blocks before opening, being read from one node.
pub struct CastingSetup {
    contract: ContractId,
    run: RecountRun,
}

/// How far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupStanding {
    Reading,
    /// No block of the ledger is at or after opening yet: issues and keys may still change.
    Early,
    /// Opening has come, and the card's contract is not defined or its keys are not complete: there is no voting.
    NoKeys,
    /// The source's fault: another one may do better.
    Faulted(SourceFault),
    Ready,
}

/// The election's public part that ballots are made with.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ElectionKeys {
    pub genesis: GenesisHash,
    pub contract: ContractId,
    pub key_set: KeySetId,
    /// H_1 .. H_k.
    pub addresses: Vec<Point>,
}

/// Everything that a casting device works by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastingKeys {
    pub election: ElectionKeys,
    issued: BTreeMap<PublicKey, AssetId>,
}

impl CastingSetup {
    /// Begins at the genesis. `now` bounds the trusting period where the card names no final header.
    pub fn new(card: TrustCard, now: Seconds) -> Self {
        Self {
            contract: card.contract_id(),
            run: RecountRun::new(card, now, Origin::Node),
        }
    }

    /// What is needed next; empty once nothing more follows from what the source has.
    pub fn needs(&self) -> Vec<Request> {
        if self.run.setup().is_some() {
            return Vec::new();
        }
        let mut needs = self.run.needs();
        needs.retain(|request| *request != Request::Totals); // they concern a recount's end
        needs
    }

    /// Takes the answer to one of [`CastingSetup::needs`].
    pub fn supply(&mut self, request: &Request, answer: Answer) {
        if self.needs().contains(request) {
            self.run.supply(request, answer);
        }
    }

    /// Goes on with the blocks that have come since, if it was early.
    pub fn look_again(&mut self) {
        if self.run.is_before_opening() {
            self.run.ask_again();
        }
    }

    /// How far it has come.
    pub fn standing(&self) -> SetupStanding {
        match (self.run.setup(), self.run.fault()) {
            (Some(_), _) if self.keys().is_some() => SetupStanding::Ready,
            (Some(_), _) => SetupStanding::NoKeys,
            (None, Some(fault)) => SetupStanding::Faulted(fault.clone()),
            (None, None) if self.run.is_before_opening() => SetupStanding::Early,
            (None, None) => SetupStanding::Reading,
        }
    }

    /// Blocks read.
    pub fn progress(&self) -> RecountProgress {
        self.run.progress()
    }

    /// The keys and assets, once opening has come.
    pub fn keys(&self) -> Option<CastingKeys> {
        let setup = self.run.setup()?;
        let election = setup.election();
        let contract = election.contract()?.id();
        let keys = election.complete_key_set()?;
        if contract != self.contract {
            return None;
        }
        let mut issued = BTreeMap::new();
        for (asset, address) in election.all_issued() {
            issued.entry(address).or_insert(asset);
        }
        Some(CastingKeys {
            election: ElectionKeys {
                genesis: *keys.genesis(),
                contract,
                key_set: keys.id(),
                addresses: keys.addresses(),
            },
            issued,
        })
    }
}

impl ElectionKeys {
    /// The keys as ballots are made and judged by them.
    ///
    /// # Errors
    /// If an address is no point, or the identity.
    pub fn ballot_keys(&self) -> Result<BallotKeys, BallotError> {
        BallotKeys::new(self.genesis, self.contract, self.key_set, &self.addresses)
    }
}

impl CastingKeys {
    /// The asset that was issued to an address; the first one, if there are several.
    pub fn asset_of(&self, address: &PublicKey) -> Option<AssetId> {
        self.issued.get(address).copied()
    }

    /// How many addresses hold assets.
    pub fn holders(&self) -> usize {
        self.issued.len()
    }
}
