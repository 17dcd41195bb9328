//! The keys that voting rights are signed with blindly, so that nobody can link a claimed right to a person.
//!
//! Two keys for each municipality, and each has one use: with one key for both, two voters of different municipalities could put the
//! countersignature of one and the home signature of the other together to a right of a third municipality.

use crate::contract::ContractError;
use crate::ids::MunicipalityIndex;
use borsh::{BorshDeserialize, BorshSerialize};
use core::fmt;
use std::collections::BTreeSet;

/// Rights can be claimed only where at least so many municipalities are: with two, each would countersign for the only one that countersigns for it.
pub const MIN_CLAIM_MUNICIPALITIES: usize = 3;
/// Bytes of a modulus, and of a signature.
pub const RSA_BYTES: usize = 256;

/// The modulus of an RSA key: 2,048 bits, big-endian. The exponent is always 65537.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct RsaModulus(pub [u8; RSA_BYTES]);

/// What one municipality signs blindly with.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ClaimKeys {
    /// For people on its own roll.
    pub home: RsaModulus,
    /// For people on the roll of the municipality before it.
    pub countersign: RsaModulus,
}

impl RsaModulus {
    /// Whether it is of 2,048 bits, and odd. That it has two prime factors cannot be seen.
    fn has_form(&self) -> bool {
        let top = self.0.first().is_some_and(|byte| byte & 0x80 != 0);
        let odd = self.0.last().is_some_and(|byte| byte & 1 != 0);
        top && odd
    }
}

impl fmt::Debug for RsaModulus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaModulus({})", hex::encode(self.0))
    }
}

/// The municipality that countersigns for people on the roll of `home`: the next one, after the last the first.
pub fn countersigner(home: MunicipalityIndex, municipalities: usize) -> Option<MunicipalityIndex> {
    let next = usize::from(home).checked_add(1)?;
    MunicipalityIndex::try_from(next.checked_rem(municipalities)?).ok()
}

/// One pair for each of enough municipalities, every modulus of the right form and none of them twice; or none at all.
pub(crate) fn check_claim_keys(
    keys: &[ClaimKeys],
    municipalities: usize,
) -> Result<(), ContractError> {
    if keys.is_empty() {
        return Ok(());
    }
    if keys.len() != municipalities {
        return Err(ContractError::ClaimKeys {
            actual: keys.len(),
            municipalities,
        });
    }
    if municipalities < MIN_CLAIM_MUNICIPALITIES {
        return Err(ContractError::TooFewForClaims { municipalities });
    }
    let mut seen = BTreeSet::new();
    for (municipality, pair) in keys.iter().enumerate() {
        for modulus in [&pair.home, &pair.countersign] {
            if !modulus.has_form() {
                return Err(ContractError::ClaimKeyForm { municipality });
            }
            if !seen.insert(modulus) {
                return Err(ContractError::RepeatedClaimKey { municipality });
            }
        }
    }
    Ok(())
}
