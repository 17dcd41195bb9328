//! What ballots are judged by: the election as it stands at opening. Nothing that comes later changes it.

use crate::ballot::{BallotError, BallotKeys};
use crate::contract::Contract;
use crate::election::Election;
use crate::ids::{AssetId, ContractId, GenesisHash, Hash, KeySetId, Point, PublicKey, Seconds};
use crate::outcome::Outcome;
use borsh::{BorshDeserialize, BorshSerialize};

/// The rules, and the addresses that assets were issued to.
#[derive(Clone)]
pub struct Setup {
    pub(super) election: Election,
    pub(super) rules: BallotRules,
}

/// Everything that a ballot is judged by but for the addresses.
#[derive(Clone)]
pub(crate) struct BallotRules {
    carried: CarriedRules,
    contract_id: Option<ContractId>,
    pub(super) keys: Option<BallotKeys>,
}

/// The rules as bytes: borsh.
#[derive(Clone, BorshSerialize, BorshDeserialize)]
pub(crate) struct CarriedRules {
    genesis: GenesisHash,
    contract: Option<Contract>,
    /// Id and candidate addresses, once every trustee was ready.
    key_set: Option<(KeySetId, Vec<Point>)>,
    /// [`Election::setup_digest`]
    digest: Hash,
}

impl Setup {
    pub(super) fn of(genesis: GenesisHash, election: Election) -> Self {
        let keys = election.complete_key_set();
        let carried = CarriedRules {
            genesis,
            contract: election.contract().cloned(),
            key_set: keys.map(|keys| (keys.id(), keys.addresses())),
            digest: election.setup_digest(),
        };
        let rules = BallotRules {
            contract_id: carried.contract.as_ref().map(Contract::id),
            keys: keys.map(crate::keys::KeySet::ballot_keys),
            carried,
        };
        Self { election, rules }
    }

    /// The election as it stands at opening.
    pub(crate) fn election(&self) -> &Election {
        &self.election
    }

    /// Whether the asset was issued to the address.
    pub(super) fn issued(&self, asset: AssetId, address: &PublicKey) -> bool {
        self.election.issued_to(asset) == Some(address)
    }
}

impl BallotRules {
    /// # Errors
    /// If a candidate address is no point.
    pub fn new(carried: CarriedRules) -> Result<Self, BallotError> {
        let contract_id = carried.contract.as_ref().map(Contract::id);
        let keys = match (&carried.key_set, contract_id) {
            (Some((id, addresses)), Some(contract)) => {
                let keys = BallotKeys::new(carried.genesis, contract, *id, addresses)?;
                Some(keys)
            }
            _ => None,
        };
        Ok(Self {
            carried,
            contract_id,
            keys,
        })
    }

    pub fn carried(&self) -> &CarriedRules {
        &self.carried
    }

    pub fn digest(&self) -> Hash {
        self.carried.digest
    }

    /// As [`Election::admit`] of a ballot that names this election, but for whether the asset was issued to its address.
    pub fn admit(
        &self,
        time: Seconds,
        (genesis, contract_id): (GenesisHash, ContractId),
    ) -> Result<(), Outcome> {
        if genesis != self.carried.genesis {
            return Err(Outcome::WrongElection);
        }
        let contract = self.carried.contract.as_ref();
        let contract = contract.ok_or(Outcome::NotDefined)?;
        if Some(contract_id) != self.contract_id {
            return Err(Outcome::WrongElection);
        }
        if !contract.accepts_ballots_at(time) {
            return Err(Outcome::OutsideWindow);
        }
        match self.keys {
            Some(_) => Ok(()),
            None => Err(Outcome::KeysIncomplete),
        }
    }
}
