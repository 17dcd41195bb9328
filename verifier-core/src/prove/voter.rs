//! What the holder of a voter address signs.

use super::sign::{SigningKey, public_key, sign_body};
use crate::blind_signature::{BlindSignature, claim_message};
use crate::ids::{AssetId, ContractId, GenesisHash, MunicipalityIndex, PublicKey, TrackingCode};
use crate::transaction::{Action, Body, Claim, Spoil, Transaction};

/// The election that a voter's transactions bind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoterElection {
    pub genesis: GenesisHash,
    pub contract: ContractId,
}

impl VoterElection {
    /// What a municipality is to sign blindly, so that the address can claim a right.
    pub fn claim_message(&self, address: &PublicKey) -> Vec<u8> {
        claim_message(&self.genesis, &self.contract, address)
    }

    /// Claims a right of the municipality on whose roll the person stands.
    pub fn claim(
        &self,
        municipality: MunicipalityIndex,
        home: BlindSignature,
        countersign: BlindSignature,
        key: &SigningKey,
    ) -> Transaction {
        let claim = Claim {
            municipality,
            address: public_key(key),
            home,
            countersign,
        };
        self.sign(Action::Claim(Box::new(claim)), key)
    }

    /// Sees to it that a ballot that was challenged instead of cast can never count.
    pub fn spoil(&self, asset: AssetId, challenged: TrackingCode, key: &SigningKey) -> Transaction {
        let spoil = Spoil {
            asset,
            address: public_key(key),
            challenged,
        };
        self.sign(Action::Spoil(spoil), key)
    }

    fn sign(&self, action: Action, key: &SigningKey) -> Transaction {
        sign_body(Body::new(self.genesis, self.contract, action), &[key])
    }
}
