//! Who signs a told ledger: nobody anew, or whoever's keys the liar holds.

use crate::ledger::Told;
use anyhow::{Result, bail};
use node::devnet::{Seed, consensus_key};
use node::engine::{Validator, Validators};
use std::collections::BTreeSet;
use tendermint::account;
use tendermint::block::CommitSig;
use verifier_core::prove::SigningKey;

/// The power of every validator.
const POWER: u32 = 10;
/// Invented keys are drawn from a seed of their own.
const INVENTED: Seed = Seed(0xbad);

/// Whose signatures stand under the told headers.
pub enum Signers {
    /// Nobody's: those of the true headers are copied, with the hash put right.
    Copied,
    /// All of these, who are also named as the validators.
    Set(Box<Validators>),
    /// The same, but only those with these addresses; the others are absent.
    Part(Box<Validators>, BTreeSet<account::Id>),
}

impl Signers {
    /// All validators together, whose keys these are in the order of municipalities.
    pub fn all(keys: &[SigningKey]) -> Result<Self> {
        Self::mixed(keys, keys.len())
    }

    /// A set of as many keys, of which only the first `honest` are the true ones; the others are invented.
    pub fn mixed(keys: &[SigningKey], honest: usize) -> Result<Self> {
        let members = (0..).zip(keys).map(|(index, key)| {
            let key = if usize::from(index) < honest {
                key.clone()
            } else {
                consensus_key(INVENTED, index)
            };
            Ok(Validator::new(
                index,
                format!("validator {index}"),
                key,
                POWER,
            )?)
        });
        Ok(Self::Set(Box::new(Validators::new(
            members.collect::<Result<_>>()?,
        ))))
    }

    /// Of all validators, those whose index is one that signs.
    pub fn part(keys: &[SigningKey], signs: impl Fn(u16) -> bool) -> Result<Self> {
        let Self::Set(validators) = Self::all(keys)? else {
            bail!("no validators")
        };
        let members = validators.in_order().iter();
        let signing = members.filter(|member| signs(member.municipality));
        let signing = signing.map(Validator::address).collect();
        Ok(Self::Part(validators, signing))
    }

    /// Gives a told block its commit.
    pub(crate) fn sign(&self, told: &mut Told) -> Result<()> {
        match self {
            Self::Copied => told.commit.block_id.hash = told.header.hash(),
            Self::Set(validators) => sign(validators, told)?,
            Self::Part(validators, signing) => {
                sign(validators, told)?;
                for vote in &mut told.commit.signatures {
                    let address = vote.validator_address();
                    if !address.is_some_and(|address| signing.contains(&address)) {
                        *vote = CommitSig::BlockIdFlagAbsent;
                    }
                }
            }
        }
        Ok(())
    }
}

fn sign(validators: &Validators, told: &mut Told) -> Result<()> {
    told.header.validators_hash = validators.set().hash();
    told.header.next_validators_hash = validators.set().hash();
    let mut id = told.commit.block_id;
    id.hash = told.header.hash();
    let header = &told.header;
    let time = i128::from(header.time.unix_timestamp()) * 1_000_000_000;
    told.commit = validators.commit(&header.chain_id, header.height, id, time)?;
    Ok(())
}
