//! What a recount starts from: the trust card, and what follows from it alone.

use crate::election::{Election, GenesisState};
use crate::finding::SourceFault;
use crate::ids::Hash;
use crate::ledger::{Genesis, ValidatorSet};
use crate::tally::Tally;
use crate::trust_card::TrustCard;

/// The same for every range, and for whoever judges a part of one.
#[derive(Debug)]
pub(crate) struct Basis {
    pub card: TrustCard,
    pub fingerprint: Hash,
    pub chain_id: tendermint::chain::Id,
    pub validators: ValidatorSet,
}

impl Basis {
    /// # Errors
    /// If the card's chain id or validators are none.
    pub fn new(card: TrustCard) -> Result<Self, SourceFault> {
        let malformed = |e: String| SourceFault::Malformed(e);
        let chain_id = card.chain_id.parse();
        Ok(Self {
            fingerprint: card.fingerprint(),
            chain_id: chain_id.map_err(|e: tendermint::Error| malformed(e.to_string()))?,
            validators: card.validator_set().map_err(|e| malformed(e.to_string()))?,
            card,
        })
    }

    pub fn new_tally(&self) -> Tally {
        let contract = &self.card.contract;
        Tally::new(contract.municipalities.len(), contract.candidates.len())
    }
}

/// The genesis of the card, as the ledger's rules begin with it.
#[derive(Clone, Debug)]
pub(super) struct Beginning(GenesisState);

impl Beginning {
    /// # Errors
    /// If the genesis is not the card's, or the application's part of it does not decode.
    pub fn new(card: &TrustCard, genesis: &Genesis) -> Result<Self, SourceFault> {
        if genesis.hash() != card.genesis {
            return Err(SourceFault::OtherGenesis);
        }
        GenesisState::decode(&genesis.app_state)
            .map(Self)
            .map_err(|e| SourceFault::Malformed(e.to_string()))
    }

    /// An election in which nothing has happened yet.
    pub fn election(&self, basis: &Basis) -> Election {
        Election::new(basis.card.genesis, self.0.clone())
    }
}
