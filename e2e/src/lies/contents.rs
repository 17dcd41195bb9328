//! Lies about what blocks hold and what became of it. The headers are the true ones: a node alone cannot have others signed.

use super::{Plot, Tale, is_ballot};
use anyhow::{Context, Result};
use verifier_core::{Outcome, TxResult};

/// Another voter's ballot in the place of the receipt's.
pub fn swap_ballot(tale: &mut Tale, plot: &Plot) -> Result<()> {
    let position = plot.position(&tale.ledger)?;
    let other = tale.ledger.blocks.range(plot.height + 1..);
    let other = other
        .flat_map(|(_, told)| &told.transactions)
        .find(|bytes| is_ballot(bytes));
    let other = other.context("another ballot")?.clone();
    *tale
        .ledger
        .at(plot.height)?
        .transactions
        .get_mut(position)
        .context("position")? = other;
    Ok(())
}

/// The block ends before the receipt's ballot, and so do its outcomes.
pub fn truncate_block(tale: &mut Tale, plot: &Plot) -> Result<()> {
    let position = plot.position(&tale.ledger)?;
    let told = tale.ledger.at(plot.height)?;
    told.transactions.truncate(position);
    told.results.truncate(position);
    Ok(())
}

/// The receipt's ballot is said to have been refused as spent.
pub fn misstate_outcome(tale: &mut Tale, plot: &Plot) -> Result<()> {
    let position = plot.position(&tale.ledger)?;
    let told = tale.ledger.at(plot.height)?;
    *told.results.get_mut(position).context("position")? = outcome(Outcome::AssetSpent);
    Ok(())
}

/// The ballot appears once more in the next block, with effect.
pub fn count_twice(tale: &mut Tale, plot: &Plot) -> Result<()> {
    let position = plot.position(&tale.ledger)?;
    let ballot = tale
        .ledger
        .at(plot.height)?
        .transactions
        .get(position)
        .context("position")?
        .clone();
    let next = tale.ledger.at(plot.height + 1)?;
    next.transactions.push(ballot);
    next.results.push(outcome(Outcome::Ok));
    Ok(())
}

fn outcome(outcome: Outcome) -> TxResult {
    TxResult {
        code: outcome.code(),
        data: Vec::new(),
        gas_wanted: 0,
        gas_used: 0,
    }
}
