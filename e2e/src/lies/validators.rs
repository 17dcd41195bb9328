//! Lies about who signed.

use super::headers::{keep_signatures, take_over};
use super::{Plot, Tale};
use crate::signers::Signers;
use anyhow::Result;

/// Two thirds of the signatures are left, which is not more than two thirds.
pub fn withhold_signatures(tale: &mut Tale, plot: &Plot) -> Result<()> {
    keep_signatures(&mut tale.ledger, plot.validators.len() * 2 / 3);
    Ok(())
}

/// A set with not one real key, from the ballot's block on.
pub fn replace_all(tale: &mut Tale, plot: &Plot) -> Result<()> {
    let invented = Signers::mixed(&plot.validators, 0)?;
    take_over(&mut tale.ledger, plot.height, &invented)
}

/// A set with one third of the real keys, who really sign. A client that skips by one third of the power would take it.
pub fn replace_two_thirds(tale: &mut Tale, plot: &Plot) -> Result<()> {
    let third = plot.validators.len() / 3 + 1;
    let mixed = Signers::mixed(&plot.validators, third)?;
    take_over(&mut tale.ledger, plot.height, &mixed)
}
