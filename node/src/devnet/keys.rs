//! The municipalities' keys, each with one use, and the contract that names them.

use super::names;
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
    pub registrar: SigningKey,
    pub trustee: SigningKey,
    pub encryption: EncryptionSecret,
    pub promise: SigningKey,
    pub observer: SigningKey,
    consensus: SigningKey,
}

impl MunicipalityKeys {
    /// The keys of the municipality at `index`.
    pub fn draw(seed: Seed, index: u16, name: Name) -> Self {
        let key = |purpose| draw_signing_key(&mut seed.rng(purpose, &[index.into()]));
        Self {
            name,
            registrar: key("registrar"),
            trustee: key("trustee"),
            encryption: EncryptionSecret::draw(
                &mut seed.rng("trustee encryption", &[index.into()]),
            ),
            promise: key("promise"),
            observer: key("observer"),
            consensus: consensus_key(seed, index),
        }
    }

    fn public(&self) -> Municipality {
        Municipality {
            name: self.name.clone(),
            registrar: public_key(&self.registrar),
            trustee: public_key(&self.trustee),
            trustee_encryption: self.encryption.point(),
            promise: public_key(&self.promise),
            observer: public_key(&self.observer),
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
pub fn validators(keys: &[MunicipalityKeys]) -> Result<Validators, tendermint::Error> {
    let members = (0..).zip(keys).map(|(index, keys)| {
        Validator::new(index, keys.name.en.clone(), keys.consensus.clone(), POWER)
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
    }
}
