//! The municipalities' keys, each with one use, and the contract that names them.

use super::names;
use super::offices::OfficeKeys;
use super::schedule::Schedule;
use super::seed::Seed;
use crate::engine::{Validator, Validators};
use verifier_core::prove::{EncryptionSecret, SigningKey, draw_signing_key, public_key};
use verifier_core::{ChoiceRule, Contract, Municipality, Name};

/// Every validator has the same power: the municipalities are equals.
const POWER: u32 = 10;
const MINIMUM_CELL: u32 = 10;
const TURNOUT_TOLERANCE: u32 = 5;
const CONTRACT_VERSION: u8 = 1;

/// One municipality's secrets.
pub struct MunicipalityKeys {
    pub name: Name,
    pub offices: OfficeKeys,
    pub trustee: TrusteeSecrets,
}

/// What a municipality deals the candidates' keys and opens the sums with.
pub struct TrusteeSecrets {
    pub signing: SigningKey,
    pub encryption: EncryptionSecret,
}

impl MunicipalityKeys {
    /// The keys of the municipality at `index`.
    pub fn draw(seed: Seed, index: u16, name: Name) -> Self {
        let key = |purpose| draw_signing_key(&mut seed.rng(purpose, &[index.into()]));
        Self {
            name,
            offices: OfficeKeys {
                registrar: key("registrar"),
                promise: key("promise"),
                observer: key("observer"),
            },
            trustee: TrusteeSecrets {
                signing: key("trustee"),
                encryption: EncryptionSecret::draw(
                    &mut seed.rng("trustee encryption", &[index.into()]),
                ),
            },
        }
    }

    fn public(&self) -> Municipality {
        Municipality {
            name: self.name.clone(),
            registrar: public_key(&self.offices.registrar),
            trustee: public_key(&self.trustee.signing),
            trustee_encryption: self.trustee.encryption.point(),
            promise: public_key(&self.offices.promise),
            observer: public_key(&self.offices.observer),
        }
    }
}

/// The consensus key of a municipality's validator.
pub fn consensus_key(seed: Seed, index: u16) -> SigningKey {
    draw_signing_key(&mut seed.rng("consensus", &[index.into()]))
}

/// The keys of so many municipalities.
pub fn draw_all(seed: Seed, municipalities: u16) -> Vec<MunicipalityKeys> {
    let names = names::municipalities(municipalities);
    (0..)
        .zip(names)
        .map(|(index, (name, _))| MunicipalityKeys::draw(seed, index, name))
        .collect()
}

/// One validator per municipality.
pub fn validators(seed: Seed, contract: &Contract) -> Result<Validators, tendermint::Error> {
    let members = (0..)
        .zip(&contract.municipalities)
        .map(|(index, municipality)| {
            let key = consensus_key(seed, index);
            Validator::new(index, municipality.name.en.clone(), key, POWER)
        });
    Ok(Validators::new(members.collect::<Result<_, _>>()?))
}

/// The contract. More than two thirds of the trustees open the sums.
pub fn contract(keys: &[MunicipalityKeys], candidates: usize, schedule: &Schedule) -> Contract {
    let municipalities = u16::try_from(keys.len()).unwrap_or(u16::MAX);
    Contract {
        version: CONTRACT_VERSION,
        title: names::title(),
        candidates: names::candidates(candidates),
        choice_rule: ChoiceRule::ExactlyOne,
        municipalities: keys.iter().map(MunicipalityKeys::public).collect(),
        threshold: u16::try_from(u32::from(municipalities) * 2 / 3 + 1).unwrap_or(municipalities),
        opening: schedule.opening,
        closing: schedule.closing,
        grace: schedule.grace,
        minimum_cell: MINIMUM_CELL,
        turnout_tolerance: TURNOUT_TOLERANCE,
        claim_keys: Vec::new(),
    }
}
