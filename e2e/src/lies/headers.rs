//! Lies about headers: their content, their chain, how many there are.

use super::{Plot, Tale};
use crate::ledger::Ledger;
use crate::signers::Signers;
use anyhow::Result;
use tendermint::AppHash;
use tendermint::block::CommitSig;
use verifier_core::Height;

/// The ballot's block claims another state; everything above follows. Nobody signs anew.
pub fn forge(tale: &mut Tale, plot: &Plot) -> Result<()> {
    tale.ledger.at(plot.height)?.header.app_hash = AppHash::try_from(vec![7; 32])?;
    tale.ledger.hang_together(plot.height, &Signers::Copied)
}

/// All headers, the genesis and the status name another chain.
pub fn rename_chain(tale: &mut Tale, _: &Plot) -> Result<()> {
    let ledger = &mut tale.ledger;
    for told in ledger.blocks.values_mut() {
        told.header.chain_id = format!("{}-x", told.header.chain_id).parse()?;
    }
    if let Some(name) = ledger.genesis.pointer_mut("/genesis/chain_id") {
        *name = format!("{}-x", name.as_str().unwrap_or_default()).into();
    }
    let first = ledger.at(1)?;
    first.commit.block_id.hash = first.header.hash();
    ledger.hang_together(2, &Signers::Copied)
}

/// The node has stopped somewhere in the voting.
pub fn lag(tale: &mut Tale, plot: &Plot) -> Result<()> {
    tale.ledger.end_at(plot.height.saturating_sub(5));
    Ok(())
}

/// Leaves only the first `kept` signatures in every commit.
pub(super) fn keep_signatures(ledger: &mut Ledger, kept: usize) {
    for told in ledger.blocks.values_mut() {
        for signature in told.commit.signatures.iter_mut().skip(kept) {
            *signature = CommitSig::BlockIdFlagAbsent;
        }
    }
}

/// Everything from a height on is told anew and signed by these.
pub(super) fn take_over(ledger: &mut Ledger, from: Height, signers: &Signers) -> Result<()> {
    ledger.at(from)?.header.app_hash = AppHash::try_from(vec![9; 32])?;
    ledger.hang_together(from, signers)
}
